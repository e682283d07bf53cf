import { afterAll, beforeAll, expect, test } from 'vitest';
import { personalDataOf } from '../../src/app/compose.js';
import { modules } from '../../src/app/modules.js';
import type { ExportPart, UserReference } from '../../src/kernel/personal-data.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const parts = personalDataOf(modules);
const claims = new Map<string, UserReference>(parts.flatMap(({ references = {} }) => Object.entries(references)));
const exported = new Map<string, ExportPart>(parts.flatMap(({ exports = {} }) => Object.entries(exports)));

test('every foreign key to users is claimed for export and for erasure, and nothing else is', async () => {
  const rows = await server.sql(
    `select k.conrelid::regclass::text || '.' || a.attname as reference from pg_constraint k
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
      where k.contype = 'f' and k.conparentid = 0 and k.confrelid = 'users'::regclass`,
  );
  const references = rows.map(({ reference }) => reference as string);
  expect(references.length).toBeGreaterThan(20);
  expect(references.filter((reference) => !claims.has(reference)).toSorted()).toEqual([]);
  expect([...claims.keys()].filter((reference) => !references.includes(reference))).toEqual([]);
});

test.each([...claims])(
  '%s is shown by a part that exists, or says why by none',
  (_reference, { export: shownBy, erasure }) => {
    if (typeof shownBy === 'string') expect([...exported.keys()]).toContain(shownBy);
    else expect(shownBy.none).toMatch(/\w+ \w+/);
    if (erasure !== 'deleted') expect(erasure.kept).toMatch(/\w+ \w+/);
  },
);

test('no two modules export under one key or claim one column', () => {
  expect(exported.size).toBe(parts.flatMap(({ exports = {} }) => Object.keys(exports)).length);
  expect(claims.size).toBe(parts.flatMap(({ references = {} }) => Object.keys(references)).length);
});
