import type { TestServer } from './harness.js';

export interface ReadStatement {
  text: string;
  parameters: readonly unknown[];
}

/** Records the graph's read statements while `work` runs. Credentials are looked up on another path and do not count. */
export async function statementsOf(server: TestServer, work: () => Promise<unknown>): Promise<ReadStatement[]> {
  const statements: ReadStatement[] = [];
  const { db } = server;
  const { read } = db;
  db.read = (text, parameters) => {
    statements.push({ text, parameters });
    return read(text, parameters);
  };
  try {
    await work();
  } finally {
    db.read = read;
  }
  return statements;
}
