import type { Database, ReadSql } from './database.js';
import { recentReads } from './recent-reads.js';

/** PostgreSQL channel that notifies of any change of what documents are filed by: migration 0066. */
const changedChannel = 'passerelle_labels';
const maxStatements = 50;

/**
 * Reads rows of short lists that everybody asks for with everything else, such as all tags, and keeps them for a
 * moment. Any change of such rows makes it forget them: in this process before the change resolves, in every other when
 * PostgreSQL notifies it. While the connection for notifications is down, nothing is kept. From the primary: a replica
 * may not have the change yet that was notified.
 */
export async function startSharedRows({
  readPrimary,
  listenAtOnce,
  isListening,
}: Pick<Database, 'readPrimary' | 'listenAtOnce' | 'isListening'>): Promise<ReadSql> {
  const recent = recentReads(readPrimary, maxStatements);
  await listenAtOnce(changedChannel, recent.forget);
  return (text, parameters) => (isListening() ? recent.read : readPrimary)(text, parameters);
}
