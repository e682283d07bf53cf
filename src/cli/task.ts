import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError, exitCodes } from './exit-codes.js';
import { note, print, table } from './output.js';
import { askFor, type RemoteOptions, requiredRemote, withRemoteOptions } from './remote.js';

interface ListedTask {
  id: string;
  name: string;
  type: string;
  intervalSeconds: number | null;
  schedule: string | null;
  timeZone: string | null;
  runAt: string | null;
  action: string;
  status: string;
  nextRunAt: string | null;
  lastRunAt: string | null;
  lastSuccessAt: string | null;
  successCount: number;
  failureCount: number;
}

interface ListedRun {
  id: string;
  status: string;
  dueAt: string | null;
  startedAt: string;
  finishedAt: string | null;
  isLate: boolean;
  attempt: number;
  error: string | null;
}

interface TaskOptions extends RemoteOptions {
  json?: boolean;
  wait?: boolean;
  first?: number;
  status?: string;
}

const taskFields =
  'id name type intervalSeconds schedule timeZone runAt action status nextRunAt lastRunAt ' +
  'lastSuccessAt successCount failureCount';
const runFields = 'id status dueAt startedAt finishedAt isLate attempt error';

/** What is asked of the server; a test compares it with the schema. */
export const taskOperations = {
  list: `query { tasks(first: 100) { nodes { ${taskFields} } pageInfo { hasNextPage } } }`,
  show: `query ($id: ID!) { task(id: $id) { ${taskFields} } }`,
  runs: `query ($id: ID!, $first: Int) { task(id: $id) { runs(first: $first) { nodes { ${runFields} } } } }`,
  run: `mutation ($input: RunTaskInput!) { runTask(input: $input) { taskRun { ${runFields} } } }`,
  pause: `mutation ($input: PauseTaskInput!) { pauseTask(input: $input) { task { ${taskFields} } } }`,
  resume: `mutation ($input: ResumeTaskInput!) { resumeTask(input: $input) { task { ${taskFields} } } }`,
};

const lookMs = 500;

export function taskCommand(): Command {
  const task = new Command('task').description('What the server does by the clock. All work remotely.');
  task.addCommand(
    taskAction('list', 'Lists the tasks.').action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<TaskOptions>();
      const { tasks } = await askFor<{ tasks: { nodes: ListedTask[] } }>(requiredRemote(options), taskOperations.list);
      print(tasks.nodes, { json: options.json, text: () => tasksTable(tasks.nodes) });
    }),
  );
  task.addCommand(
    taskAction('show', 'Shows one task.')
      .argument('<id>')
      .action(async (id: string, _options: TaskOptions, command: Command) => {
        const options = command.optsWithGlobals<TaskOptions>();
        const found = await askFor<{ task: ListedTask | null }>(requiredRemote(options), taskOperations.show, { id });
        const shown = must(found.task, id);
        print(shown, {
          json: options.json,
          text: () => table(Object.entries(shown).map(([name, value]) => [name, String(value ?? '')])),
        });
      }),
  );
  task.addCommand(
    taskAction('runs', 'Lists the runs of a task, newest first.')
      .argument('<id>')
      .addOption(new Option('--first <n>', 'so many').default(20).argParser(countOf))
      .action(async (id: string, _options: TaskOptions, command: Command) => {
        const options = command.optsWithGlobals<TaskOptions>();
        const runs = await runsOf(options, id, options.first ?? 20);
        print(runs, {
          json: options.json,
          text: () =>
            table(
              runs.map((r) => [r.id, r.status.toLowerCase(), r.startedAt, r.finishedAt ?? '', r.error ?? '']),
              ['id', 'state', 'began', 'ended', 'error'],
            ),
        });
      }),
  );
  task.addCommand(
    taskAction('run', 'Begins a run at once; refused while one is under way.')
      .argument('<id>')
      .option('--wait', 'wait for its end, and end with 1 unless it succeeds')
      .action(async (id: string, _options: TaskOptions, command: Command) => {
        const options = command.optsWithGlobals<TaskOptions>();
        const { runTask } = await askFor<{ runTask: { taskRun: ListedRun } }>(
          requiredRemote(options),
          taskOperations.run,
          { input: { id } },
        );
        const run = options.wait ? await awaitRun(options, id, runTask.taskRun) : runTask.taskRun;
        print(run, { json: options.json, text: () => `Run ${run.id}: ${run.status.toLowerCase()}\n` });
        if (options.wait && run.status !== 'SUCCESS')
          throw new CliError(`Run ${run.id} did not succeed${run.error ? ` (${run.error})` : ''}`, exitCodes.failed);
      }),
  );
  for (const [name, says] of [
    ['pause', 'Has a task wait; a run that is under way ends.'],
    ['resume', 'Has it go on with the next run that is due.'],
  ] as const)
    task.addCommand(
      taskAction(name, says)
        .argument('<id>')
        .action(async (id: string, _options: TaskOptions, command: Command) => {
          const options = command.optsWithGlobals<TaskOptions>();
          const answer = await askFor<Record<string, { task: ListedTask }>>(
            requiredRemote(options),
            taskOperations[name],
            { input: { id } },
          );
          const changed = must(Object.values(answer)[0]?.task, id);
          print(changed, { json: options.json, text: () => tasksTable([changed]) });
        }),
    );
  return task;
}

const taskAction = (name: string, description: string): Command =>
  withRemoteOptions(new Command(name).description(description).option('--json', 'print JSON'));

async function runsOf(options: TaskOptions, id: string, first: number): Promise<ListedRun[]> {
  const { task } = await askFor<{ task: { runs: { nodes: ListedRun[] } } | null }>(
    requiredRemote(options),
    taskOperations.runs,
    { id, first },
  );
  return must(task, id).runs.nodes;
}

async function awaitRun(options: TaskOptions, id: string, begun: ListedRun): Promise<ListedRun> {
  if (process.stderr.isTTY) note(`Run ${begun.id} has begun …`);
  for (;;) {
    const run = (await runsOf(options, id, 20)).find((each) => each.id === begun.id);
    if (!run || run.finishedAt !== null) return run ?? begun;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

function must<T>(found: T | null | undefined, id: string): T {
  if (found == null) throw new CliError(`There is no task ${id}`);
  return found;
}

const tasksTable = (tasks: readonly ListedTask[]): string =>
  table(
    tasks.map((t) => [t.id, whenOf(t), t.status.toLowerCase(), t.nextRunAt ?? '', t.lastRunAt ?? '', t.name]),
    ['id', 'when', 'state', 'next', 'last', 'name'],
  );

const whenOf = ({ intervalSeconds, schedule, timeZone, runAt }: ListedTask): string => {
  if (intervalSeconds !== null) return `every ${intervalSeconds} s`;
  return schedule === null ? (runAt ?? '') : `${schedule} ${timeZone ?? ''}`.trim();
};

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 100) throw new InvalidArgumentError('It is a number, 1 to 100.');
  return count;
}
