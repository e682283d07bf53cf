import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const createTag = (input: object) =>
  server.graphql(
    'mutation ($input: CreateTagInput!) { createTag(input: $input) { tag { id } } }',
    { input },
    server.admin.token,
  );

function upload(name: string, text: string): Promise<Answer> {
  const body = new FormData();
  body.set('file', new File([text], name, { type: 'text/plain' }));
  return server.request('POST', '/kdocs/api/documents/upload', { body, token: server.admin.token });
}

test('a rule that repeats too much is refused as it is written, and named', async () => {
  const { errors } = await createTag({ name: 'Cher', match: 'x [a-z]{0,1000}', matchingAlgorithm: 'REGEX' });
  expect(errors?.[0].extensions.fields).toEqual([
    { path: ['input', 'match'], code: 'invalid', message: expect.stringContaining('most of it in `[a-z]{0,1000}`') },
  ]);
});

test('others are served while rules from before there was a limit are asked, and quick ones are asked first', async () => {
  for (let index = 0; index < 12; index += 1) {
    const { errors } = await createTag({ name: `Lent ${index}`, match: `lent${index}`, matchingAlgorithm: 'ANY' });
    expect(errors).toBeUndefined();
  }
  await server.sql("update tags set match = '(?:.*a){0,300}9', matching_algorithm = 'regex' where name like 'Lent%'");
  await createTag({ name: 'Proche', match: 'entreprise generale du batiment', matchingAlgorithm: 'FUZZY' });
  await createTag({ name: 'Rapide', match: 'grenelle', matchingAlgorithm: 'ANY' });

  let answer: Answer | undefined;
  const text = `${'a letter about the banana harvest '.repeat(6_000)} grenelle`;
  const asked = upload('lettre.txt', text).then((done) => (answer = done));
  let rounds = 0;
  for (; !answer; rounds += 1) {
    expect((await server.request('GET', '/health')).status).toBe(200);
    await setImmediate();
  }
  expect((await asked).status).toBe(201);
  expect(rounds).toBeGreaterThan(10);
  const tags = await server.sql('select t.name from document_tags dt join tags t on t.id = dt.tag_id order by t.name');
  expect(tags).toEqual([{ name: 'Rapide' }]);
  expect(server.log.join('')).toContain('rules took too long over a document');
});
