import { z } from 'zod';
import { taskAction, type TaskActions } from '../../kernel/task-action.js';
import { viewerOfPerson } from '../../modules/identity/people/viewer-of-person.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import { cutDown, scopeFor } from './plugin-scopes.js';
import type { ServedPlugin } from './served-plugin.js';

/** A task has a time limit of its own, a day at most. */
const callMs = 25 * 3_600_000;

/** What a plugin gives tasks to run, by name: each run has the rights that the plugin's person has then. */
export const pluginActions = (
  id: string,
  { actions }: Pick<Contribution, 'actions'>,
  current: () => ServedPlugin | undefined,
): TaskActions =>
  Object.fromEntries(
    actions.map((name) => [
      name,
      taskAction({
        description: `Runs \`${name}\` of the plugin ${id}.`,
        params: z.record(z.string(), z.unknown()),
        run: async ({ db, log, requestId, signal }, params, { taskId, runId }) => {
          const served = current();
          if (!served) throw new Error(`The plugin ${id} is not served by this process`);
          const { runAsId, grants } = served.plugin;
          const person = runAsId === null ? undefined : await viewerOfPerson(db, runAsId);
          if (!person) throw new Error(`The plugin ${id} runs as nobody: reload it as somebody who is active`);
          const scope = { ...scopeFor(id, cutDown(person, grants), requestId), ...(signal && { signal }) };
          const run = runId === undefined ? taskId : String(runId);
          await served.call({ kind: 'action', name, params, run }, scope, { timeoutMs: callMs, log });
        },
      }),
    ]),
  );
