import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { StorageProblem } from '../../../src/modules/plugins/storage/column-values.js';
import { type PluginStorage, pluginStorage } from '../../../src/modules/plugins/storage/plugin-storage.js';
import { tablesOf } from '../../../src/modules/plugins/storage/plugin-tables.js';
import type { StorageOperation } from '../../../src/plugin-host/plugin-process.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let storage: PluginStorage;

beforeAll(async () => {
  server = await startTestServer({
    env: { PLUGIN_SOURCES: await mkdtemp(join(inject('folder'), 'plugins-')) },
    plugins: false,
  });
  await server.sql('create schema plugin_notes');
  await server.sql(
    'create table plugin_notes.notes (id bigint generated always as identity primary key, word text, stars integer)',
  );
  storage = pluginStorage(
    server.db.client,
    'notes',
    tablesOf([
      {
        name: '1',
        steps: [{ createTable: 'notes', columns: { word: { type: 'text' }, stars: { type: 'integer' } } }],
      },
    ]),
  );
});
afterAll(() => server?.stop());

/** What a plugin may send for a name or a value: its own, somebody else's, and what would end a statement. */
const word = fc.oneof(
  fc.constantFrom('notes', 'word', 'stars', 'id', 'users', 'plugin_notes.notes', 'password_hash', '__proto__', 'asc'),
  fc.constantFrom('notes"; drop table users; --', `word" = '' or true --`, "'; select 1 --", '\0', '$1', '?', ':count'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const value = fc.oneof(
  word,
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.array(word, { maxLength: 3 }),
);
const comparison = fc.dictionary(fc.oneof(fc.constantFrom('in', 'gt', 'gte', 'lt', 'lte', 'not'), word), value, {
  maxKeys: 2,
});
const condition = fc.dictionary(word, fc.oneof(value, comparison), { maxKeys: 3 });
const row = fc.dictionary(word, value, { maxKeys: 3 });
const operation = fc.oneof(
  fc.record(
    {
      find: word,
      where: condition,
      orderBy: fc.dictionary(word, word, { maxKeys: 2 }),
      limit: value,
      offset: value,
      columns: fc.array(word, { maxLength: 3 }),
    },
    { requiredKeys: ['find'] },
  ),
  fc.record({ count: word, where: condition, groupBy: fc.array(word, { maxLength: 2 }) }, { requiredKeys: ['count'] }),
  fc.record(
    { insert: word, rows: fc.array(row, { maxLength: 3 }), onConflict: fc.array(word, { maxLength: 2 }) },
    { requiredKeys: ['insert', 'rows'] },
  ),
  fc.record({ update: word, where: condition, set: row }),
  fc.record({ delete: word, where: condition }),
);

test(
  'whatever a plugin asks of its storage is done on its own tables, or refused in words',
  { timeout: 120_000 },
  async () => {
    const others = async (): Promise<unknown> =>
      server.sql(`
      select (select count(*)::int from users) as users,
             (select count(*)::int from pg_tables where schemaname not in ('pg_catalog', 'pgboss')) as tables`);
    const before = await others();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(operation, fc.record({ transaction: fc.array(operation, { maxLength: 3 }) })),
        async (asked) => {
          await storage(asked as StorageOperation).catch((error: unknown) => {
            expect(error).toBeInstanceOf(StorageProblem);
            expect((error as Error).message).not.toMatch(/syntax error|relation/);
          });
        },
      ),
      { numRuns: 2_000 },
    );
    expect(await others()).toEqual(before);
  },
);
