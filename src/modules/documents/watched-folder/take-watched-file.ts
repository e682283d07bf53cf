import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { emit } from '../../../events/outbox.js';
import { acceptedDocumentTypes, extensionOf } from '../../../files/content-type.js';
import { identityOf, moveDroppedFile, openDroppedFile } from '../../../files/dropped-files.js';
import { DomainError } from '../../../lib/errors.js';
import { type SpooledFile, spool } from '../../../storage/spool.js';
import { IngestKind } from '../../ingests/ingest.entity.js';
import { countIngest } from '../../ingests/metrics.js';
import {
  finishIngest,
  IngestLost,
  type IngestOutcome,
  lease,
  type RunningIngest,
  thisProcess,
  trackIngest,
} from '../../ingests/track-ingest.js';
import { fileDocument, requireMayFile } from '../files/file-document.js';
import { maxFileBytes } from '../files/ingest-document.js';
import { type CommandContext, execute } from '../files/write-rows.js';

/** Where files go, below the watched folder. */
export const doneFolder = '.done';
export const refusedFolder = '.refused';

/**
 * - `finished`: it is a document, was one, or is refused with a reason; it has left the folder.
 * - `elsewhere`: another process is at it.
 * - `changed`: it is gone, or is being written to; whatever lies there then is looked at anew.
 */
export type WatchedFileResult = 'finished' | 'elsewhere' | 'changed';

/**
 * Takes one complete file of the watched folder in, as a document of the viewer, exactly once whatever process dies when:
 *
 * 1. A row of the ledger is the claim on the path; one process gets it, and it ends with its lease.
 * 2. The document and the row's end are one transaction, which only the holder of the claim can commit.
 * 3. Then the file is moved. When that did not happen, whoever finds the file knows it by its identity in the ledger,
 *    and only moves it.
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

async function claim({ em }: CommandContext, path: string, ownerId: number): Promise<RunningIngest | undefined> {
  const token = randomUUID();
  const [row] = await execute<{ id: number; attempts: number }>(
    em,
    `insert into ingests (kind, name, owner_id, claim, lease_until, process) values ('watched', ?, ?, ?, ${lease}, ?)
     on conflict (name) where kind = 'watched' and finished_at is null
     do update set status = 'running', error = null, attempts = ingests.attempts + 1, owner_id = excluded.owner_id,
                   claim = excluded.claim, lease_until = excluded.lease_until, process = excluded.process
        where ingests.lease_until < now()
     returning id, attempts`,
    [path, ownerId, token, thisProcess()],
  );
  return row && { ...row, kind: IngestKind.WATCHED, ownerId, claim: token };
}

/** There is nothing to take in under this claim. One whose start was told already stays for the next try. */
async function giveBack({ em }: CommandContext, { id, claim: token }: RunningIngest): Promise<'changed'> {
  await execute(em, 'delete from ingests where id = ? and claim = ? and started_at is null', [id, token]);
  await execute(
    em,
    `update ingests set status = 'waiting', lease_until = now() where id = ? and claim = ? and finished_at is null`,
    [id, token],
  );
  return 'changed';
}

async function letWait({ em }: CommandContext, { id, claim: token }: RunningIngest): Promise<void> {
  await execute(
    em,
    `update ingests set status = 'waiting', lease_until = now(), error = 'Un incident du serveur ; le fichier sera repris.' where id = ? and claim = ? and finished_at is null`,
    [id, token],
  );
}

async function takenEarlier(
  { em }: CommandContext,
  path: string,
  identity: string,
): Promise<{ id: number; reason: string | undefined } | undefined> {
  const [row] = await execute<{ id: number; error: string | null }>(
    em,
    `select id, error from ingests where kind = 'watched' and name = ? and file_identity = ? and finished_at is not null limit 1`,
    [path, identity],
  );
  return row && { id: row.id, reason: row.error ?? undefined };
}

async function start(
  ctx: CommandContext,
  { id, claim: token, ownerId, kind }: RunningIngest,
  file: { identity: string; sizeBytes: number; sha256: string | undefined },
): Promise<void> {
  await ctx.em.transactional(async (em) => {
    const [row] = await execute<{ isFirst: boolean }>(
      em,
      `update ingests i set file_identity = ?, size_bytes = ?, content_hash = ?, started_at = coalesce(i.started_at, now())
         from ingests before where i.id = ? and i.claim = ? and i.finished_at is null and before.id = i.id
       returning before.started_at is null as "isFirst"`,
      [file.identity, file.sizeBytes, file.sha256 ?? null, id, token],
    );
    if (!row) throw new IngestLost(`Ingest ${id} belongs to another process`);
    if (row.isFirst) await emit(em, ctx, 'ingest.started', ['Ingest', id], { ownerId, kind });
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
      alongside: (em, id) => finishIngest(em, ctx, ingest, { result: 'done', documentId: id }),
    });
    return { result: 'done', documentId };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.options.reason !== 'duplicate_document') return refuse(ctx, ingest, reasonOf(error));
    const outcome: IngestOutcome = { result: 'duplicate', documentId: Number(error.options.details?.['id']) };
    await ctx.em.transactional((em) => finishIngest(em, ctx, ingest, outcome));
    return outcome;
  }
}

async function refuse(ctx: CommandContext, ingest: RunningIngest, reason: string): Promise<IngestOutcome> {
  const outcome: IngestOutcome = { result: 'refused', reason };
  await ctx.em.transactional((em) => finishIngest(em, ctx, ingest, outcome));
  return outcome;
}

const tooLargeReason = `Le fichier dépasse ${maxFileBytes / 1024 / 1024} Mo.`;

function reasonOf({ code, message, options: { reason } }: DomainError): string {
  if (code === 'UNSUPPORTED_MEDIA_TYPE')
    return `Ce type de fichier n’est pas accepté. Types acceptés : ${acceptedDocumentTypes.map(extensionOf).join(', ')}.`;
  if (reason === 'document.empty_file') return 'Le fichier est vide.';
  return `Le fichier n’a pas pu être classé : ${message}`;
}

/** Failing is only logged: the ledger knows the file, so that it is never taken in twice. */
async function moveAway(
  { log }: CommandContext,
  root: string,
  { id, path, identity, reason }: { id: number; path: string; identity: string; reason: string | undefined },
): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
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
