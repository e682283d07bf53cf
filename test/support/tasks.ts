import { theSystem } from '../../src/kernel/viewer.js';
import type { TestServer } from './harness.js';

const ownContext = ({ app }: TestServer) =>
  app.contextFor(theSystem, { credential: undefined, requestId: 'test', ip: undefined, userAgent: undefined });

/** Does at once, by the server's own clock, what a task would do by the database's. */
export async function act(server: TestServer, name: string, params: object = {}): Promise<void> {
  const action = server.services.tasks.actions.find(name);
  if (!action) throw new Error(`There is no action ${name}`);
  await action.run(ownContext(server), action.params.parse(params), {
    taskId: name,
    runId: undefined,
    attempt: 1,
    dueAt: undefined,
  });
}

/** What the task `purge_trash` does, of one module only. */
export async function emptyTrash(server: TestServer, module: string): Promise<void> {
  const step = server.services.emptyTrash[module];
  if (!step) throw new Error(`${module} has no trash`);
  await step(ownContext(server));
}
