import type { TestServer } from './harness.js';

export interface ReadStatement {
  text: string;
  parameters: readonly unknown[];
}

/** Records the graph's read statements while `work` runs, without the lookups of credentials. */
export const statementsOf = (server: TestServer, work: () => Promise<unknown>): Promise<ReadStatement[]> =>
  recorded(server, ['read', 'readSlow', 'readLong', 'readShared', 'count'], work);

/** Records the lookups of credentials likewise. */
export const lookupsOf = async (server: TestServer, work: () => Promise<unknown>): Promise<ReadStatement[]> =>
  (await recorded(server, ['readPrimary'], work)).filter(({ text }) => text.includes('is_active'));

async function recorded(
  { db }: TestServer,
  paths: readonly ('read' | 'readSlow' | 'readLong' | 'readShared' | 'count' | 'readPrimary')[],
  work: () => Promise<unknown>,
): Promise<ReadStatement[]> {
  const statements: ReadStatement[] = [];
  const unrecorded = paths.map((path) => [path, db[path]] as const);
  for (const [path, run] of unrecorded) {
    db[path] = (text, parameters) => {
      statements.push({ text, parameters });
      return run(text, parameters);
    };
  }
  try {
    await work();
  } finally {
    Object.assign(db, Object.fromEntries(unrecorded));
  }
  return statements;
}
