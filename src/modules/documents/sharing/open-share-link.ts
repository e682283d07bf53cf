import { raw, type Sql, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { verifyPassword } from '../../identity/sessions/passwords.js';
import { hashSecret } from '../../identity/sessions/resolve-viewer.js';
import { countAttempt } from '../../identity/sessions/throttle-login.js';
import type { StoredFile } from '../files/document-file.js';

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
 * The link `l` that the token opens, with its document `d`. It ends when the account of who created it is switched off.
 */
const openLink = (token: string, now: Date): Sql => sql`
  from share_links l join documents d on d.id = l.document_id join users u on u.id = l.created_by_id
 where l.token_hash = ${hashSecret(token)} and l.revoked_at is null
   and (l.expires_at is null or l.expires_at > ${now}::timestamptz)
   and (l.max_downloads is null or l.downloads < l.max_downloads) and d.deleted_at is null and u.is_active`;

/** Throws NOT_FOUND, in the same words for a link that never existed and for one that has ended in any way. */
export async function findSharedFile({ db, services }: CommandContext, token: string): Promise<SharedFile> {
  const file = await db.first<SharedFile>(sql`
    select d.title, d.original_filename as filename, d.mime_type as "mimeType", d.file_size::float8 as "sizeBytes",
           ${raw(isoSecondsSql('l.expires_at'))} as "expiresAt", l.has_password as "hasPassword"
    ${openLink(token, services.now())}`);
  if (!file) throw notFound('ShareLink');
  return file;
}

/**
 * Counts one download of a link and returns where the file is stored. Throws NOT_FOUND like `findSharedFile`, FORBIDDEN
 * `share_link.password` without the right password, RATE_LIMITED after five wrong ones from an address.
 */
export async function openShareLink(
  ctx: CommandContext,
  { token, password }: { token: string; password?: string | null | undefined },
): Promise<StoredFile> {
  const { db, services, ip } = ctx;
  const now = services.now();
  const link = await db.first<{ id: number; passwordHash: string | null }>(
    sql`select l.id, l.password_hash as "passwordHash" ${openLink(token, now)}`,
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
    const counted = await tx.first<{ documentId: number }>(sql`
      update share_links set downloads = downloads + 1, last_used_at = ${now}
       where id = ${link.id} and revoked_at is null and (max_downloads is null or downloads < max_downloads)
      returning document_id as "documentId"`);
    if (!counted) throw notFound('ShareLink');
    const file = await tx.first<StoredFile & { ownerId: number; title: string }>(sql`
      select content_key as key, original_filename as name, mime_type as "mimeType", file_size::float8 as "sizeBytes",
             content_hash as "contentHash", owner_id as "ownerId", title
        from documents where id = ${counted.documentId} and deleted_at is null`);
    if (!file) throw notFound('ShareLink');
    const { ownerId, title, ...stored } = file;
    await emit(tx, ctx, 'document.link_used', ['Document', counted.documentId], { ownerId, title, linkId: link.id });
    return stored;
  });
}
