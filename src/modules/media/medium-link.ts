import { timingSafeEqual } from 'node:crypto';
import { raw, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { onlyOwnRights, type Viewer } from '../../kernel/viewer.js';
import { permissionsOf } from '../identity/sessions/resolve-viewer.js';
import { MediumVariant } from './medium-views.inputs.js';

export interface MediumLink {
  /** Seconds since 1970. */
  expires: number;
  signature: string;
}

const lifetimeSeconds = 3600;
/** Links of the same five minutes are equal, so that a page that is read again shows the pictures that it has. */
const stepSeconds = 300;

/**
 * The address of a file for somebody who cannot send a header: it opens for an hour, as long as the viewer may see the
 * file. Without a viewer it is the plain address, which asks for a credential.
 */
export function linkToMedium(
  { viewer, services }: Pick<CommandContext, 'viewer' | 'services'>,
  id: string,
  variant: MediumVariant,
): string {
  const url = services.links.url(variant === MediumVariant.FILE ? 'mediumFile' : 'mediumThumbnail', { id });
  if (viewer.userId === undefined) return url;
  const nowSeconds = Math.floor(services.now().getTime() / 1000);
  const expires = nowSeconds - (nowSeconds % stepSeconds) + lifetimeSeconds;
  const signature = `${viewer.userId}.${signatureOf(services, { id, variant, userId: viewer.userId, expires })}`;
  return `${url}?${new URLSearchParams({ expires: String(expires), signature })}`;
}

/** Whom the link was made for, with what they may do now; undefined when it has ended or was not made here. */
export async function viewerOfLink(
  { db, services }: Pick<CommandContext, 'db' | 'services'>,
  { id, variant, expires, signature }: MediumLink & { id: string; variant: MediumVariant },
): Promise<Viewer | undefined> {
  const [, number = '', given = ''] = /^(\d{1,10})\.([\w-]{43})$/.exec(signature) ?? [];
  const userId = Number(number);
  const expected = signatureOf(services, { id: id.toLowerCase(), variant, userId, expires });
  const isMade = given !== '' && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  if (!isMade || expires * 1000 <= services.now().getTime()) return undefined;
  const person = await db.first<{ permissions: string[] }>(sql`
    select ${raw(permissionsOf('u.id'))} as permissions from users u where u.id = ${userId}::int and u.is_active`);
  return person && { ...onlyOwnRights(userId), scopes: new Set(['read']), permissions: new Set(person.permissions) };
}

const signatureOf = (
  { sealer }: CommandContext['services'],
  { id, variant, userId, expires }: { id: string; variant: MediumVariant; userId: number; expires: number },
): string => sealer.digest([id, variant, userId, expires].join(' '), 'medium link').toString('base64url');
