import type { Transaction } from '../../../db/sql-client.js';
import { holds, raw, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { hashPassword } from '../../identity/sessions/passwords.js';
import { newSecret } from '../../identity/sessions/secrets.js';
import { visibleShareLinks } from '../files/document.policy.js';
import { lockDocument, lockFiledDocument } from '../files/lock-document.js';

export interface ShareLinkFacts {
  documentId: string;
  /** Whether it opens whichever file the document has then, instead of the one that it has now. */
  followsLatest?: boolean | null | undefined;
  expiresAt?: Date | null | undefined;
  password?: string | null | undefined;
  maxDownloads?: number | null | undefined;
}

/** Links of a document that hold, at most; of those that ended as many are kept. */
const mostLinks = 100;

const shortestLinkPassword = 8;
const longestLinkPassword = 200;
const mostDownloads = 1_000_000;

/**
 * Opens the file of a document to whoever has the secret, which is returned once and stored only as a hash. For those
 * who may change the document, for as long as they may. Throws NOT_FOUND, FORBIDDEN, BAD_USER_INPUT with everything
 * that is wrong, CONFLICT when a hundred hold already.
 */
export async function createShareLink(
  ctx: CommandContext,
  facts: ShareLinkFacts,
): Promise<{ id: number; secret: string }> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const now = ctx.services.now();
  const problems = problemsOf(facts, now);
  if (problems.length) throw badInput(problems);
  const { documentId, followsLatest, expiresAt, password, maxDownloads } = facts;
  const passwordHash = password == null ? null : await hashPassword(password);
  const { secret, hash, prefix } = newSecret('lnk');
  return ctx.db.transaction(async (tx) => {
    const { id: number, ownerId, title, version } = await lockFiledDocument(tx, viewer, documentId);
    await makeRoom(tx, number, now);
    // The hashes are no columns of the entity, so that no plan can read them.
    const link = await tx.first<{ id: number }>(sql`
      insert into share_links (document_id, version, token_hash, prefix, password_hash, expires_at, max_downloads,
                               created_by_id, created_at)
      values (${number}, ${followsLatest ? null : version}, ${hash}, ${prefix}, ${passwordHash}, ${expiresAt ?? null},
              ${maxDownloads ?? null}, ${viewer.userId}, ${now}) returning id`);
    const { id } = link as { id: number };
    await emit(tx, ctx, 'document.link_created', ['Document', number], { ownerId, title, linkId: id });
    return { id, secret };
  });
}

/**
 * Ends a link at once; one that has ended already stays as it was. For those who may change its document; NOT_FOUND for
 * all others.
 */
export async function revokeShareLink(ctx: CommandContext, id: string): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const link = await tx.first<{ id: number; documentId: number }>(sql`
      select t.id, t.document_id as "documentId" from share_links t
       where t.id = ${rowId(id) ?? null}::int and ${holds(visibleShareLinks(viewer), 't')}`);
    if (!link) throw notFound('ShareLink');
    const { id: number, ownerId, title } = await lockDocument(tx, viewer, String(link.documentId));
    const revoked = await tx.run(sql`
      update share_links set revoked_at = ${ctx.services.now()} where id = ${link.id} and revoked_at is null`);
    if (revoked > 0)
      await emit(tx, ctx, 'document.link_revoked', ['Document', number], { ownerId, title, linkId: link.id });
  });
}

/**
 * Deletes the links that ended before the last hundred did. Throws CONFLICT when as many as may be hold. The caller has
 * locked the document.
 */
async function makeRoom(tx: Transaction, documentId: number, now: Date): Promise<void> {
  const hasEnded = sql`
    (revoked_at is not null or coalesce(expires_at <= ${now}, false) or coalesce(downloads >= max_downloads, false))`;
  // A link that was used up ended with its last use.
  const endedAt = raw('least(revoked_at, expires_at, case when downloads >= max_downloads then last_used_at end)');
  await tx.send(sql`
    delete from share_links
     where id in (select id from share_links where document_id = ${documentId} and ${hasEnded}
                   order by ${endedAt} desc, id desc offset ${mostLinks})`);
  const live = sql`select 1 from share_links where document_id = ${documentId} and not ${hasEnded}`;
  await refuseBeyond(tx, 'ShareLink', mostLinks, live);
}

function problemsOf({ expiresAt, password, maxDownloads }: ShareLinkFacts, now: Date): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string): void =>
    void problems.push({ path: [path], code, message });
  if (expiresAt && expiresAt <= now) refuse('expiresAt', 'too_small', 'Must lie in the future');
  if (password != null && password.length < shortestLinkPassword)
    refuse('password', 'too_short', `At least ${shortestLinkPassword} characters`);
  if (password != null && password.length > longestLinkPassword)
    refuse('password', 'too_long', `At most ${longestLinkPassword} characters`);
  if (maxDownloads != null && maxDownloads < 1) refuse('maxDownloads', 'too_small', 'Must be 1 or more');
  if (maxDownloads != null && maxDownloads > mostDownloads)
    refuse('maxDownloads', 'too_large', `At most ${mostDownloads}`);
  return problems;
}
