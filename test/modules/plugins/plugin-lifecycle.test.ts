import { mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { pluginStorage } from '../../../src/modules/plugins/storage/plugin-storage.js';
import { tablesOf } from '../../../src/modules/plugins/storage/plugin-tables.js';
import type { ContributedMigration } from '../../../src/plugin-host/contribution.js';
import { startTestServer, type TestServer } from '../../support/harness.js';
import { changePlugin, nothing, type StandIn, standInRuntime, writePlugin } from '../../support/plugins.js';

let server: TestServer;
let standIn: StandIn;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(inject('folder'), 'plugins-'));
  server = await startTestServer({ env: { PLUGIN_SOURCES: root }, plugins: false });
  standIn = await standInRuntime(server);
});
beforeEach(() => {
  standIn.answer = () => ({ outcome: 'fits', contribution: nothing });
});
afterAll(async () => {
  await standIn?.stop();
  await server?.stop();
});

const rest = (method: string, path: string, json?: object) =>
  server.request(method, `/system/plugins${path}`, {
    token: server.admin.token,
    ...(json && { json }),
  });
const install = async (manifest: { id: string; [key: string]: unknown }): Promise<string> => {
  const source = await writePlugin(root, manifest);
  expect(await rest('POST', '', { name: manifest.id, source })).toMatchObject({ status: 201 });
  return source;
};
const mutate = async (name: string, input: object, selection = 'plugin { id status version grants settings }') => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await server.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
    server.admin.token,
  );
  return errors?.[0]?.extensions ?? data[name];
};
const statusOf = async (id: string) => (await rest('GET', `/${id}`)).json.status;

test('a plugin is installed, enabled, reloaded, disabled and removed, as xcore.md has it', async () => {
  const source = await writePlugin(root, {
    id: 'erp_crm',
    name: 'ERP CRM',
    author: 'XCore Team',
    description: 'Module CRM complet',
    api_prefix: '/erp/crm',
    tags: ['crm', 'customers'],
  });
  expect(await rest('POST', '', { name: 'erp_crm', source, version: '1.0.0' })).toMatchObject({
    status: 201,
    json: { id: 'erp_crm', status: 'installed', message: 'Plugin installé avec succès' },
  });
  const row = {
    id: 'erp_crm',
    name: 'ERP CRM',
    version: '1.0.0',
    author: 'XCore Team',
    api_prefix: '/erp/crm',
    tags: ['crm', 'customers'],
  };
  const detail = { ...row, description: 'Module CRM complet', routes: [], dependencies: [], last_reload: null };
  expect((await rest('GET', '/erp_crm')).json).toEqual({
    ...detail,
    active: false,
    status: 'installed',
    loaded_at: null,
  });
  expect((await rest('POST', '/erp_crm/enable')).json).toEqual({ id: 'erp_crm', active: true });
  expect((await rest('GET', '?active_only=true')).json).toEqual({
    total: 1,
    skip: 0,
    limit: 20,
    items: [{ ...row, active: true, status: 'active', loaded_at: expect.stringMatching(/Z$/) }],
    has_more: false,
  });
  expect((await rest('POST', '/erp_crm/reload')).json).toEqual({
    id: 'erp_crm',
    status: 'reloaded',
    message: 'Plugin rechargé avec succès',
  });
  expect((await rest('GET', '/erp_crm')).json.last_reload).toMatch(/Z$/);
  expect((await rest('PUT', '/erp_crm/disable')).json).toEqual({ id: 'erp_crm', active: false });
  expect((await rest('GET', '?active_only=true')).json.total).toBe(0);
  expect(await rest('DELETE', '/erp_crm')).toMatchObject({ status: 204, text: '' });
  expect(await rest('GET', '/erp_crm')).toMatchObject({
    status: 404,
    json: { error: { code: 'NOT_FOUND', message: 'Plugin non trouvé' } },
  });
  const log = await server.sql(
    `select type from events where subject_type = 'Plugin' and subject_id = 'erp_crm' and type <> 'plugin.progress' order by id`,
  );
  expect(log.map(({ type }) => type)).toEqual([
    'plugin.installed',
    'plugin.loaded',
    'plugin.reloaded',
    'plugin.disabled',
    'plugin.uninstalled',
  ]);
});

test.each([
  'ext::sh -c id',
  '--upload-pack=x',
  'ssh://-oProxyCommand=x/y',
  'file:///etc',
  'git://example.org/a.git',
  'http://example.org/a.git',
  'git@example.org:a/b.git',
  'https://user:pass@example.org/a.git',
  'https://example.org/a.git?x=1',
  '/etc',
  'left-pad',
  'npm:a@npm:b',
  'https://example.org/a.git',
])('%s is refused before anything is asked of anybody', async (source) => {
  const before = standIn.tried.length;
  const answer = await rest('POST', '', { name: 'evil', source });
  expect([answer.status, answer.json.error.details]).toEqual([422, [{ field: 'source', message: expect.any(String) }]]);
  expect(standIn.tried.length).toBe(before);
});

describe('a folder', () => {
  test('is refused with links, with names that differ by case, and with a manifest of something else', async () => {
    const refusal = async (source: string, body: object = {}) => {
      const { status, json } = await rest('POST', '', { name: 'odd', source, ...body });
      return [status, json.error.details[0]?.field, json.error.message];
    };
    const linked = await writePlugin(root, { id: 'odd' });
    await symlink('/etc/passwd', join(linked, 'secrets.txt'));
    expect(await refusal(linked)).toEqual([422, 'source', expect.stringContaining('secrets.txt is a link')]);
    const cased = await writePlugin(root, { id: 'odd' }, { 'A.js': '', 'a.js': '' });
    expect(await refusal(cased)).toEqual([422, 'source', expect.stringContaining('A.js and a.js')]);
    const out = join(root, 'out');
    await symlink('/etc', out);
    expect(await refusal(out)).toEqual([422, 'source', expect.stringContaining('out of the allowed folders')]);
    const other = await writePlugin(root, { id: 'other' });
    expect(await refusal(other)).toEqual([422, 'name', expect.any(String)]);
    const old = await writePlugin(root, { id: 'odd' });
    expect(await refusal(old, { version: '^2.0.0' })).toEqual([422, 'version', expect.any(String)]);
    await writeFile(join(old, 'plugin.json'), `${'['.repeat(30)}${']'.repeat(30)}`);
    expect(await refusal(old)).toEqual([422, 'source', expect.stringContaining('deeper')]);
    expect(await readdir(join(server.services.config.dataDir, 'plugins', '.work'))).toEqual([]);
  });
});

test('one that does not start is failed; mended and reloaded it is active, without a restart', async () => {
  standIn.answer = () => ({ outcome: 'failed', reason: 'SyntaxError: Unexpected token' });
  const source = await writePlugin(root, { id: 'broken' });
  expect((await rest('POST', '', { name: 'broken', source })).json).toMatchObject({ id: 'broken', status: 'failed' });
  expect((await rest('GET', '/broken')).json).toMatchObject({ active: false, reason: 'SyntaxError: Unexpected token' });
  expect(await rest('POST', '/broken/enable')).toMatchObject({ status: 422 });
  standIn.answer = () => ({ outcome: 'fits', contribution: nothing });
  await changePlugin(source, { id: 'broken' }, { 'index.js': 'export default { mended: true };\n' });
  expect(await rest('POST', '/broken/reload')).toMatchObject({ status: 200 });
  expect(await statusOf('broken')).toBe('active');
  // What is served stays when its next files do not start.
  standIn.answer = () => ({ outcome: 'failed', reason: 'again' });
  expect(await rest('POST', '/broken/reload')).toMatchObject({ status: 422 });
  expect(await statusOf('broken')).toBe('active');
});

test('a clash, a reserved or taken prefix and what cannot be composed are refused, and nothing is kept', async () => {
  await install({ id: 'first', api_prefix: '/shop' });
  await rest('POST', '/first/enable');
  const refused = async (manifest: { id: string; [key: string]: unknown }) => {
    const { status, json } = await rest('POST', '', { name: manifest.id, source: await writePlugin(root, manifest) });
    expect((await rest('GET', `/${manifest.id}`)).status).toBe(404);
    return [status, json.error.message];
  };
  expect(await refused({ id: 'second', api_prefix: '/shop' })).toEqual([409, expect.stringContaining('first')]);
  expect(await refused({ id: 'second', api_prefix: '/auth' })).toEqual([409, expect.stringContaining('/auth')]);
  expect(await refused({ id: 'second', api_prefix: '/graphql/x' })).toEqual([409, expect.stringContaining('/graphql')]);
  expect((await refused({ id: 'second', api_prefix: '/' }))[0]).toBe(422);
  expect((await refused({ id: 'second', api_prefix: '/a/../admin' }))[0]).toBe(422);
  standIn.answer = () => ({ outcome: 'clash', reasons: ['type Document is there already, of the core'] });
  expect(await refused({ id: 'second' })).toEqual([409, expect.stringContaining('type Document')]);
  standIn.answer = () => ({ outcome: 'invalid', reasons: ['line 1 of the SDL'] });
  expect(await refused({ id: 'second' })).toEqual([422, expect.stringContaining('line 1 of the SDL')]);
  expect((await rest('POST', '', { name: 'first', source: '/nowhere' })).status).toBe(422);
});

test('what is needed must be active before, in its range, and cannot go', async () => {
  await install({ id: 'app', dependencies: { base: '^2.0.0' } });
  expect(await rest('POST', '/app/enable')).toMatchObject({
    status: 409,
    json: { error: { code: 'CONFLICT', message: expect.stringContaining('base ^2.0.0') } },
  });
  const source = await install({ id: 'base', version: '1.0.0' });
  await rest('POST', '/base/enable');
  expect((await rest('POST', '/app/enable')).json.error.message).toContain('1.0.0');
  await changePlugin(source, { id: 'base', version: '2.1.0' });
  expect(await mutate('upgradePlugin', { id: 'base' })).toMatchObject({
    plugin: { version: '2.1.0', status: 'ACTIVE' },
  });
  expect((await rest('POST', '/app/enable')).json).toEqual({ id: 'app', active: true });
  expect(await mutate('rollbackPlugin', { id: 'base' })).toMatchObject({ reason: 'plugin.needed' });
  for (const [method, path] of [
    ['POST', '/base/disable'],
    ['DELETE', '/base'],
  ] as const)
    expect(await rest(method, path)).toMatchObject({
      status: 409,
      json: { error: { message: expect.stringContaining('app') } },
    });
  await rest('POST', '/app/disable');
  expect(await mutate('rollbackPlugin', { id: 'base' })).toMatchObject({
    plugin: { version: '1.0.0', status: 'ACTIVE' },
  });
});

test('capabilities are granted by an administrator, and secrets never shown', async () => {
  const settings = {
    type: 'object',
    properties: { url: { type: 'string' }, key: { type: 'string', writeOnly: true } },
    required: ['url'],
  };
  const source = await writePlugin(root, { id: 'mailer', capabilities: ['storage', 'graph:read'], settings });
  const input = { id: 'mailer', source, grants: ['storage'], settings: { key: 'tres-secret-9' } };
  server.secrets.rememberPassword('tres-secret-9');
  expect(await mutate('installPlugin', { ...input, grants: ['graph:write'] })).toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  expect(await mutate('installPlugin', input)).toMatchObject({ plugin: { grants: ['storage'], settings: {} } });
  expect(await mutate('updatePluginSettings', { id: 'mailer', settings: { key: 'x', other: 1 } })).toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'settings', 'other'] }, { path: ['input', 'settings', 'url'] }],
  });
  expect(
    await mutate('updatePluginSettings', { id: 'mailer', settings: { url: 'https://mail.example.org' } }),
  ).toMatchObject({ plugin: { settings: { url: 'https://mail.example.org' } } });
  await rest('POST', '/mailer/enable');
  expect(standIn.tried.at(-1)).toMatchObject({
    grants: ['storage'],
    settings: { url: 'https://mail.example.org', key: 'tres-secret-9' },
  });
  await changePlugin(source, { id: 'mailer', version: '1.1.0', capabilities: ['storage', 'events:read'], settings });
  expect(await mutate('upgradePlugin', { id: 'mailer' })).toMatchObject({
    reason: 'plugin.grants_needed',
    details: { added: ['events:read'] },
  });
  expect(await mutate('upgradePlugin', { id: 'mailer', grants: ['events:read'] })).toMatchObject({
    plugin: { version: '1.1.0', grants: ['events:read'], status: 'ACTIVE' },
  });
});

test('installations at the same time wait for each other, and each is composed with those before it', async () => {
  const ids = ['one', 'two', 'three', 'four'];
  const sources = await Promise.all(ids.map((id) => writePlugin(root, { id })));
  const answers = await Promise.all(ids.map((id, i) => rest('POST', '', { name: id, source: sources[i] })));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  const enabled = await Promise.all(ids.map((id) => rest('POST', `/${id}/enable`)));
  expect(enabled.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(standIn.tried.slice(-1)[0]?.others.map(({ id }) => id)).toEqual(
    expect.arrayContaining(ids.filter((id) => id !== standIn.tried.at(-1)?.manifest.id)),
  );
});

describe('tables of its own', () => {
  const migration: ContributedMigration = {
    name: '0001-ratings',
    steps: [
      {
        createTable: 'ratings',
        columns: {
          document_id: { type: 'integer' },
          stars: { type: 'integer', default: 3 },
          note: { type: 'text', nullable: true },
          price: { type: 'numeric', precision: 10, scale: 2, nullable: true },
          seen: { type: 'timestamp', nullable: true },
          extra: { type: 'json', nullable: true },
        },
        unique: [['document_id']],
        indexes: [['stars']],
      },
    ],
  };
  const storage = () => pluginStorage(server.db.client, 'rater', tablesOf([migration]));

  test('come with an enabling, and go with the plugin', async () => {
    standIn.answer = () => ({ outcome: 'fits', contribution: { ...nothing, migrations: [migration] } });
    await install({ id: 'rater' });
    await rest('POST', '/rater/enable');
    const run = storage();
    const nasty = `'; drop table plugins; -- "\\`;
    expect(
      await run({
        insert: 'ratings',
        rows: [
          { document_id: 1, note: nasty, price: '1.10', seen: '2026-02-03T10:00:00Z', extra: { a: [nasty] } },
          { document_id: 2, note: null, price: null, seen: null, extra: null },
        ],
      }),
    ).toEqual([
      {
        id: '1',
        document_id: 1,
        stars: 3,
        note: nasty,
        price: '1.10',
        seen: '2026-02-03T10:00:00.000Z',
        extra: { a: [nasty] },
      },
      { id: '2', document_id: 2, stars: 3, note: null, price: null, seen: null, extra: null },
    ]);
    expect(await run({ find: 'ratings', where: { note: nasty }, columns: ['id'] })).toEqual([{ id: '1' }]);
    expect(await run({ find: 'ratings', where: { document_id: { in: [2, 3] } }, columns: ['id'] })).toEqual([
      { id: '2' },
    ]);
    expect(
      await run({ insert: 'ratings', rows: [{ document_id: 1, stars: 5 }], onConflict: ['document_id'] }),
    ).toMatchObject([{ id: '1', stars: 5, note: nasty }]);
    expect(await run({ update: 'ratings', where: { stars: { lt: 4 } }, set: { stars: 4 } })).toMatchObject([
      { id: '2', stars: 4 },
    ]);
    expect(await run({ count: 'ratings', groupBy: ['stars'] })).toEqual(
      expect.arrayContaining([
        { stars: 4, count: 1 },
        { stars: 5, count: 1 },
      ]),
    );
    await expect(
      run({
        transaction: [
          { delete: 'ratings', where: {} },
          { insert: 'ratings', rows: [{ note: 'x' }] },
        ],
      }),
    ).rejects.toThrow('must have a value');
    expect(await run({ count: 'ratings' })).toBe(2);
    await expect(run({ find: 'plugins' })).rejects.toThrow('There is no table');
    await expect(run({ find: 'ratings', where: { 'id" = 1 or "id': 1 } })).rejects.toThrow('There is no column');
    await expect(run({ find: 'ratings', orderBy: { stars: 'asc; drop' as 'asc' } })).rejects.toThrow('asc or desc');
    await expect(run({ insert: 'ratings', rows: [{ document_id: 'x' }] })).rejects.toThrow('is no integer');

    expect(await mutate('reloadPlugin', { id: 'rater' })).toMatchObject({ plugin: { status: 'ACTIVE' } });
    standIn.answer = () => ({
      outcome: 'fits',
      contribution: { ...nothing, migrations: [{ ...migration, steps: [{ createTable: 'others', columns: {} }] }] },
    });
    expect(await mutate('reloadPlugin', { id: 'rater' })).toMatchObject({
      reason: 'plugin.broken',
      details: { reason: expect.stringContaining('was changed since') },
    });
    expect(await run({ count: 'ratings' })).toBe(2);
    expect((await rest('DELETE', '/rater')).status).toBe(204);
    await expect(run({ count: 'ratings' })).rejects.toThrow('not there any more');
    expect(await server.sql(`select * from plugin_migrations`)).toEqual([]);
  });
});

test('an answer names the processes that have not followed', { timeout: 40_000 }, async () => {
  await install({ id: 'slow' });
  await server.sql(
    `insert into processes (id, host, pid, role, version, heard_at)
     values ('00000000-0000-4000-8000-000000000009', 'elsewhere', 1, 'web', '1', now() + interval '30 seconds')`,
  );
  const { json } = await rest('POST', '/slow/enable');
  expect(json).toEqual({
    id: 'slow',
    active: true,
    lagging: [{ id: '00000000-0000-4000-8000-000000000009', host: 'elsewhere', role: 'web' }],
  });
});
