import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.js';
import { firmDay } from '../../support/days.js';
import { makePdf } from '../../support/files.js';
import { isFull } from '../../support/full.js';
import { type ServerProcess, startProcess } from '../../support/process.js';

let folder: string;
let env: NodeJS.ProcessEnv;
let running: ServerProcess | undefined;
let drop: () => Promise<void>;
const watched = (...path: string[]): string => join(folder, 'ingest/watched', ...path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-process-'));
  const database = await freshDatabase(folder);
  drop = database.drop;
  env = { ...database.env, DATA_DIR: folder, ADMIN_PASSWORD: 'Passerelle-2026!' };
});
afterEach(async () => {
  if (running?.process.exitCode === null && running.process.signalCode === null) await running.end('SIGKILL');
  running = undefined;
  token = undefined;
  await drop();
  await rm(folder, { recursive: true, force: true });
});

/** A session outlives the process that opened it; a database has its own. */
let token: string | undefined;
async function ask(query: string): Promise<any> {
  const { url } = running as ServerProcess;
  if (!token) {
    const login = await fetch(`${url}/auth/login`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'admin', password: 'Passerelle-2026!' }),
    });
    token = ((await login.json()) as { access_token: string }).access_token;
  }
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await answer.json()) as any;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const patience = { timeout: 60_000, interval: 100 };
const left = async (): Promise<string[]> => (await readdir(watched())).filter((name) => !name.startsWith('.'));

/** How many files, and at how few of them left the server is killed. */
const { files, killsBelow } = isFull ? { files: 15, killsBelow: [12, 6] } : { files: 6, killsBelow: [4] };

test(
  'a server killed again and again while it takes files in has each once, and none is lost',
  { timeout: 300_000 },
  async () => {
    running = await startProcess(env);
    const names = Array.from({ length: files }, (_, n) => `piece-${String(n).padStart(2, '0')}`);
    await Promise.all(
      names.map(async (name) => writeFile(watched(`${name}.pdf`), await makePdf([`Pièce ${name}`, `témoin${name}`]))),
    );
    for (const lessThan of killsBelow) {
      await expect.poll(async () => (await left()).length, patience).toBeLessThan(lessThan);
      await running.end('SIGKILL');
      running = await startProcess(env);
    }
    await expect.poll(left, patience).toEqual([]);
    const { documents, ingests } = await ask(`{
    documents(first: 100, orderBy: TITLE_ASC) { nodes { title content textStatus } }
    ingests(first: 100) { nodes { name status } } }`);
    expect(documents.nodes.map((node: { title: string }) => node.title)).toEqual(names);
    for (const { title, content } of documents.nodes) expect(content).toContain(`témoin${title}`);
    expect(ingests.nodes.map(({ name, status }: any) => `${name} ${status}`).toSorted()).toEqual(
      names.map((name) => `${name}.pdf DONE`),
    );
    const kept = await Promise.all((await readdir(watched('.done'))).map((day) => readdir(watched('.done', day))));
    expect(kept.flat().toSorted()).toEqual(names.map((name) => `${name}.pdf`));
  },
);

test(
  'a file that was filed and not moved before the end is moved at the next start, and not filed again',
  { timeout: 240_000 },
  async () => {
    running = await startProcess(env);
    // A file where the day's folder should be: nothing can be moved.
    const inTheWay = watched('.done', firmDay());
    await writeFile(inTheWay, '');
    await writeFile(watched('bail.txt'), 'Contrat de bail');
    const finished = async (): Promise<number> =>
      (await ask('{ ingests(filter: { status: DONE }) { totalCount } }')).ingests.totalCount;
    await expect.poll(finished, patience).toBe(1);
    const [document] = (await ask('{ documents { nodes { id } } }')).documents.nodes;
    await ask(`mutation { trashDocument(input: { id: "${document.id}" }) { document { id } } }`);
    await ask(`mutation { purgeDocument(input: { id: "${document.id}" }) { deletedId } }`);
    expect(await left()).toEqual(['bail.txt']);
    await running.end('SIGKILL');
    await rm(inTheWay);

    running = await startProcess(env);
    await expect.poll(left, patience).toEqual([]);
    expect((await ask('{ documents { totalCount } }')).documents.totalCount).toBe(0);
    expect(await finished()).toBe(1);
    expect(await readdir(inTheWay)).toEqual(['bail.txt']);
  },
);
