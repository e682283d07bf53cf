import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Transaction } from '../../db/sql-client.js';
import { raw, type Sql, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { IngestKind, IngestStep } from './ingest.entity.js';

/** An ingest under way, and the claim by which this process holds it. */
export interface RunningIngest {
  id: number;
  kind: `${IngestKind}`;
  ownerId: number;
  claim: string;
  /** How often it was begun, this time included. */
  attempts: number;
}

export type IngestOutcome =
  | { result: 'done' | 'duplicate'; documentId: number | null }
  | { result: 'refused'; reason: string };

/** Another process holds the ingest by now, because this one let its lease run out. */
export class IngestLost extends Error {
  override readonly name = 'IngestLost';
}

/** Longer than any pause that a healthy process makes; what a dead process held is free after it. */
export const leaseSeconds = 15;
const renewEveryMs = 5_000;
const progressEveryMs = 1_000;

/** When a lease that begins or is renewed now ends. */
export const lease = raw(`now() + interval '${leaseSeconds} seconds'`);
export const thisProcess = (): string => `${hostname()}:${process.pid}`;

export interface NewIngest {
  kind: 'upload' | 'recognition';
  name: string;
  ownerId: number;
  documentId?: number;
  total?: number;
}

/**
 * Begins an ingest and emits `ingest.started`. A recognition that was begun before and did not end goes on under its
 * id; undefined while another process runs it.
 */
export async function beginIngest(
  ctx: CommandContext,
  { kind, name, ownerId, documentId, total }: NewIngest,
): Promise<RunningIngest | undefined> {
  return ctx.db.transaction(async (tx) => {
    const claim = randomUUID();
    const row = await tx.first<{ id: number; attempts: number }>(sql`
      insert into ingests (kind, name, owner_id, document_id, total, claim, lease_until, process, started_at)
      values (${kind}, ${name}, ${ownerId}, ${documentId ?? null}, ${total ?? null}, ${claim}, ${lease},
              ${thisProcess()}, now())
      on conflict (document_id) where kind = 'recognition' and finished_at is null
      do update set attempts = ingests.attempts + 1, claim = excluded.claim, lease_until = excluded.lease_until,
                    process = excluded.process
         where ingests.lease_until <= now()
      returning id, attempts`);
    if (!row) return undefined;
    const ingest = { ...row, kind, ownerId, claim };
    if (ingest.attempts === 1) await emit(tx, ctx, 'ingest.started', ['Ingest', ingest.id], { ownerId, kind });
    return ingest;
  });
}

/** Ends the lease of an ingest that is to be tried again, so that the next try need not wait for it. */
export async function releaseIngest({ db }: CommandContext, ingest: RunningIngest): Promise<void> {
  await db.run(sql`update ingests set lease_until = now() where ${isHeld(ingest)}`);
}

/** The condition on the row of an ingest that this process still holds it. */
export const isHeld = ({ id, claim }: Pick<RunningIngest, 'id' | 'claim'>): Sql =>
  sql`id = ${id} and claim = ${claim} and finished_at is null`;

export interface IngestTracker {
  /**
   * Reports how far it is. Events are emitted at most once a second, with the latest state; a short ingest has none.
   */
  report: (step: `${IngestStep}`, done?: number, total?: number) => void;
  /** Stops renewing the lease; resolves when the last write is done. Never inside a transaction. */
  stop: () => Promise<void>;
}

/** Renews the lease of an ingest while it runs and reports its progress. */
export function trackIngest(ctx: CommandContext, ingest: RunningIngest): IngestTracker {
  const { id, kind, ownerId } = ingest;
  let toldAt = performance.now();
  let latest: { step: `${IngestStep}`; done: number; total: number | null } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = (work: () => Promise<unknown>): void => {
    writing = writing.then(work).then(
      () => undefined,
      (error: unknown) => ctx.log.warn({ err: error, ingest: id }, 'the progress of an ingest could not be noted'),
    );
  };

  const tell = (): void => {
    timer = undefined;
    const state = latest;
    if (!state) return;
    toldAt = performance.now();
    write(() =>
      ctx.db.transaction(async (tx) => {
        const { step, done, total } = state;
        const changed = await tx.run(sql`
          update ingests set step = ${step}, done = ${done}, total = ${total}, lease_until = ${lease}
           where ${isHeld(ingest)}`);
        if (changed) await emit(tx, ctx, 'ingest.progress', ['Ingest', id], { ownerId, kind, ...state });
      }),
    );
  };
  const renewing = setInterval(
    () => write(() => ctx.db.run(sql`update ingests set lease_until = ${lease} where ${isHeld(ingest)}`)),
    renewEveryMs,
  );
  return {
    report: (step, done = 0, total) => {
      latest = { step, done, total: total ?? null };
      timer ??= setTimeout(tell, Math.max(0, toldAt + progressEveryMs - performance.now()));
    },
    stop: async () => {
      clearInterval(renewing);
      clearTimeout(timer);
      await writing;
    },
  };
}

/**
 * Ends an ingest, in the transaction of the change that it stands for. Throws IngestLost when another process holds it
 * by now, so that the change is rolled back. After the commit call `countIngest`.
 */
export async function finishIngest(
  tx: Transaction,
  ctx: CommandContext,
  ingest: RunningIngest,
  outcome: IngestOutcome,
): Promise<void> {
  const { id, kind, ownerId } = ingest;
  const isRefused = outcome.result === 'refused';
  const documentId = isRefused ? null : outcome.documentId;
  const reason = isRefused ? outcome.reason : null;
  const finished = await tx.run(sql`
    update ingests set status = ${outcome.result}, document_id = coalesce(${documentId}::int, document_id),
           error = ${reason}, finished_at = now(), done = coalesce(total, done),
           step = case when ${isRefused}::boolean then step else 'filed' end
     where ${isHeld(ingest)}`);
  if (!finished) throw new IngestLost(`Ingest ${id} belongs to another process`);
  if (isRefused) await emit(tx, ctx, 'ingest.refused', ['Ingest', id], { ownerId, kind, reason: outcome.reason });
  else await emit(tx, ctx, 'ingest.finished', ['Ingest', id], { ownerId, kind, result: outcome.result, documentId });
}

/**
 * At the start: closes the uploads during which their process died, since the sender got no answer and sends the files
 * again. `isAlone`: no other process uses the database, so that nothing need wait for the end of a lease.
 */
export async function closeLostIngests(ctx: CommandContext, { isAlone }: { isAlone: boolean }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    if (isAlone) await tx.send(sql`update ingests set lease_until = '-infinity' where finished_at is null`);
    const reason = 'Le serveur s’est arrêté avant la fin de l’envoi.';
    const lost = await tx.all<{ id: number; ownerId: number }>(sql`
      update ingests set status = 'refused', error = ${reason}, finished_at = now()
       where kind = 'upload' and finished_at is null and lease_until < now() returning id, owner_id as "ownerId"`);
    for (const { id, ownerId } of lost)
      await emit(tx, ctx, 'ingest.refused', ['Ingest', id], { ownerId, kind: 'upload', reason });
  });
}
