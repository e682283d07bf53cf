import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const decomposed = 'Électricité'.normalize('NFD');

/** What the migration does to names that were stored before it. */
async function composeNames(): Promise<void> {
  const { migrator } = server.db.orm;
  await server.sql(`delete from mikro_orm_migrations where name = '0058-composed-names'`);
  await migrator.up();
}

test('names stored before they were composed are found by what is typed, and those of two are left', async () => {
  const { token } = server.admin;
  const person = await server.person();
  await server.sql(`insert into tags (name) values (?), (?), (?), (?)`, [
    decomposed,
    'Énergie'.normalize('NFD'),
    'énergie',
    'Eau',
  ]);
  await server.sql(`insert into correspondents (name) values (?)`, [decomposed]);
  await server.sql(`insert into document_types (code, label) values ('ELEC', ?)`, [decomposed]);
  await server.sql(`insert into custom_fields (name, kind) values (?, 'text')`, [decomposed]);
  await server.sql(`update users set first_name = ? where id = ?`, ['Hélène'.normalize('NFD'), person.id]);
  await composeNames();

  const { data } = await server.graphql(
    `query ($id: ID!) {
      tags(first: 10, filter: { search: "électricité" }) { nodes { name } }
      correspondents(first: 10, filter: { search: "électricité" }) { nodes { name } }
      documentTypes(first: 10) { nodes { label } }
      customFields(first: 10) { nodes { name } }
      user(id: $id) { firstName }
    }`,
    { id: String(person.id) },
    token,
  );
  expect(data).toEqual({
    tags: { nodes: [{ name: 'Électricité' }] },
    correspondents: { nodes: [{ name: 'Électricité' }] },
    documentTypes: { nodes: expect.arrayContaining([{ label: 'Électricité' }]) },
    customFields: { nodes: [{ name: 'Électricité' }] },
    user: { firstName: 'Hélène' },
  });
  const names = await server.sql(`select name from tags where lower(normalize(name)) = 'énergie' order by id`);
  expect(names).toEqual([{ name: 'Énergie'.normalize('NFD') }, { name: 'énergie' }]);
});
