import { emit } from '../../../events/outbox.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { verifyPassword } from '../../identity/sessions/passwords.js';
import { hashSecret } from '../../identity/sessions/resolve-viewer.js';
import { countAttempt } from '../../identity/sessions/throttle-login.js';
import type { StoredFile } from '../files/document-file.js';
import { type CommandContext, execute } from '../files/write-rows.js';

/** What the holder of a link is told before they fetch the file. */
export interface SharedFile {
  title: string;
  filename: string;
  mimeType: string;
  fileSize: number;
  expiresAt: string | null;
  hasPassword: boolean;
}

/** A link holds while its maker has an account in use: who leaves the firm leaves no doors open. Parameters: hash, now. */
const openLink = `from share_links l join documents d on d.id = l.document_id join users u on u.id = l.created_by_id
  where l.token_hash = ? and l.revoked_at is null and (l.expires_at is null or l.expires_at > ?::timestamptz)
    and (l.max_downloads is null or l.downloads < l.max_downloads) and d.deleted_at is null and u.is_active`;

/** Throws NOT_FOUND, in the same words for a link that never was and for one that has ended in any way. */
export async function findSharedFile({ em, services }: CommandContext, token: string): Promise<SharedFile> {
  const [file] = await execute<SharedFile>(
    em,
    `select d.title, d.original_filename as filename, d.mime_type as "mimeType", d.file_size::float8 as "fileSize",
            ${isoSecondsSql('l.expires_at')} as "expiresAt", l.has_password as "hasPassword" ${openLink}`,
    [hashSecret(token), services.now().toISOString()],
  );
  if (!file) throw notFound('ShareLink');
  return file;
}

/**
 * Takes one download from a link: counts it, and answers where the file lies. Throws NOT_FOUND like `findSharedFile`,
 * FORBIDDEN `share_link.password` without the right password, RATE_LIMITED after five wrong ones from an address.
 */
export async function openShareLink(
  ctx: CommandContext,
  { token, password }: { token: string; password?: string | null | undefined },
): Promise<StoredFile> {
  const { em, services, ip } = ctx;
  const now = services.now();
  const held = [hashSecret(token), now.toISOString()];
  const [link] = await execute<{ id: number; passwordHash: string | null }>(
    em,
    `select l.id, l.password_hash as "passwordHash" ${openLink}`,
    held,
  );
  if (!link) throw notFound('ShareLink');
  if (link.passwordHash !== null) {
    if (!password) throw forbidden('This link asks for a password', 'share_link.password');
    const attempt = await countAttempt(em, { name: `share:${link.id}`, ip, at: now });
    if (!(await verifyPassword(link.passwordHash, password)))
      throw forbidden('The password is wrong', 'share_link.password');
    await attempt.succeeded();
  }
  return em.transactional(async (tem) => {
    // Asked again under the lock: of two who come for the last download, one gets it.
    const [counted] = await execute<{ documentId: number }>(
      tem,
      `update share_links set downloads = downloads + 1, last_used_at = ?::timestamptz
        where id = ? and revoked_at is null and (max_downloads is null or downloads < max_downloads) returning document_id as "documentId"`,
      [now.toISOString(), link.id],
    );
    if (!counted) throw notFound('ShareLink');
    const [file] = await execute<StoredFile & { ownerId: number; title: string }>(
      tem,
      `select content_key as key, original_filename as name, mime_type as "mimeType", file_size::float8 as "sizeBytes", content_hash as "contentHash",
              owner_id as "ownerId", title from documents where id = ? and deleted_at is null`,
      [counted.documentId],
    );
    if (!file) throw notFound('ShareLink');
    const { ownerId, title, ...stored } = file;
    await emit(tem, ctx, 'document.link_used', ['Document', counted.documentId], { ownerId, title, linkId: link.id });
    return stored;
  });
}
