import { execFile, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const bash = (script: string, env: Record<string, string>) =>
  promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    env: { ...process.env, BASE: server.url, ...env },
  });

const blocksOf = (heading: string): string[] => {
  const section = readFileSync('README.md', 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/```bash\n(.*?)```/gs)].map(([, block]) => block as string);
};

test('the tour of the README gives what it says, and again when it is pasted again', async () => {
  const blocks = blocksOf('Tour');
  expect(blocks.length).toBeGreaterThanOrEqual(6);
  const tour = blocks.join('\necho\n');
  const { stdout: first } = await bash(tour, {});
  expect(first).not.toMatch(/"errors?":(?!\[\])/);
  expect(first).toContain('"full_name":"Camille Martin"');
  expect(first).toContain('"original_filename":"facture-edf.pdf"');
  expect(first).toMatch(/"textStatus":"EXTRACTED"/);
  expect(first).toMatch(/"number":"FA\d{4}-00001","status":"PAID"/);
  const { stdout: second } = await bash(tour, {});
  expect(second).toMatch(/"number":"FA\d{4}-00002","status":"PAID"/);
  for (const stdout of [first, second]) {
    expect(stdout).toContain('"total":119.99');
    expect(stdout).toContain('200 application/pdf');
    expect(stdout).toContain('200 application/zip');
    expect(stdout).toMatch(/"status":"paid".*"amountPaid":119.99,"amountDue":0/);
    expect(stdout.match(/"created":3/g)).toHaveLength(2);
    expect(stdout).toContain('"created":0,"duplicates":3');
    expect(stdout).toContain('id;transaction_date;description;category;account;amount;currency');
  }
});

test('the live command of the README hears of the note that was filed before it', async () => {
  const person = await server.person();
  const { stdout } = await bash(blocksOf('Live, and from programs').join('\n'), { TOKEN: person.token });
  expect(stdout).toMatch(/^filed: 20[01]$/m);
  expect(stdout).toMatch(/document\.created/);
});

test('the work in the field of the README gives what it says', async () => {
  const script = blocksOf('Work in the field')
    .join('\necho\n')
    .replace('\\"admin\\"', `\\"${server.admin.username}\\"`);
  const { stdout } = await bash(script, { ADMIN_PASSWORD: server.admin.password });
  expect(stdout).toContain('"message":"Statut changé avec succès"');
  expect(stdout).toContain('200 application/pdf');
  expect(stdout).toMatch(
    /"name":"Boulangerie Éclair".*"status":"IN_PROGRESS","report":\{"document":\{"title":"Rapport d’inspection/,
  );
});

/** On a machine without Python this is not defined. */
if (spawnSync('python3', ['--version']).status === 0) {
  test('the Python program of the README lists documents and hears of new ones', async () => {
    const person = await server.person();
    const upload = (name: string) => {
      const body = new FormData();
      body.append('files', new Blob([name]), `${name}.txt`);
      return server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body });
    };
    await upload('avant');
    const [, program = ''] = /```python\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];
    const running = spawn('python3', ['-c', program], {
      env: { ...process.env, BASE: server.url, TOKEN: person.token },
    });
    let said = '';
    for (const stream of [running.stdout, running.stderr]) stream.on('data', (data) => (said += String(data)));
    try {
      await expect.poll(() => said, { timeout: 30_000 }).toMatch(/^\d+ avant\nlistens after \d+$/m);
      await upload('ensuite');
      await expect.poll(() => said, { timeout: 30_000 }).toMatch(/^\d+ DOCUMENT_CREATED ensuite$/m);
    } finally {
      running.kill();
    }
  });
}

test('the live client of the README resumes when its socket is closed, and loses or doubles nothing', async () => {
  const person = await server.person();
  const [, program = ''] = /```js\n(.*?)```/s.exec(readFileSync('README.md', 'utf8')) ?? [];
  const listener = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, BASE: server.url, TOKEN: person.token },
  });
  let said = '';
  for (const stream of [listener.stdout, listener.stderr]) stream.on('data', (data) => (said += String(data)));
  const upload = async (text: string): Promise<string> => {
    const body = new FormData();
    body.append('files', new Blob([text]), 'note.txt');
    const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body });
    return `DOCUMENT_CREATED ${json.results[0].id}`;
  };
  const created = (): string[] => said.split('\n').filter((line) => line.startsWith('DOCUMENT_CREATED'));
  try {
    await expect.poll(() => said, { timeout: 10_000 }).toMatch(/^listens after \d+$/m);
    const first = await upload('La première');
    await expect.poll(created, { timeout: 10_000 }).toEqual([first]);
    await server.graphql(
      'mutation ($id: ID!) { assignRole(input: { userId: $id, roleId: 7 }) { user { id } } }',
      { id: person.id },
      server.admin.token,
    );
    const missed = [await upload('La deuxième'), await upload('La troisième')];
    await expect.poll(created, { timeout: 15_000 }).toEqual([first, ...missed]);
    expect(said.match(/^listens after/gm)).toHaveLength(2);
  } finally {
    listener.kill();
  }
});

test('the documented calls answer as documented', async () => {
  const person = await server.person({ roles: ['manager'] });
  const { stdout } = await bash('bash examples/documented-calls.sh', {
    TOKEN: person.token,
    INGEST_DIR: server.ingestDir,
  });
  expect(stdout).toContain('every documented call answered as documented');
});
