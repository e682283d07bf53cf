import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { set, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { UploadedFile } from '../../../kernel/scalars.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { checkedName } from '../../../lib/checked-values.js';
import { badInput, DomainError, type FieldProblem, notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';
import type { SpooledFile } from '../../../storage/spool.js';
import { Intervention } from '../intervention.entity.js';
import { type LockedIntervention, lockIntervention } from '../lock-intervention.js';

/** Of the picture of a signature. */
export const maxSignatureBytes = 2 * 1024 * 1024;

export interface Signature {
  id: string;
  /** Who signed. */
  name: string;
  /** A picture of the signature: PNG or JPEG. */
  image: UploadedFile;
}

/** The beginning of the key of every signature of an intervention. */
export const signaturePrefix = (interventionId: string): string => `signatures/${interventionId}-`;

/**
 * Keeps who signed for the client on site, and the picture of it; a signature takes the place of the one before. Throws
 * NOT_FOUND, BAD_USER_INPUT, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for what is no picture, whatever it is called.
 */
export async function signIntervention(ctx: CommandContext, { id, name, image }: Signature): Promise<string> {
  requirePermission(ctx.viewer, 'interventions:write');
  const { store } = ctx.services;
  const problems: FieldProblem[] = [];
  const signatoryName = checkedName(name, ['name'], problems, { max: 255 });
  const content = image.take();
  if (content.sizeBytes === 0) problems.push({ path: ['image'], code: 'required', message: 'is empty' });
  if (problems.length) throw badInput(problems);
  if (content.sizeBytes > maxSignatureBytes)
    throw new DomainError('PAYLOAD_TOO_LARGE', `The picture is larger than ${maxSignatureBytes} bytes`, {
      details: { limitBytes: maxSignatureBytes },
    });
  const extension = await pictureExtension(content);
  if (!extension) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'A signature is a PNG or JPEG picture');

  if (!isUuid(id)) throw notFound('Intervention');
  // A name of its own: another signature may come and take the place of this one at any moment.
  const key = `${signaturePrefix(id.toLowerCase())}${randomUUID()}.${extension}`;
  // Before the commit, so that a signature that was answered has its picture whatever happens next.
  await store.put(content.path, key);
  const before = await keepSignature(ctx, { id, signatoryName, key }).catch(async (error: unknown) => {
    await removeSignature(ctx, key);
    throw error;
  });
  if (before.signatureKey !== null) await removeSignature(ctx, before.signatureKey);
  return before.id;
}

const keepSignature = (
  ctx: CommandContext,
  { id, signatoryName, key }: { id: string; signatoryName: string; key: string },
): Promise<LockedIntervention> =>
  ctx.db.transaction(async (tx) => {
    const before = await lockIntervention(tx, ctx.viewer, id);
    const at = ctx.services.now();
    const version = before.version + 1;
    const changes = { signatoryName, signedAt: at, signatureKey: key, version, updatedAt: at };
    await tx.send(sql`update interventions set ${set(Intervention, changes)} where id = ${before.id}::uuid`);
    const { clientId, technicianUserId } = before;
    const data = { version, fields: ['signature'], clientId, technicianUserId };
    await emit(tx, ctx, 'intervention.updated', ['Intervention', before.id], data);
    return before;
  });

/** A failure is only logged: what stays behind is never served, and goes with its intervention. */
async function removeSignature({ services, log }: CommandContext, key: string): Promise<void> {
  try {
    await services.store.remove(key);
  } catch (err) {
    log.error({ err, key }, 'the picture of a signature could not be removed');
  }
}

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpeg = Buffer.from([0xff, 0xd8, 0xff]);

/** By the beginning of the content. */
async function pictureExtension({ path }: SpooledFile): Promise<'png' | 'jpg' | undefined> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(png.length), 0, png.length, 0);
    if (buffer.equals(png)) return 'png';
    return buffer.subarray(0, jpeg.length).equals(jpeg) ? 'jpg' : undefined;
  } finally {
    await file.close();
  }
}
