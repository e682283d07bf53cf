import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type App, startApp } from '../../src/app/start.js';
import { startTestServer, type TestServer } from '../support/harness.js';

const isServer = inject('database').kind === 'server';
let server: TestServer;
/** A second process's worth of server on the same database; none on an embedded one. */
let other: App | undefined;
beforeAll(async () => {
  server = await startTestServer();
  if (isServer)
    other = await startApp({ config: { ...server.services.config, port: 0 }, log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await other?.stop();
  await server?.stop();
});

interface Asked {
  names: string[];
  /** How many statements read the table. */
  statements: number;
}

/** All tags, as an administrator who is shown the statements. */
async function tags(url = server.url): Promise<Asked> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.admin.token}`,
      'x-graphql-sql': 'include',
    },
    body: JSON.stringify({ query: `{ tags(first: 10000) { nodes { name } } }` }),
  });
  const { data, extensions } = (await response.json()) as any;
  return {
    names: data.tags.nodes.map(({ name }: { name: string }) => name),
    statements: extensions.sql.statements.filter(({ text }: { text: string }) => text.includes(' from tags ')).length,
  };
}

const change = async (mutation: string): Promise<any> => {
  const { data, errors } = await server.graphql(`mutation { ${mutation} }`, {}, server.admin.token);
  expect(errors).toBeUndefined();
  return data;
};

test('what everybody is filed by is read once until it changes, which is seen at once', async () => {
  const { createTag } = await change('createTag(input: { name: "Urgent" }) { tag { id } }');
  const { id } = createTag.tag;
  expect(await tags()).toEqual({ names: ['Urgent'], statements: 1 });
  expect(await tags()).toEqual({ names: ['Urgent'], statements: 0 });

  await change('createTag(input: { name: "Archives" }) { tag { id } }');
  expect(await tags()).toEqual({ names: ['Archives', 'Urgent'], statements: 1 });
  await change(`updateTag(input: { id: ${id}, name: "Pressant" }) { tag { id } }`);
  expect((await tags()).names).toEqual(['Archives', 'Pressant']);
  await change(`deleteTag(input: { id: ${id} }) { deletedId }`);
  expect((await tags()).names).toEqual(['Archives']);
});

test('what a count is asked with shows the same', async () => {
  const asked = await server.graphql('{ tags(first: 5) { nodes { name } totalCount } }', {}, server.admin.token);
  expect(asked.data.tags).toEqual({ nodes: [{ name: 'Archives' }], totalCount: 1 });
});

test('whoever is not signed in gets none of what others were shown', async () => {
  await tags();
  const { data, errors } = await server.graphql('{ tags(first: 10000) { nodes { name } } }');
  expect([data.tags, errors?.[0].extensions.code]).toEqual([null, 'UNAUTHENTICATED']);
});

test.runIf(isServer)('what one process changes, the others show as soon as PostgreSQL tells them', async () => {
  const url = (other as App).url;
  expect((await tags(url)).names).toEqual(['Archives']);
  await change('createTag(input: { name: "Contrats" }) { tag { id } }');
  await expect.poll(async () => (await tags(url)).names, { timeout: 900 }).toEqual(['Archives', 'Contrats']);
  // Whatever changes the table, not only the server.
  await server.sql(`update tags set name = 'Baux' where name = 'Contrats'`);
  await expect.poll(async () => (await tags(url)).names, { timeout: 900 }).toEqual(['Archives', 'Baux']);
});
