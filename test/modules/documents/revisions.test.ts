import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePdf } from '../../support/files.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

async function change(name: string, type: string, input: object, selection: string): Promise<any> {
  const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await server.graphql(text, { input }, server.admin.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data[name];
}
const update = async (input: object): Promise<any> =>
  (await change('updateDocument', 'UpdateDocumentInput', input, 'document { title revision }')).document;

async function file(content: Buffer, filename: string): Promise<string> {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(content)]), filename);
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token: server.admin.token, body });
  return String(json.results[0].id);
}

test('an old revision is a conflict that says what changed; without one the change goes by what is there', async () => {
  const id = await file(await makePdf(['Bail']), 'bail.pdf');
  expect(await update({ id, revision: 1, title: 'Bail' })).toEqual({ title: 'Bail', revision: 2 });
  const { customField } = await change(
    'createCustomField',
    'CreateCustomFieldInput',
    { name: 'Dossier', kind: 'TEXT' },
    'customField { id }',
  );
  const values = [{ fieldId: customField.id, value: 'A 12' }];
  await change('setDocumentFields', 'SetDocumentFieldsInput', { id, values }, 'document { id }');
  await change('bulkEditDocuments', 'BulkEditDocumentsInput', { ids: [id], typeId: '2' }, 'changedCount');
  await expect(update({ id, revision: 2, title: 'Autre' })).rejects.toMatchObject({
    code: 'CONFLICT',
    reason: 'stale_version',
    details: { version: 4, changed: ['fields.Dossier', 'typeId'] },
  });
  await expect(update({ id, revision: 9, title: 'Autre' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await update({ id, title: 'Bail commercial' })).toEqual({ title: 'Bail commercial', revision: 5 });
  expect(await update({ id, revision: 5, title: 'Bail' })).toEqual({ title: 'Bail', revision: 6 });
});

test('each page of a PDF is drawn to be read; what has no such page has none', async () => {
  const pdf = await makePdf(Array.from({ length: 120 }, (_, line) => `Ligne ${line}`));
  const id = await file(pdf, 'long.pdf');
  const { data } = await server.graphql(
    'query ($id: ID!) { document(id: $id) { pageCount previewUrl viewUrl one: pageUrl two: pageUrl(page: 2) } }',
    { id },
    server.admin.token,
  );
  const { pageCount, previewUrl, viewUrl, one, two } = data.document;
  expect(pageCount).toBeGreaterThan(1);
  const answers = await Promise.all(
    [previewUrl, one, two, viewUrl, two.replace(/\d+$/, '99'), two.replace(/\d+$/, 'x')].map((path) =>
      server.request('GET', path, { token: server.admin.token }),
    ),
  );
  expect(answers.map(({ status, headers }) => [status, headers.get('content-type')?.split(';')[0]])).toEqual([
    [200, 'image/png'],
    [200, 'image/png'],
    [200, 'image/png'],
    [200, 'application/pdf'],
    [404, 'application/json'],
    [404, 'application/json'],
  ]);
  expect(answers[1]?.text).not.toBe(answers[2]?.text);
});
