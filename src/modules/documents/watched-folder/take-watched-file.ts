import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { acceptedDocumentTypes, extensionOf } from '../../../files/content-type.js';
import { identityOf, moveDroppedFile, openDroppedFile } from '../../../files/dropped-files.js';
import type { CommandContext } from '../../../kernel/command.js';
import { DomainError } from '../../../lib/errors.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { type SpooledFile, spool } from '../../../storage/spool.js';
import { IngestKind } from '../../ingests/ingest.entity.js';
import { countIngest } from '../../ingests/metrics.js';
import {
  finishIngest,
  IngestLost,
  type IngestOutcome,
  isHeld,
  lease,
  type RunningIngest,
  thisProcess,
  trackIngest,
} from '../../ingests/track-ingest.js';
import { fileDocument, requireMayFile } from '../files/file-document.js';
import { maxFileBytes } from '../files/ingest-document.js';

/** Where files go, below the watched folder. */
export const doneFolder = '.done';
export const refusedFolder = '.refused';

/**
 * - `finished`: it is a document, was one, or is refused with a reason; it has left the folder.
 * - `elsewhere`: another process is taking it in.
 * - `changed`: it is gone, or is being written to; what lies there later is looked at again.
 */
export type WatchedFileResult = 'finished' | 'elsewhere' | 'changed';

/**
 * Takes one complete file of the watched folder in, as a document of the viewer, exactly once, whichever process dies
 * when:
 *
 * 1. A row of the ledger is the claim on the path; one process gets it, and it ends with its lease.
 * 2. The document and the row's end are one transaction, which only the holder of the claim can commit.
 * 3. Then the file is moved. When that did not happen, the next process that finds the file recognises it by its
 *    identity in the ledger and only moves it.
 *
 * Throws what is not the file's fault (no disk, no database): the file stays, the row waits, and it is tried again.
 */
export async function takeWatchedFile(
  ctx: CommandContext,
  { root, path }: { root: string; path: string },
): Promise<WatchedFileResult> {
  const { userId } = requireMayFile(ctx.viewer);
  const ingest = await claim(ctx, path, userId);
  if (!ingest) return 'elsewhere';
  const tracker = trackIngest(ctx, ingest);
  try {
    const file = await openDroppedFile(root, path);
    if (!file) return await giveBack(ctx, ingest);
    const { handle, identity, sizeBytes } = file;
    let content: SpooledFile | undefined;
    try {
      const earlier = await takenEarlier(ctx, path, identity);
      if (earlier) {
        await giveBack(ctx, ingest);
        await moveAway(ctx, root, { path, identity, ...earlier });
        return 'finished';
      }
      if (sizeBytes <= maxFileBytes) {
        // No further than it was long: what is added meanwhile shows in its identity.
        const bytes = sizeBytes
          ? handle.createReadStream({ autoClose: false, start: 0, end: sizeBytes - 1 })
          : Readable.from([]);
        content = await spool(bytes, { folder: join(ctx.services.config.dataDir, 'spool'), limitBytes: maxFileBytes });
        if (identityOf(await handle.stat({ bigint: true })) !== identity) return await giveBack(ctx, ingest);
      }
      await start(ctx, ingest, { identity, sizeBytes, sha256: content?.sha256 });
      const outcome = content
        ? await fileAndFinish(ctx, ingest, { content, path, report: tracker.report })
        : await refuse(ctx, ingest, tooLargeReason);
      countIngest(ctx.services, ingest.kind, outcome.result);
      ctx.log.info({ ingest: ingest.id, path, ...outcome }, 'a dropped file was taken in');
      await moveAway(ctx, root, {
        id: ingest.id,
        path,
        identity,
        reason: outcome.result === 'refused' ? outcome.reason : undefined,
      });
      return 'finished';
    } finally {
      await handle.close();
      await content?.discard();
    }
  } catch (error) {
    if (error instanceof IngestLost) return 'elsewhere';
    await letWait(ctx, ingest).catch(() => undefined);
    throw error;
  } finally {
    await tracker.stop();
  }
}

async function claim({ db }: CommandContext, path: string, ownerId: number): Promise<RunningIngest | undefined> {
  const token = randomUUID();
  const row = await db.first<{ id: number; attempts: number }>(sql`
    insert into ingests (kind, name, owner_id, claim, lease_until, process)
    values ('watched', ${path}, ${ownerId}, ${token}, ${lease}, ${thisProcess()})
    on conflict (name) where kind = 'watched' and finished_at is null
    do update set status = 'running', error = null, attempts = ingests.attempts + 1, owner_id = excluded.owner_id,
                  claim = excluded.claim, lease_until = excluded.lease_until, process = excluded.process
       where ingests.lease_until < now()
    returning id, attempts`);
  return row && { ...row, kind: IngestKind.WATCHED, ownerId, claim: token };
}

/** There is nothing to take in under this claim. A row whose start was announced already stays for the next try. */
async function giveBack({ db }: CommandContext, ingest: RunningIngest): Promise<'changed'> {
  await db.run(sql`delete from ingests where id = ${ingest.id} and claim = ${ingest.claim} and started_at is null`);
  await db.run(sql`update ingests set status = 'waiting', lease_until = now() where ${isHeld(ingest)}`);
  return 'changed';
}

async function letWait({ db }: CommandContext, ingest: RunningIngest): Promise<void> {
  const error = 'Un incident du serveur ; le fichier sera repris.';
  await db.run(sql`
    update ingests set status = 'waiting', lease_until = now(), error = ${error} where ${isHeld(ingest)}`);
}

async function takenEarlier(
  { db }: CommandContext,
  path: string,
  identity: string,
): Promise<{ id: number; reason: string | undefined } | undefined> {
  const row = await db.first<{ id: number; error: string | null }>(sql`
    select id, error from ingests
     where kind = 'watched' and name = ${path} and file_identity = ${identity} and finished_at is not null limit 1`);
  return row && { id: row.id, reason: row.error ?? undefined };
}

async function start(
  ctx: CommandContext,
  { id, claim: token, ownerId, kind }: RunningIngest,
  file: { identity: string; sizeBytes: number; sha256: string | undefined },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await tx.first<{ isFirst: boolean }>(sql`
      update ingests i
         set file_identity = ${file.identity}, size_bytes = ${file.sizeBytes}, content_hash = ${file.sha256 ?? null},
             started_at = coalesce(i.started_at, now())
        from ingests before
       where i.id = ${id} and i.claim = ${token} and i.finished_at is null and before.id = i.id
      returning before.started_at is null as "isFirst"`);
    if (!row) throw new IngestLost(`Ingest ${id} belongs to another process`);
    if (row.isFirst) await emit(tx, ctx, 'ingest.started', ['Ingest', id], { ownerId, kind });
  });
}

async function fileAndFinish(
  ctx: CommandContext,
  ingest: RunningIngest,
  { content, path, report }: { content: SpooledFile; path: string; report: (step: 'type' | 'text') => void },
): Promise<IngestOutcome> {
  try {
    const documentId = await fileDocument(ctx, {
      content,
      name: basename(path),
      facts: {},
      onStep: report,
      alongside: (tx, id) => finishIngest(tx, ctx, ingest, { result: 'done', documentId: id }),
    });
    return { result: 'done', documentId };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.options.reason !== 'document.duplicate') return refuse(ctx, ingest, reasonOf(error));
    const outcome: IngestOutcome = { result: 'duplicate', documentId: Number(error.options.details?.['id']) };
    await ctx.db.transaction((tx) => finishIngest(tx, ctx, ingest, outcome));
    return outcome;
  }
}

async function refuse(ctx: CommandContext, ingest: RunningIngest, reason: string): Promise<IngestOutcome> {
  const outcome: IngestOutcome = { result: 'refused', reason };
  await ctx.db.transaction((tx) => finishIngest(tx, ctx, ingest, outcome));
  return outcome;
}

const tooLargeReason = `Le fichier dépasse ${maxFileBytes / 1024 / 1024} Mo.`;

function reasonOf({ code, message, options: { reason } }: DomainError): string {
  if (code === 'UNSUPPORTED_MEDIA_TYPE') {
    const accepted = acceptedDocumentTypes.map(extensionOf).join(', ');
    return `Ce type de fichier n’est pas accepté. Types acceptés : ${accepted} ; un texte est en UTF-8.`;
  }
  if (reason === 'document.empty_file') return 'Le fichier est vide.';
  return `Le fichier n’a pas pu être classé : ${message}`;
}

/** Failing is only logged: the ledger knows the file, so that it is never taken in twice. */
async function moveAway(
  { log, services }: CommandContext,
  root: string,
  { id, path, identity, reason }: { id: number; path: string; identity: string; reason: string | undefined },
): Promise<void> {
  const day = dayIn(services.config.timeZone, services.now());
  try {
    await moveDroppedFile(root, {
      path,
      identity,
      to: reason === undefined ? join(doneFolder, day) : refusedFolder,
      suffix: String(id),
      ...(reason !== undefined && { note: `${basename(path)}\n${reason}\n` }),
    });
  } catch (error) {
    log.error({ err: error, path }, 'a file that was taken in could not be moved out of the watched folder');
  }
}
