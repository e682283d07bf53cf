import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../documents/files/write-rows.js';
import type { IngestKind, IngestStep } from './ingest.entity.js';

/** Runs a statement in the transaction of `em` when it has one. */
const execute = <R extends object>(
  em: SqlEntityManager,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<R[]> => em.getDriver().execute<R[]>(sql, [...parameters], 'all', em.getTransactionContext());

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

/** Another process holds it by now, because this one let its lease run out. */
export class IngestLost extends Error {
  override readonly name = 'IngestLost';
}

/** Holds longer than any pause that a healthy process makes; what a dead one held is free after it. */
export const leaseSeconds = 15;
const renewEveryMs = 5_000;
const progressEveryMs = 1_000;

export const lease = `now() + interval '${leaseSeconds} seconds'`;
export const thisProcess = (): string => `${hostname()}:${process.pid}`;

export interface NewIngest {
  kind: 'upload' | 'recognition';
  name: string;
  ownerId: number;
  documentId?: number;
  total?: number;
}

/**
 * Begins an ingest and says so in the log. A recognition that was begun before and came to no end goes on under its number;
 * undefined while somebody is at it.
 */
export async function beginIngest(
  ctx: CommandContext,
  { kind, name, ownerId, documentId, total }: NewIngest,
): Promise<RunningIngest | undefined> {
  return ctx.em.transactional(async (em) => {
    const claim = randomUUID();
    const [row] = await execute<{ id: number; attempts: number }>(
      em,
      `insert into ingests (kind, name, owner_id, document_id, total, claim, lease_until, process, started_at)
       values (?, ?, ?, ?, ?, ?, ${lease}, ?, now())
       on conflict (document_id) where kind = 'recognition' and finished_at is null
       do update set attempts = ingests.attempts + 1, claim = excluded.claim, lease_until = excluded.lease_until, process = excluded.process
          where ingests.lease_until <= now()
       returning id, attempts`,
      [kind, name, ownerId, documentId ?? null, total ?? null, claim, thisProcess()],
    );
    if (!row) return undefined;
    const ingest = { ...row, kind, ownerId, claim };
    if (ingest.attempts === 1) await emit(em, ctx, 'ingest.started', ['Ingest', ingest.id], { ownerId, kind });
    return ingest;
  });
}

/** Lets go of an ingest that is to be tried again, so that nobody need wait for the end of the lease. */
export async function releaseIngest({ em }: CommandContext, { id, claim }: RunningIngest): Promise<void> {
  await execute(em, 'update ingests set lease_until = now() where id = ? and claim = ? and finished_at is null', [
    id,
    claim,
  ]);
}

export interface IngestTracker {
  /** Notes how far it is. Events go out at most once a second, with the latest; a short ingest has none. */
  report: (step: `${IngestStep}`, done?: number, total?: number) => void;
  /** Ends the renewing. Never inside a transaction. */
  stop: () => Promise<void>;
}

/** Renews the claim of an ingest while it runs and tells of its progress. */
export function trackIngest(ctx: CommandContext, { id, kind, ownerId, claim }: RunningIngest): IngestTracker {
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
  const held = 'where id = ? and claim = ? and finished_at is null';

  const tell = (): void => {
    timer = undefined;
    const state = latest;
    if (!state) return;
    toldAt = performance.now();
    write(() =>
      ctx.em.transactional(async (em) => {
        const { step, done, total } = state;
        const noted = await execute(
          em,
          `update ingests set step = ?, done = ?, total = ?, lease_until = ${lease} ${held} returning id`,
          [step, done, total, id, claim],
        );
        if (noted.length) await emit(em, ctx, 'ingest.progress', ['Ingest', id], { ownerId, kind, ...state });
      }),
    );
  };
  const renewing = setInterval(
    () => write(() => execute(ctx.em, `update ingests set lease_until = ${lease} ${held}`, [id, claim])),
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
 * Ends an ingest in the transaction of `em`: call it where the change that it stands for is made. Throws IngestLost when
 * the claim has passed to another process, so that the change is rolled back. Afterwards call `countIngest`.
 */
export async function finishIngest(
  em: SqlEntityManager,
  ctx: CommandContext,
  { id, kind, ownerId, claim }: RunningIngest,
  outcome: IngestOutcome,
): Promise<void> {
  const isRefused = outcome.result === 'refused';
  const documentId = isRefused ? null : outcome.documentId;
  const reason = isRefused ? outcome.reason : null;
  const finished = await execute(
    em,
    `update ingests set status = ?, document_id = coalesce(?::int, document_id), error = ?, finished_at = now(), done = coalesce(total, done),
            step = case when ? then step else 'filed' end
      where id = ? and claim = ? and finished_at is null returning id`,
    [outcome.result, documentId, reason, isRefused, id, claim],
  );
  if (!finished.length) throw new IngestLost(`Ingest ${id} belongs to another process`);
  if (isRefused) await emit(em, ctx, 'ingest.refused', ['Ingest', id], { ownerId, kind, reason: outcome.reason });
  else await emit(em, ctx, 'ingest.finished', ['Ingest', id], { ownerId, kind, result: outcome.result, documentId });
}

/**
 * At the start: closes the uploads whose process died over them, since whoever sent the files got no answer and sends them
 * again. `isAlone`: no other process can be at anything, so that nothing need wait for the end of a lease.
 */
export async function closeLostIngests(ctx: CommandContext, { isAlone }: { isAlone: boolean }): Promise<void> {
  await ctx.em.transactional(async (em) => {
    if (isAlone) await execute(em, `update ingests set lease_until = '-infinity' where finished_at is null`);
    const reason = 'Le serveur s’est arrêté avant la fin de l’envoi.';
    const lost = await execute<{ id: number; ownerId: number }>(
      em,
      `update ingests set status = 'refused', error = ?, finished_at = now()
        where kind = 'upload' and finished_at is null and lease_until < now() returning id, owner_id as "ownerId"`,
      [reason],
    );
    for (const { id, ownerId } of lost)
      await emit(em, ctx, 'ingest.refused', ['Ingest', id], { ownerId, kind: 'upload', reason });
  });
}
