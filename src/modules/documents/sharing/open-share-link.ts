import type { SqlRunner } from '../../../db/sql-client.js';
import { holds, raw, type Sql, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { viewerOfPerson } from '../../identity/people/viewer-of-person.js';
import { verifyPassword } from '../../identity/sessions/passwords.js';
import { hashSecret } from '../../identity/sessions/resolve-viewer.js';
import { countAttempt } from '../../identity/sessions/throttle-login.js';
import type { StoredFile } from '../files/document-file.js';
import { visibleShareLinks } from '../files/document.policy.js';

/** What the holder of a link may know before they download the file. */
export interface SharedFile {
  title: string;
  filename: string;
  mimeType: string;
  sizeBytes: number;
  expiresAt: string | null;
  hasPassword: boolean;
}

/**
 * The link `l` that the token opens, with its document `d` and the file `f`: of the version that it was made for, or
 * the latest. Asked at each use: it holds as long as its maker might make it. Throws NOT_FOUND, in the same words for a
 * link that never existed and for one that has ended in any way.
 */
async function openLink(db: SqlRunner, token: string, now: Date): Promise<Sql> {
  const hash = hashSecret(token);
  const link = await db.first<{ makerId: number }>(
    sql`select created_by_id as "makerId" from share_links where token_hash = ${hash}`,
  );
  const maker = link && (await viewerOfPerson(db, link.makerId));
  if (!maker) throw notFound('ShareLink');
  return sql`
    from share_links l join documents d on d.id = l.document_id
    join lateral (
      select content_key, content_hash, original_filename, mime_type, file_size from documents
       where id = d.id and version = coalesce(l.version, version)
      union all
      select content_key, content_hash, original_filename, mime_type, file_size from document_versions
       where document_id = d.id and number = l.version
    ) f on true
   where l.token_hash = ${hash} and l.revoked_at is null
     and (l.expires_at is null or l.expires_at > ${now}::timestamptz)
     and (l.max_downloads is null or l.downloads < l.max_downloads) and d.deleted_at is null
     and ${holds(visibleShareLinks(maker), 'l')}`;
}

export interface OpenedLink {
  token: string;
  password?: string | null | undefined;
  /** False: what would be downloaded is only looked at. */
  countsDownload: boolean;
}

/** Throws NOT_FOUND. */
export async function findSharedFile({ db, services }: CommandContext, token: string): Promise<SharedFile> {
  const from = await openLink(db, token, services.now());
  const file = await db.first<SharedFile>(sql`
    select d.title, f.original_filename as filename, f.mime_type as "mimeType", f.file_size::float8 as "sizeBytes",
           ${raw(isoSecondsSql('l.expires_at'))} as "expiresAt", l.has_password as "hasPassword" ${from}`);
  if (!file) throw notFound('ShareLink');
  return file;
}

/**
 * Counts one download of a link, unless it is only looked at, and returns where the file is stored. Throws NOT_FOUND
 * like `findSharedFile`, FORBIDDEN `share_link.password` without the right password, RATE_LIMITED after five wrong ones
 * from an address.
 */
export async function openShareLink(
  ctx: CommandContext,
  { token, password, countsDownload }: OpenedLink,
): Promise<StoredFile> {
  const { db, services, ip } = ctx;
  const now = services.now();
  const link = await db.first<{ id: number; passwordHash: string | null }>(
    sql`select l.id, l.password_hash as "passwordHash" ${await openLink(db, token, now)}`,
  );
  if (!link) throw notFound('ShareLink');
  if (link.passwordHash !== null) {
    if (!password) throw forbidden('This link asks for a password', 'share_link.password');
    const attempt = await countAttempt(ctx.db, { name: `share:${link.id}`, ip, at: now });
    if (!(await verifyPassword(link.passwordHash, password)))
      throw forbidden('The password is wrong', 'share_link.password');
    await attempt.succeeded();
  }
  return db.transaction(async (tx) => {
    // Checked again under the lock: of two requests for the last download one gets it.
    const file = await tx.first<StoredFile & { documentId: number; ownerId: number; title: string }>(sql`
      select f.content_key as key, f.original_filename as name, f.mime_type as "mimeType",
             f.file_size::float8 as "sizeBytes", f.content_hash as "contentHash", d.id as "documentId",
             d.owner_id as "ownerId", d.title
      ${await openLink(tx, token, now)} for update of l`);
    if (!file) throw notFound('ShareLink');
    const { documentId, ownerId, title, ...stored } = file;
    if (!countsDownload) return stored;
    await tx.send(sql`update share_links set downloads = downloads + 1, last_used_at = ${now} where id = ${link.id}`);
    await emit(tx, ctx, 'document.link_used', ['Document', documentId], { ownerId, title, linkId: link.id });
    return stored;
  });
}
