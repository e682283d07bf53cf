import type { EntityProperty } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import readOptions from '../../mikro-orm.config.js';
import { entitiesOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import { findDrift } from '../../src/db/drift.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
});

describe('entities and migrations', () => {
  test('agree on every column: its name, its type, whether it may be null', async () => {
    expect(await findDrift(server.db.orm.em)).toEqual([]);
    expect(await server.db.orm.migrator.checkSchema()).toBe(false);
  });

  test('are found to differ when a property is added or changed without a migration', async () => {
    const { orm } = server.db;
    const [entity] = [...orm.getMetadata().getAll().values()].filter(({ tableName }) => tableName === 'tags');
    const name = entity?.props.find((prop) => prop.name === 'name') as EntityProperty;
    const driftOf = (changed: Partial<EntityProperty>): Promise<string[]> =>
      findDrift(orm.em, [{ tableName: 'tags', props: [{ ...name, ...changed }] }] as never);
    expect(await driftOf({})).toEqual([]);
    expect(await driftOf({ fieldNames: ['nickname'] })).toEqual([
      'tags.nickname: in the entity (text), not in the database: write a migration',
    ]);
    expect(await driftOf({ columnTypes: ['varchar(50)'] })).toEqual([
      'tags.name: character varying(50) in the entity, text in the database',
    ]);
    expect(await driftOf({ nullable: true })).toEqual([
      'tags.name: nullable in the entity, not nullable in the database',
    ]);
    expect(await findDrift(orm.em, [{ tableName: 'nothing', props: [name] }] as never)).toEqual([
      'nothing: there is no such table or view',
    ]);
  });
});

test("the options of MikroORM's command line are those of the server", () => {
  const { databaseUrl, dataDir } = server.services.config;
  vi.stubEnv('DATA_DIR', dataDir);
  vi.stubEnv('DATABASE_URL', databaseUrl ?? '');
  for (const name of ['JWT_SECRET', 'ENCRYPTION_KEY']) vi.stubEnv(name, 'x'.repeat(32));
  const options = readOptions();
  const own = server.db.orm.config;
  expect(options.entities).toEqual(entitiesOf(modules));
  expect(own.get('entities')).toEqual(options.entities);
  expect(own.get('driver')).toBe(options.driver);
  expect(own.get('migrations').migrationsList).toEqual(options.migrations.migrationsList);
  expect(own.get('extensions')).toEqual(options.extensions);
  if ('clientUrl' in options) expect(own.get('clientUrl')).toBe(options.clientUrl);
  else expect(own.get('dbName')).toBe(options.dbName);
});
