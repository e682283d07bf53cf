import type { TestServer } from './harness.js';

export interface ReadStatement {
  text: string;
  parameters: readonly unknown[];
}

/** Records the graph's read statements while `work` runs. Credentials are looked up on another path and do not count. */
export async function statementsOf(server: TestServer, work: () => Promise<unknown>): Promise<ReadStatement[]> {
  const statements: ReadStatement[] = [];
  const { db } = server;
  const { read, readSlow } = db;
  const recorded =
    (run: typeof read): typeof read =>
    (text, parameters) => {
      statements.push({ text, parameters });
      return run(text, parameters);
    };
  Object.assign(db, { read: recorded(read), readSlow: recorded(readSlow) });
  try {
    await work();
  } finally {
    Object.assign(db, { read, readSlow });
  }
  return statements;
}
