import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { removeUnusedContent } from '../../documents/files/document-content.js';
import { draftKeys } from '../../invoicing/draft-keys.js';
import { revokeTokensOf } from '../api-keys/revoke-api-token.js';
import { changeablePerson, requireAnotherAdmin } from '../roles/authority.js';
import { endSessionsOf } from '../sessions/end-session.js';
import { forgetAttemptsOf } from '../sessions/unlock-user.js';

export interface Erasure {
  userId: number;
  /** What stays and why, in plain words. */
  kept: string[];
}

/**
 * Erases a person (GDPR, article 17; DECISIONS.md, section 6): the row stays under a pseudonym for what refers to it,
 * credentials and roles go, their drafts go, and so do the documents that nobody else was given. The event log keeps who
 * did what by number. Oneself, or `users:write`. Throws CONFLICT for the last active administrator.
 */
export async function eraseUser(ctx: Context, id: string | null | undefined): Promise<Erasure> {
  const userId = await changeablePerson(ctx, id);
  // With any credential that writes: ArchiDrive's programs know no other than API tokens (DECISIONS.md, section 1).
  requireSignedIn(ctx.viewer, 'write');

  const { kept, contentHashes, draftIds } = await ctx.em.transactional(async (em) => {
    await requireAnotherAdmin(em, userId);
    const locked = await em.execute<unknown[]>('select 1 from users where id = ? and erased_at is null for update', [
      userId,
    ]);
    if (!locked.length) throw notFound('User');

    await endSessionsOf(em, ctx, userId);
    const draftIds = await deleteDrafts(em, ctx, userId);
    const contentHashes = await purgeDocuments(em, ctx, userId);
    // Others were told what the person did, by name.
    await em.execute(
      `update notifications n set message = replace(n.message, 'par ' || u.username, 'par erased-' || u.id)
         from users u where u.id = ? and n.actor_id = u.id`,
      [userId],
    );
    await revokeTokensOf(em, ctx, userId);
    await forgetAttemptsOf(em, userId);
    for (const table of personalTables) await em.execute(`delete from ${table} where user_id = ?`, [userId]);
    await em.execute('delete from approval_delegations where from_id = ? or to_id = ?', [userId, userId]);
    for (const table of ['saved_views', 'ingests'])
      await em.execute(`delete from ${table} where owner_id = ?`, [userId]);
    // Kept answers hold what they answered.
    await em.execute('delete from idempotency_keys where owner = ?', [`u${userId}`]);
    await em.execute(
      `update users set username = 'erased-' || id, email = 'erased-' || id || '@invalid.invalid', first_name = '', last_name = '',
              phone = null, consented_at = null, consent_version = null, street = null, city = null, postal_code = null, country = null, password_hash = null,
              last_login_at = null, is_active = false, erased_at = now(), updated_at = now() where id = ?`,
      [userId],
    );
    await pseudonymiseEvents(em, userId);
    const kept = await whatStays(em, userId);
    await emit(
      em,
      { viewer: ctx.viewer, requestId: ctx.requestId, ip: userId === ctx.viewer.userId ? undefined : ctx.ip },
      'user.erased',
      ['User', userId],
      { kept },
    );
    return { kept, contentHashes, draftIds };
  });

  // After the commit: a file may only go when no row names it any more.
  for (const hash of contentHashes) await removeUnusedContent(ctx, hash);
  for (const id of draftIds) {
    await ctx.services.store
      .removeAll(draftKeys(id))
      .catch((error: unknown) => ctx.log.error({ err: error, id }, "an erased person's draft could not be removed"));
  }
  return { userId, kept };
}

/** All that is a person's alone; what hangs on a row, like a session's refresh tokens, goes with it. */
const personalTables = [
  'sessions',
  'api_tokens',
  'api_keys',
  'known_devices',
  'passkeys',
  'passkey_challenges',
  'second_factors',
  'recovery_codes',
  'role_assignments',
  'document_shares',
  'notifications',
  'notification_preferences',
] as const;

/** Takes from the log what it knows of the person beyond the number: addresses, and names that they chose. */
async function pseudonymiseEvents(em: SqlEntityManager, userId: number): Promise<void> {
  // What somebody else did to the account came from their address, not from the person's.
  await em.execute(
    'update events set ip = null where ip is not null and (actor_id = ? or (account_id = ? and actor_id is null))',
    [userId, userId],
  );
  await em.execute(
    `update events set data = data || jsonb_build_object('username', ?::text) where account_id = ? and data->>'username' is not null`,
    [`erased-${userId}`, userId],
  );
  await em.execute(
    `update events set data = data || '{"name": ""}' where account_id = ? and data->>'name' is not null`,
    [userId],
  );
  await em.execute(
    `update events e set data = data || '{"title": ""}' where subject_type = 'Document' and (data->>'ownerId')::int = ?
        and not exists (select 1 from documents d where d.id = e.subject_id::int)`,
    [userId],
  );
}

/** Deletes the person's drafts. Returns the numbers of those and of others' drafts that print the person. */
async function deleteDrafts(em: SqlEntityManager, ctx: Context, userId: number): Promise<number[]> {
  const drafts = await em.execute<{ id: number; customerId: number }[]>(
    `delete from invoices where created_by_id = ? and status = 'draft' returning id, customer_id as "customerId"`,
    [userId],
  );
  for (const { id, customerId } of drafts)
    await emit(em, ctx, 'invoice.deleted', ['Invoice', id], { customerId, createdById: userId });
  const printed = await em.execute<{ id: number }[]>(
    `select id from invoices where customer_id = ? and status = 'draft'`,
    [userId],
  );
  return [...drafts, ...printed].map(({ id }) => id);
}

async function purgeDocuments(em: SqlEntityManager, ctx: Context, userId: number): Promise<string[]> {
  const documents = await em.execute<{ id: number; contentHash: string }[]>(
    `with gone as (
       delete from documents d where d.owner_id = ?
          and not exists (select 1 from document_shares s where s.document_id = d.id and s.user_id <> d.owner_id)
          and not exists (select 1 from invoices i where i.document_id = d.id)
       returning id, content_hash)
     select id, content_hash as "contentHash" from gone
     union all select v.document_id, v.content_hash from document_versions v join gone on gone.id = v.document_id`,
    [userId],
  );
  for (const id of new Set(documents.map((d) => d.id)))
    await emit(em, ctx, 'document.purged', ['Document', id], { ownerId: userId, title: '' });
  return [...new Set(documents.map((d) => d.contentHash))];
}

async function whatStays(em: SqlEntityManager, userId: number): Promise<string[]> {
  const [count] = await em.execute<{ invoices: number; documents: number }[]>(
    `select (select count(*)::int from invoices where status <> 'draft' and (customer_id = ? or created_by_id = ?)) as invoices,
            (select count(*)::int from documents where owner_id = ?) as documents`,
    [userId, userId, userId],
  );
  const { invoices = 0, documents = 0 } = count ?? {};
  return [
    'The account number under a pseudonym, because invoices and the event log, which says who changed what without names and addresses, refer to it',
    ...(invoices
      ? [
          `${invoices} issued invoice${invoices === 1 ? '' : 's'}, because the law demands that they are kept for ten years`,
        ]
      : []),
    ...(documents
      ? [
          `${documents} document${documents === 1 ? '' : 's'}, because they are shared with other people or belong to an invoice`,
        ]
      : []),
  ];
}
