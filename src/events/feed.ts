import type { Logger } from 'pino';
import type { Listen, ReadSql } from '../db/database.js';
import { oneAtATime } from '../lib/one-at-a-time.js';
import { isoSecondsOf } from '../lib/postgres-text.js';
import type { EventCatalog, EventType, StoredEvent } from './catalog.js';
import { newestPosition, oldestPosition } from './log-ends.js';
import { placedChannel } from './relay.js';

const keptEvents = 2_000;
const batchSize = 500;

export interface StreamOptions {
  /** Position after which to start; absent: from now on. */
  after?: string | undefined;
  /** Ends the stream. */
  signal?: AbortSignal;
}

export type PositionProblem =
  /** No event has got there yet. */
  | { reason: 'position_unknown'; newest: string }
  /** What follows it is no longer kept. `oldest`: position of the first event that is. */
  | { reason: 'position_expired'; oldest: string };

/** A stream was overtaken by the end of what is kept: it would go on with a gap. */
export class PositionExpired extends Error {
  constructor(
    /** Of the last event that the stream had. */
    readonly position: string,
    /** As of `PositionProblem`. */
    readonly oldest: string,
  ) {
    super(`What follows the position ${position} is no longer kept; the oldest event that is kept is ${oldest}`);
  }
}

/**
 * The log as this process follows it: every placed event, once, in order. The last ones are kept, so that a thousand
 * subscribers cost one statement.
 */
export interface EventFeed {
  stream: (options?: StreamOptions) => AsyncGenerator<StoredEvent, void, void>;
  /** The same, as many at once as there are when the reader asks: never none. */
  batches: (options?: StreamOptions) => AsyncGenerator<readonly StoredEvent[], void, void>;
  /** Position of the newest event that this process knows. */
  newest: () => bigint;
  /** Why the log cannot be followed from after this position; undefined when it can. */
  problemOf: (after: string) => Promise<PositionProblem | undefined>;
  stop: () => Promise<void>;
}

/** Starts at the newest position. `read` must see the primary: a replica may lag behind the notification. */
export async function startFeed(read: ReadSql, listen: Listen, log: Logger): Promise<EventFeed> {
  const kept: StoredEvent[] = [];
  let latest = BigInt((await read(`select ${newestPosition}`, []))[0]?.[0] ?? '0');
  let stopped = false;

  const waiting = new Set<() => void>();
  const tellOfChange = (): void => waiting.forEach((goOn) => goOn());
  // A race against one promise for the stream's end would be remembered by it once an event, as long as the stream
  // lives.
  const nextChange = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const goOn = (): void => {
        waiting.delete(goOn);
        signal?.removeEventListener('abort', goOn);
        resolve();
      };
      waiting.add(goOn);
      signal?.addEventListener('abort', goOn);
    });

  const readAfter = async (position: bigint): Promise<StoredEvent[]> =>
    (
      await read(
        `select position, type, subject_type, subject_id, actor_id, account_id, occurred_at, data, request_id
           from events
          where position > $1::bigint order by position limit ${batchSize}`,
        [String(position)],
      )
    ).map(([at, type, subjectType, subjectId, actorId, accountId, occurredAt, data, requestId]) => ({
      position: at as string,
      type: type as EventType,
      subjectType: subjectType as string,
      subjectId: subjectId as string,
      actorId: actorId ? Number(actorId) : null,
      accountId: accountId ? Number(accountId) : null,
      occurredAt: isoSecondsOf(occurredAt as string),
      data: JSON.parse(data as string) as EventCatalog[EventType],
      requestId: requestId as string | null,
    }));

  const readEnds = async (): Promise<{ oldest: string; newest: string }> => {
    const [ends] = await read(`select ${oldestPosition}, ${newestPosition}`, []);
    const [oldest, newest] = ends as [string, string];
    return { oldest, newest };
  };

  const following = oneAtATime(
    async () => {
      for (let found = await readAfter(latest); found.length; found = await readAfter(latest)) {
        // What lies between was dropped before it came here: the log is asked about it, not this memory.
        if (BigInt(found[0]?.position as string) > latest + 1n) kept.length = 0;
        kept.push(...found);
        kept.splice(0, kept.length - keptEvents);
        latest = BigInt(found.at(-1)?.position as string);
        tellOfChange();
        if (found.length < batchSize) break;
      }
    },
    (error) => log.error({ err: error }, 'the event feed could not read; it goes on with the next notification'),
  );
  const wake = (): void => void following.wake();
  const unlisten = await listen(placedChannel, wake);
  wake();

  async function* batches({ after, signal }: StreamOptions = {}): AsyncGenerator<readonly StoredEvent[], void, void> {
    let position = after === undefined ? latest : BigInt(after);
    while (!stopped && !signal?.aborted) {
      // Also for a position beyond the log's end: nothing until the log gets there.
      if (position >= latest) {
        await nextChange(signal);
        continue;
      }
      const known = latest;
      const oldest = kept[0] && BigInt(kept[0].position);
      // From the newest backwards: most streams lack one event of two thousand.
      const isKept = oldest !== undefined && position >= oldest - 1n;
      const batch = isKept
        ? kept.slice(kept.findLastIndex((e) => BigInt(e.position) <= position) + 1)
        : await readAfter(position);
      const last = batch.at(-1);
      // Positions have no gaps: what is missing was dropped while the stream was on its way.
      if (!isKept && batch[0] && BigInt(batch[0].position) > position + 1n) {
        const ends = await readEnds();
        if (position < BigInt(ends.oldest) - 1n) throw new PositionExpired(String(position), ends.oldest);
      }
      if (last) {
        position = BigInt(last.position);
        yield batch;
      } else if (latest === known) await nextChange(signal);
    }
  }
  async function* stream(options?: StreamOptions): AsyncGenerator<StoredEvent, void, void> {
    for await (const batch of batches(options)) yield* batch;
  }
  const problemOf: EventFeed['problemOf'] = async (after) => {
    const position = BigInt(after);
    const known = kept[0] && BigInt(kept[0].position);
    if (known !== undefined && position >= known - 1n && position <= latest) return undefined;
    // Another process may have told the client of an event that has not come here yet.
    const { oldest, newest } = await readEnds();
    if (position > BigInt(newest)) return { reason: 'position_unknown', newest };
    return position < BigInt(oldest) - 1n ? { reason: 'position_expired', oldest } : undefined;
  };
  return {
    stream,
    batches,
    newest: () => latest,
    problemOf,
    stop: async () => {
      stopped = true;
      tellOfChange();
      const idle = following.stop();
      await unlisten();
      await idle;
    },
  };
}
