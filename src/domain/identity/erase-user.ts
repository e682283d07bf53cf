import type { SqlEntityManager } from '@mikro-orm/sql';
import { notFound } from '../../errors.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../context.js';
import { removeUnusedContent } from '../documents/document-content.js';
import { requireSignedIn } from '../viewer.js';
import { changeablePerson, requireAnotherAdmin } from './authority.js';
import { endSessionsOf } from './end-session.js';

export interface Erasure {
  userId: number;
  /** What stays and why, in plain words. */
  kept: string[];
}

/**
 * Erases a person (GDPR, article 17; DECISIONS.md, section 6): the row stays under a pseudonym for what refers to it,
 * credentials and roles go, their drafts go, and so do the documents that nobody else was given. Oneself, or `users:write`. Throws CONFLICT for the last active administrator.
 */
export async function eraseUser(ctx: Context, id: string | null | undefined): Promise<Erasure> {
  const userId = await changeablePerson(ctx, id);
  // With any credential that writes: ArchiDrive's programs know no other than API tokens (DECISIONS.md, section 1).
  requireSignedIn(ctx.viewer, 'write');

  const { kept, contentHashes } = await ctx.em.transactional(async (em) => {
    await requireAnotherAdmin(em, userId);
    const locked = await em.execute<unknown[]>('select 1 from users where id = ? and erased_at is null for update', [userId]);
    if (!locked.length) throw notFound('User');

    await endSessionsOf(em, ctx, userId);
    await deleteDrafts(em, ctx, userId);
    const contentHashes = await purgeDocuments(em, ctx, userId);
    await em.execute('update sessions set ip = null, user_agent = null where user_id = ?', [userId]);
    await em.execute("update api_tokens set revoked_at = coalesce(revoked_at, now()), name = '' where user_id = ?", [userId]);
    await em.execute('update api_keys set status = \'inactive\', name = \'-\', description = \'\' where user_id = ?', [userId]);
    for (const table of ['role_assignments', 'known_devices', 'passkeys', 'passkey_challenges', 'second_factors', 'recovery_codes']) {
      await em.execute(`delete from ${table} where user_id = ?`, [userId]);
    }
    await em.execute('delete from document_shares where user_id = ?', [userId]);
    await em.execute('delete from ingests where owner_id = ?', [userId]);
    await em.execute(
      `update users set username = 'erased-' || id, email = 'erased-' || id || '@invalid.invalid', first_name = '', last_name = '',
              phone = null, consented_at = null, consent_version = null, street = null, city = null, postal_code = null, country = null, password_hash = null,
              last_login_at = null, is_active = false, erased_at = now(), updated_at = now() where id = ?`,
      [userId],
    );
    // What the log knows of the person beyond the number.
    await em.execute('update events set ip = null where actor_id = ? and ip is not null', [userId]);
    await em.execute(
      `update events set data = jsonb_build_object('username', 'erased-' || subject_id)
        where subject_type = 'User' and subject_id = ? and type = 'user.registered'`,
      [String(userId)],
    );
    const kept = await whatStays(em, userId);
    await emit(em, { viewer: ctx.viewer, requestId: ctx.requestId, ip: userId === ctx.viewer.userId ? undefined : ctx.ip }, 'user.erased', ['User', userId], { kept });
    return { kept, contentHashes };
  });

  // After the commit: a file may only go when no row names it any more.
  for (const hash of contentHashes) await removeUnusedContent(ctx, hash);
  return { userId, kept };
}

async function deleteDrafts(em: SqlEntityManager, ctx: Context, userId: number): Promise<void> {
  const drafts = await em.execute<{ id: number; customerId: number }[]>(
    `delete from invoices where created_by_id = ? and status = 'draft' returning id, customer_id as "customerId"`,
    [userId],
  );
  for (const { id, customerId } of drafts) await emit(em, ctx, 'invoice.deleted', ['Invoice', id], { customerId, createdById: userId });
}

async function purgeDocuments(em: SqlEntityManager, ctx: Context, userId: number): Promise<string[]> {
  const documents = await em.execute<{ id: number; contentHash: string }[]>(
    `delete from documents d where d.owner_id = ?
        and not exists (select 1 from document_shares s where s.document_id = d.id and s.user_id <> d.owner_id)
        and not exists (select 1 from invoices i where i.document_id = d.id)
     returning id, content_hash as "contentHash"`,
    [userId],
  );
  for (const { id } of documents) await emit(em, ctx, 'document.purged', ['Document', id], { ownerId: userId, title: '' });
  return documents.map((d) => d.contentHash);
}

async function whatStays(em: SqlEntityManager, userId: number): Promise<string[]> {
  const [count] = await em.execute<{ invoices: number; documents: number }[]>(
    `select (select count(*)::int from invoices where status <> 'draft' and (customer_id = ? or created_by_id = ?)) as invoices,
            (select count(*)::int from documents where owner_id = ?) as documents`,
    [userId, userId, userId],
  );
  const { invoices = 0, documents = 0 } = count ?? {};
  return [
    'The account number, under a pseudonym, because invoices and the event log refer to it',
    ...(invoices ? [`${invoices} issued invoice${invoices === 1 ? '' : 's'}, because the law demands that they are kept for ten years`] : []),
    ...(documents ? [`${documents} document${documents === 1 ? '' : 's'}, because they are shared with other people or belong to an invoice`] : []),
  ];
}
