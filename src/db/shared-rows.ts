import type { Database, ReadSql } from './database.js';

/** PostgreSQL channel that notifies of any change of what documents are filed by: migration 0066. */
const changedChannel = 'passerelle_labels';

/** A bound for changes that are not notified: the connection may be lost and nobody has noticed yet. */
const maxAgeMs = 1_000;
const maxStatements = 50;

interface Kept {
  values: string;
  readAtMs: number;
  rows: ReturnType<ReadSql>;
}

/**
 * Reads rows of short lists that everybody asks for with everything else, such as all tags, and keeps them for a
 * moment: whoever asks the same gets the same array. Any change of such rows makes it forget them: in this process
 * before the change resolves, in every other when PostgreSQL notifies it. While the connection for notifications is
 * down, nothing is kept. From the primary: a replica may not have the change yet that was notified.
 */
export async function startSharedRows({
  readPrimary,
  listenAtOnce,
  isListening,
}: Pick<Database, 'readPrimary' | 'listenAtOnce' | 'isListening'>): Promise<ReadSql> {
  const kept = new Map<string, Kept>();
  await listenAtOnce(changedChannel, () => kept.clear());
  return async (text, parameters) => {
    if (!isListening()) return readPrimary(text, parameters);
    const values = JSON.stringify(parameters);
    const nowMs = performance.now();
    const known = kept.get(text);
    if (known?.values === values && nowMs - known.readAtMs < maxAgeMs) return known.rows;
    const rows = readPrimary(text, parameters);
    if (kept.size >= maxStatements) kept.clear();
    kept.set(text, { values, readAtMs: nowMs, rows });
    rows.catch(() => kept.delete(text));
    return rows;
  };
}
