import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';

/** A statement that was run. Its values are not told: they are what people sent. */
export interface RanStatement {
  text: string;
  durationMs: number;
  /** That it answered, or changed; undefined when it failed. */
  rows: number | undefined;
}

/** Where each statement is told of, once it has ended; nothing is measured while nobody subscribes. */
const ranStatements = channel('passerelle:statement');
const mostKept = 500;

/** Runs a statement and tells of it. `result` is what any of the drivers resolves with. */
export async function tellOf<T>(text: string, run: () => Promise<T>): Promise<T> {
  if (!ranStatements.hasSubscribers) return run();
  const startedMs = performance.now();
  let rows: number | undefined;
  try {
    const result = await run();
    rows = rowsOf(result);
    return result;
  } finally {
    ranStatements.publish({ text, durationMs: performance.now() - startedMs, rows } satisfies RanStatement);
  }
}

function rowsOf(result: unknown): number | undefined {
  if (Array.isArray(result)) return result.length;
  const { rowCount, affectedRows, rows } = result as { rowCount?: number; affectedRows?: number; rows?: unknown[] };
  return rows?.length || (rowCount ?? affectedRows ?? 0);
}

/** Calls back for each statement of this process. */
export const onEachStatement = (listener: (statement: RanStatement) => void): void =>
  ranStatements.subscribe((statement) => listener(statement as RanStatement));

/** The statements of one piece of work, from when they are wanted on. */
export class StatementRecord {
  isWanted = false;
  readonly statements: RanStatement[] = [];
  /** How many came after the 500 that are kept. */
  more = 0;

  static readonly #current = new AsyncLocalStorage<StatementRecord>();
  static #open = 0;

  /** Of what is under way here, if it was asked to be recorded. */
  static current(): StatementRecord | undefined {
    return StatementRecord.#current.getStore();
  }

  /** Records what `work` runs and all that belongs to it, wherever that is. */
  static async of<T>(work: () => Promise<T>): Promise<T> {
    if (StatementRecord.#open++ === 0) ranStatements.subscribe(StatementRecord.#note);
    try {
      return await StatementRecord.#current.run(new StatementRecord(), work);
    } finally {
      if (--StatementRecord.#open === 0) ranStatements.unsubscribe(StatementRecord.#note);
    }
  }

  static readonly #note = (statement: unknown): void => {
    const record = StatementRecord.current();
    if (!record?.isWanted) return;
    if (record.statements.length < mostKept) record.statements.push(statement as RanStatement);
    else record.more += 1;
  };
}
