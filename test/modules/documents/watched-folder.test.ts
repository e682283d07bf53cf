import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp } from '../../../src/app/start.js';
import { makePdf } from '../../support/files.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let folder: string;
const watched = (...path: string[]): string => join(folder, 'watched', ...path);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watched-'));
  server = await startTestServer({ env: { WATCH_DIR: watched() } });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const drop = (name: string, content: string | Buffer): Promise<void> => writeFile(watched(name), content);
/** What still lies to be taken in. */
const left = async (): Promise<string[]> => {
  const entries = await readdir(watched(), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/.'))
    .map(({ name }) => name)
    .toSorted();
};
const untilLeft = (names: string[] = []): Promise<void> =>
  expect.poll(left, { timeout: 55_000, interval: 100 }).toEqual(names);
const titles = async (prefix: string): Promise<string[]> =>
  (await server.sql('select title from documents where title like ? order by id', [`${prefix}%`])).map(
    (row) => row.title,
  );
const ingest = async (name: string): Promise<any> => {
  const { data } = await server.graphql(
    '{ ingests(first: 100) { nodes { name kind status error sizeBytes process finishedAt document { id title owner { id } } } } }',
    {},
    server.admin.token,
  );
  const found = data.ingests.nodes.filter((node: { name: string }) => node.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};

test('a file dropped in, below a folder too, becomes a document of the first administrator and leaves the folder', async () => {
  await mkdir(watched('2026/mars'), { recursive: true });
  await drop('2026/mars/Bail été.pdf', await makePdf(['Contrat de bail']));
  await untilLeft();
  expect(await ingest('2026/mars/Bail été.pdf')).toMatchObject({
    kind: 'WATCHED',
    status: 'DONE',
    error: null,
    finishedAt: expect.any(String),
    document: { title: 'Bail été', owner: { id: String(server.admin.id) } },
  });
  const [day] = await readdir(watched('.done'));
  expect(await readdir(watched('.done', day as string, '2026/mars'))).toEqual(['Bail été.pdf']);
  expect((await server.request('GET', '/metrics')).text).toMatch(
    /xcore_ingests_total\{kind="watched",result="done"\} [1-9]/,
  );
});

test('a file is left alone while it is being written, and as long as its name says so', async () => {
  await drop('lent.txt', 'début\n');
  for (let line = 0; line < 10; line++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await left()).toContain('lent.txt');
    await appendFile(watched('lent.txt'), `ligne ${line}\n`);
  }
  await drop('.cache', 'x');
  await drop('lettre.doc~', 'x');
  await drop('scan.pdf.part', 'complet');
  const others = ['.cache', 'lettre.doc~', 'scan.pdf.part'];
  await untilLeft(others);
  expect((await server.sql(`select content from documents where title = 'lent'`))[0].content).toMatch(
    /^début\n(ligne \d\n){10}$/,
  );
  await rename(watched('scan.pdf.part'), watched('scan.txt'));
  await untilLeft(others.slice(0, 2));
  expect(await titles('scan')).toEqual(['scan']);
  await Promise.all(others.slice(0, 2).map((name) => rm(watched(name))));
});

test(
  'what cannot be taken in goes aside with its reason, a duplicate counts as taken in',
  { timeout: 60_000 },
  async () => {
    await drop('copie.pdf', await makePdf(['Contrat de bail deux']));
    await untilLeft();
    const [first] = await server.sql(`select content_hash from documents where title = 'copie'`);
    const [stored] = await readdir(watched('.done'));
    await drop('copie bis.pdf', await readFile(watched('.done', stored as string, 'copie.pdf')));
    await drop('programme.exe', Buffer.from('MZ\u0000\u0001'.repeat(50), 'latin1'));
    await drop('énorme.txt', Buffer.alloc(50 * 1024 * 1024 + 1, 'a'));
    await untilLeft();
    expect(await ingest('copie bis.pdf')).toMatchObject({ status: 'DUPLICATE', document: { title: 'copie' } });
    expect(
      (await server.sql('select count(*)::int as n from documents where content_hash = ?', [first.content_hash]))[0].n,
    ).toBe(1);
    expect(await ingest('énorme.txt')).toMatchObject({
      status: 'REFUSED',
      error: 'Le fichier dépasse 50 Mo.',
      document: null,
    });
    expect((await readdir(watched('.refused'))).toSorted()).toEqual(
      ['programme.exe', 'programme.exe.txt', 'énorme.txt', 'énorme.txt.txt'].toSorted(),
    );
    expect(await readFile(watched('.refused/programme.exe.txt'), 'utf8')).toMatch(
      /^programme\.exe\nCe type de fichier n’est pas accepté/,
    );
    const events = await server.sql(
      `select type, data->>'reason' as reason from events where type = 'ingest.refused' order by id`,
    );
    expect(events.map(({ reason }) => reason)).toContain('Le fichier dépasse 50 Mo.');
  },
);

test('a name of another encoding is taken in under the name that was meant', async () => {
  const named = (name: string, content: string): Promise<void> =>
    writeFile(Buffer.concat([Buffer.from(`${watched()}/`), Buffer.from(name, 'latin1')]), content);
  await named('reçu de l\x92été.txt', 'reçu');
  await drop('façade.txt', 'une façade');
  await named('façade.txt', 'une autre façade');
  await untilLeft();
  expect(await titles('reçu')).toEqual(['reçu de l’été']);
  expect((await titles('façade')).toSorted()).toEqual(['façade', 'façade (2)']);
});

test('a PDF with something before its header is taken in with its text', async () => {
  const pdf = await makePdf(['Attestation décennale']);
  await drop('attestation.pdf', Buffer.concat([Buffer.from('\r\n\r\n'), pdf]));
  await untilLeft();
  const [row] = await server.sql(`select mime_type, content from documents where title = 'attestation'`);
  expect(row).toEqual({ mime_type: 'application/pdf', content: expect.stringContaining('Attestation décennale') });
});

test('what is refused is refused aloud, and its note takes no other file’s place', { timeout: 120_000 }, async () => {
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic')]);
  const latin = Buffer.from('Relevé n° 1, échéance', 'latin1');
  await drop('photo.heic', heic);
  await drop('tableur.xlsx', zipSync({ 'xl/workbook.xml': strToU8('<workbook/>') }) as Buffer);
  await drop('utf16.txt', Buffer.from('\ufeffRelevé', 'utf16le'));
  await drop('plan.txt', latin);
  await untilLeft();
  await drop('plan', Buffer.from('MZ\0\x01'.repeat(9), 'latin1'));
  await untilLeft();
  for (const name of ['photo.heic', 'tableur.xlsx', 'utf16.txt', 'plan.txt', 'plan'])
    expect(await ingest(name)).toMatchObject({ status: 'REFUSED', error: expect.stringMatching(/n’est pas accepté/) });
  const refused = await readdir(watched('.refused'));
  expect(await readFile(watched('.refused/plan.txt'))).toEqual(latin);
  const second = refused.filter((name) => /^plan \(\d+\)/.test(name)).toSorted();
  expect(second).toEqual([expect.stringMatching(/^plan \(\d+\)$/), expect.stringMatching(/^plan \(\d+\)\.txt$/)]);
  expect(await readFile(watched('.refused', second[1] as string), 'utf8')).toMatch(/^plan\nCe type/);
  for (const name of ['photo.heic', 'tableur.xlsx', 'utf16.txt', 'plan.txt']) expect(refused).toContain(`${name}.txt`);
});

test('a WATCH_OWNER that nobody is called is said at the start, before a file waits', async () => {
  const other = await startTestServer({ env: { WATCH_DIR: join(folder, 'nobodys'), WATCH_OWNER: 'nobody' } });
  try {
    expect(other.log.filter((line) => line.includes('set WATCH_OWNER'))).toHaveLength(1);
  } finally {
    await other.stop();
  }
});

test('symlinks lead nowhere', async () => {
  await writeFile(join(folder, 'secret.txt'), 'dehors');
  await mkdir(join(folder, 'dehors'));
  await writeFile(join(folder, 'dehors/secret2.txt'), 'dehors aussi');
  await symlink(join(folder, 'secret.txt'), watched('lien.txt'));
  await symlink(join(folder, 'dehors'), watched('liens'));
  await drop('témoin.txt', 'dedans');
  await untilLeft();
  expect(await titles('témoin')).toEqual(['témoin']);
  expect([...(await titles('lien')), ...(await titles('secret'))]).toEqual([]);
  await Promise.all([rm(watched('lien.txt')), rm(watched('liens'))]);
});

test('only those who edit all documents see the ledger', async () => {
  const query = '{ ingests { totalCount } }';
  expect(
    (await server.graphql(query, {}, (await server.person({ roles: ['manager'] })).token)).data.ingests.totalCount,
  ).toBeGreaterThan(0);
  expect(
    (await server.graphql(query, {}, (await server.person({ roles: ['lecteur'] })).token)).errors?.[0].extensions.code,
  ).toBe('FORBIDDEN');
  expect((await server.graphql(query)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
});

test('several files sent at once are one ingest', async () => {
  const person = await server.person();
  const body = new FormData();
  for (const n of [1, 2, 3]) body.append('files', new Blob([`envoi ${n}`]), `envoi${n}.txt`);
  expect((await server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body })).status).toBe(201);
  const { data } = await server.graphql(
    '{ ingests(filter: { kind: UPLOAD }) { nodes { name status done total owner { id } } } }',
    {},
    server.admin.token,
  );
  expect(data.ingests.nodes).toEqual([
    { name: 'envoi1.txt', status: 'DONE', done: 3, total: 3, owner: { id: String(person.id) } },
  ]);
  const events = await server.sql(
    `select type from events where subject_type = 'Ingest' and actor_id = ? order by id`,
    [person.id],
  );
  expect(events.map(({ type }) => type)).toEqual(['ingest.started', 'ingest.finished']);
});

test('fifty files become fifty documents, each once', { timeout: 60_000 }, async () => {
  const names = Array.from({ length: 50 }, (_, n) => `lot-${String(n).padStart(2, '0')}`);
  await Promise.all(names.map((name) => drop(`${name}.txt`, `Contenu de ${name}`)));
  await untilLeft();
  expect((await titles('lot-')).toSorted()).toEqual(names);
});

if (inject('database').kind === 'server') {
  test('two processes on one folder take each file in once', { timeout: 60_000 }, async () => {
    const other = await startApp({ config: { ...server.services.config }, log: pino({ level: 'silent' }) });
    try {
      const names = Array.from({ length: 40 }, (_, n) => `duo-${String(n).padStart(2, '0')}`);
      await Promise.all(names.map((name) => drop(`${name}.txt`, `Contenu de ${name}`)));
      await untilLeft();
      expect((await titles('duo-')).toSorted()).toEqual(names);
      const rows = await server.sql(`select name, status from ingests where name like 'duo-%' order by name`);
      expect(rows).toEqual(names.map((name) => ({ name: `${name}.txt`, status: 'done' })));
    } finally {
      await other.stop();
    }
  });
}
