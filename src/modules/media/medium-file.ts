import { parse } from 'node:path';
import { holds, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission, type Viewer } from '../../kernel/viewer.js';
import { unauthenticated } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { type MediumLink, viewerOfLink } from './medium-link.js';
import { MediumVariant } from './medium-views.inputs.js';
import { visibleMedia } from './medium.policy.js';

/** What a REST route needs to stream a file. */
export interface StoredMedium {
  key: string;
  name: string;
  mimeType: string;
  /** Of the bytes: equal ones have equal tags. */
  tag: string;
}

export interface MediumFileRequest {
  id: string;
  variant: MediumVariant;
  link?: MediumLink | null | undefined;
}

/**
 * Where a file or its thumbnail lies; undefined when there is none. A link opens it as whoever it was made for, a link
 * that has ended as the viewer. Throws UNAUTHENTICATED and FORBIDDEN.
 */
export async function findMediumFile(
  ctx: CommandContext,
  { id, variant, link }: MediumFileRequest,
): Promise<StoredMedium | undefined> {
  const viewer = await viewerOf(ctx, { id, variant, link });
  if (!isUuid(id)) return undefined;
  const file = await ctx.db.first<Omit<StoredMedium, 'tag'> & { thumbnailKey: string | null; hash: string }>(sql`
    select t.content_key as key, t.original_filename as name, t.mime_type as "mimeType",
           t.thumbnail_key as "thumbnailKey", t.content_hash as hash
      from media t where t.id = ${id}::uuid and ${holds(visibleMedia(viewer), 't')}`);
  if (!file) return undefined;
  const { hash, thumbnailKey, ...stored } = file;
  if (variant === MediumVariant.FILE) return { ...stored, tag: hash };
  return thumbnailKey === null
    ? undefined
    : { key: thumbnailKey, name: `${parse(stored.name).name}.jpg`, mimeType: 'image/jpeg', tag: `${hash}-thumbnail` };
}

async function viewerOf(ctx: CommandContext, { id, variant, link }: MediumFileRequest): Promise<Viewer> {
  const named = link && (await viewerOfLink(ctx, { id, variant, ...link }));
  if (link && !named && ctx.viewer.userId === undefined)
    throw unauthenticated('The link has ended', 'media.link_ended');
  return requirePermission(named ?? ctx.viewer, 'media:read');
}
