import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { isFull } from '../support/full.js';
import { startTestServer, type TestServer } from '../support/harness.js';
import { objects } from './objects.js';
import { casting, type Column, columns, credentialOf, type Headers } from './people.js';
import type { RestRow, Stage } from './row.js';
import { settling, stateOf } from './state.js';

/** A server with everything that rows are played with. */
export interface Theatre {
  server: TestServer;
  people: ReturnType<typeof casting>;
  make: Stage['make'];
  state: () => Promise<Record<string, number>>;
  settled: () => Promise<void>;
}

export async function openTheatre(): Promise<Theatre> {
  const server = await startTestServer({ env: { PLUGIN_SOURCES: inject('folder') }, plugins: false });
  const make = objects(server, (name, text) => writeFile(join(server.ingestDir, name), text));
  return { server, people: casting(server), make, state: await stateOf(server), settled: settling(server) };
}

/** What a cell answered, and where it must show the object or not. */
interface Outcome {
  code: number | string;
  text: string;
}

interface Plan {
  row: Pick<RestRow, 'who' | 'otherWho' | 'usesUp' | 'without'>;
  expectedOf: (column: Column) => number | string;
  changes: boolean;
  succeeds: (expected: number | string) => boolean;
  /** Makes the object, and answers how to ask for it with a credential. */
  prepare: (stage: Stage) => Promise<{ ask: (headers: Headers) => Promise<Outcome>; shows: string | undefined }>;
  /** Of the row in the list. */
  turn: number;
}

/**
 * Asks for all columns; outside of a full run for the right person's and a third of the others, which differ from row to
 * row. Those that are refused, and those whose success changes nothing, share one object, and the
 * database must be the same after them; each of the others gets a fresh object, and the right person changes something.
 */
export async function play(
  { server, people, make, state, settled }: Theatre,
  { row, expectedOf, changes, succeeds, prepare, turn }: Plan,
): Promise<void> {
  const shared = row.usesUp ? undefined : await people.cast(row);
  const stageOf = async (): Promise<Stage> => ({ ...(shared ?? (await people.fresh(row))), server, make });
  const isIdle = (column: Column): boolean =>
    !changes || !succeeds(expectedOf(column)) || (row.without?.includes(column) ?? false);
  const actual: Record<string, number | string> = {};
  const expected: Record<string, number | string> = {};

  const judge = (column: Column, name: string, { code, text }: Outcome, shows: string | undefined): void => {
    actual[name] = code;
    expected[name] = expectedOf(column);
    if (shows === undefined) return;
    const isShown = succeeds(expectedOf(column)) && expectedOf(column) !== 'null' && !row.without?.includes(column);
    expect
      .soft(text.includes(shows), `${name} ${isShown ? 'sees' : 'does not see'} the object in ${text.slice(0, 500)}`)
      .toBe(isShown);
  };

  const stage = await stageOf();
  const { ask, shows } = await prepare(stage);
  const asked = isFull ? columns : columns.filter((column, i) => column === 'right' || (i + turn) % 3 === 0);
  const idle = await Promise.all(
    asked.filter(isIdle).map(async (column) => ({ column, ...(await credentialOf(column, stage, { server, turn })) })),
  );
  await settled();
  const before = await state();
  const outcomes = await Promise.all(idle.map(({ headers }) => ask(headers)));
  const after = await state();
  idle.forEach(({ column, name }, i) => judge(column, name, outcomes[i] as Outcome, shows));

  for (const column of asked.filter((c) => !isIdle(c))) {
    const own = await stageOf();
    const prepared = await prepare(own);
    const { name, headers } = await credentialOf(column, own, { server, turn });
    const unchanged = column === 'right' ? await state() : undefined;
    judge(column, name, await prepared.ask(headers), prepared.shows);
    if (unchanged) expect.soft(await state(), `${name} changes something`).not.toEqual(unchanged);
  }
  expect.soft(actual).toEqual(expected);
  expect.soft(after, `what ${idle.map(({ name }) => name).join(', ')} asked changes nothing`).toEqual(before);
}
