import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { canonicalNumber, fieldValueOf } from '../../../src/modules/documents/custom-fields/custom-field-value.js';
import { CustomFieldKind } from '../../../src/modules/documents/custom-fields/custom-field.entity.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startTestServer();
  token = (await server.person({ roles: ['manager'] })).token;
});
afterAll(() => server?.stop());

const run = async (query: string, variables: object, as = token): Promise<any> => {
  const { data, errors } = await server.graphql(query, variables, as);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return Object.values(data)[0];
};
const createField = async (input: object, as?: string): Promise<string> =>
  (
    await run(
      'mutation ($input: CreateCustomFieldInput!) { createCustomField(input: $input) { customField { id } } }',
      { input },
      as,
    )
  ).customField.id;
const updateField = (input: object): Promise<any> =>
  run(
    'mutation ($input: UpdateCustomFieldInput!) { updateCustomField(input: $input) { customField { name kind choices isRequired documentType { code } } } }',
    { input },
  );
const set = async (documentId: number, values: object[], as?: string): Promise<any> =>
  (
    await run(
      'mutation ($input: SetDocumentFieldsInput!) { setDocumentFields(input: $input) { document { fields { field { name } value number date boolean } } } }',
      { input: { id: documentId, values } },
      as,
    )
  ).document.fields;
const ids = async (filter: object): Promise<number[]> =>
  (
    await run('query ($filter: DocumentFilter) { documents(filter: $filter, orderBy: ID_ASC) { nodes { id } } }', {
      filter,
    })
  ).nodes.map((n: any) => Number(n.id));

let files = 0;
async function ingest(facts: object = {}): Promise<number> {
  const name = `doc${(files += 1)}.txt`;
  await writeFile(join(server.ingestDir, name), `contenu ${files}`);
  const { document } = await run(
    'mutation ($input: IngestDocumentInput!) { ingestDocument(input: $input) { document { id } } }',
    { input: { filePath: name, filename: name, ...facts } },
  );
  return Number(document.id);
}

describe('a value', () => {
  test.each([
    ['007.50', '7.5'],
    ['-0', '0'],
    ['-0.0', '0'],
    ['+3', '3'],
    ['1.000001', '1.000001'],
    ['100', '100'],
    ['0.10', '0.1'],
    ['.5', undefined],
    ['1e3', undefined],
    ['1.0000001', undefined],
    ['1234567890123456', undefined],
    ['', undefined],
    ['1,5', undefined],
  ])('number %s is spelt %s', (text, spelt) => expect(canonicalNumber(text)).toBe(spelt));

  test.each([
    ['TEXT', 'Nord', 'Nord'],
    ['TEXT', 12, '12'],
    ['TEXT', 'x'.repeat(1001), 'too_long'],
    ['TEXT', 'a\0', 'invalid_format'],
    ['TEXT', '\ud800', 'invalid_format'],
    ['TEXT', ' ', 'required'],
    ['TEXT', {}, 'invalid'],
    ['TEXT', [], 'invalid'],
    ['INTEGER', 12, '12'],
    ['INTEGER', '12.0', '12'],
    ['INTEGER', 1.5, 'invalid_format'],
    ['INTEGER', 1e21, 'invalid_format'],
    ['DECIMAL', '12.50', '12.5'],
    ['DECIMAL', true, 'invalid_format'],
    ['DATE', '2026-02-28', '2026-02-28'],
    ['DATE', '2026-02-30', 'invalid_format'],
    ['BOOLEAN', false, 'false'],
    ['BOOLEAN', 'oui', 'invalid_format'],
    ['URL', 'HTTPS://exemple.fr/é', 'HTTPS://exemple.fr/é'],
    ['URL', 'javascript:alert(1)', 'invalid_format'],
    ['URL', 'http://', 'invalid_format'],
    ['CHOICE', 'Nord', 'Nord'],
    ['CHOICE', 'nord', 'not_allowed'],
  ] as const)('of kind %s given as %j is %s', (kind, given, expected) => {
    const outcome = fieldValueOf(CustomFieldKind[kind], ['Nord', 'Sud'], given);
    expect('value' in outcome ? outcome.value : outcome.code).toBe(expected);
  });
});

describe('fields of a document', () => {
  it('keep each kind typed, are read in one go, are changed and removed', async () => {
    const kinds = ['TEXT', 'INTEGER', 'DECIMAL', 'DATE', 'BOOLEAN', 'URL'];
    const fields = await Promise.all(kinds.map((kind) => createField({ name: `Type ${kind}`, kind })));
    fields.push(
      await createField({
        name: 'Chantier, secteur',
        kind: 'CHOICE',
        choices: ['Nord, est', 'Sud "bis"', '{accolade}'],
      }),
    );
    const given = ['abc', 42, '1234567890.125', '2026-02-03', true, 'https://exemple.fr', 'Sud "bis"'];
    const id = await ingest();
    const saved = await set(
      id,
      fields.map((fieldId, i) => ({ fieldId, value: given[i] })),
    );
    const bare = { number: null, date: null, boolean: null };
    expect(saved).toEqual([
      { field: { name: 'Type TEXT' }, ...bare, value: 'abc' },
      { field: { name: 'Type INTEGER' }, ...bare, value: '42', number: 42 },
      { field: { name: 'Type DECIMAL' }, ...bare, value: '1234567890.125', number: 1234567890.125 },
      { field: { name: 'Type DATE' }, ...bare, value: '2026-02-03', date: '2026-02-03' },
      { field: { name: 'Type BOOLEAN' }, ...bare, value: 'true', boolean: true },
      { field: { name: 'Type URL' }, ...bare, value: 'https://exemple.fr' },
      { field: { name: 'Chantier, secteur' }, ...bare, value: 'Sud "bis"' },
    ]);
    const changed = await set(id, [
      { fieldId: fields[1], value: '0042' },
      { fieldId: fields[0], value: null },
      { fieldId: fields[2], value: 1 },
    ]);
    expect(changed.map((f: any) => f.value)).toEqual([
      '42',
      '1',
      '2026-02-03',
      'true',
      'https://exemple.fr',
      'Sud "bis"',
    ]);
    // What was given again is no change.
    const [event] = await server.sql(
      `select data->'fields' as fields from events where type = 'document.updated' order by id desc limit 1`,
    );
    expect(event.fields.toSorted()).toEqual(['fields.Type DECIMAL', 'fields.Type TEXT']);
  });

  it('are refused with all problems at once, and nothing is kept then', async () => {
    const number = await createField({ name: 'Numéro', kind: 'INTEGER' });
    const day = await createField({ name: 'Jour', kind: 'DATE' });
    const contract = await createField({ name: 'Durée', kind: 'INTEGER', documentTypeId: '2' });
    const id = await ingest({ typeId: '1' });
    const values = [
      { fieldId: number, value: 'douze' },
      { fieldId: day, value: '2026-02-30' },
      { fieldId: contract, value: 3 },
      { fieldId: '999999', value: 1 },
      { fieldId: number, value: 1 },
    ];
    await expect(set(id, values)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [
        { path: ['input', 'values', 0, 'value'], code: 'invalid_format' },
        { path: ['input', 'values', 1, 'value'], code: 'invalid_format' },
        { path: ['input', 'values', 2, 'fieldId'], code: 'not_allowed' },
        { path: ['input', 'values', 3, 'fieldId'], code: 'unknown_reference' },
        { path: ['input', 'values', 4, 'fieldId'], code: 'duplicate' },
      ],
    });
    expect(
      (await server.sql('select count(*)::int as n from document_field_values where document_id = ?', [id]))[0].n,
    ).toBe(0);
  });

  it('that are required must be there once fields are set, of the document’s own type only', async () => {
    const field = await createField({ name: 'Référence RH', kind: 'TEXT', documentTypeId: '4', isRequired: true });
    const free = await createField({ name: 'Note', kind: 'TEXT' });
    const id = await ingest({ typeId: '4' });
    await expect(set(id, [{ fieldId: free, value: 'x' }])).rejects.toMatchObject({
      fields: [{ path: ['input', 'values'], code: 'required' }],
    });
    await set(id, [
      { fieldId: free, value: 'x' },
      { fieldId: field, value: 'R-1' },
    ]);
    await expect(set(id, [{ fieldId: field, value: null }])).rejects.toMatchObject({
      fields: [{ path: ['input', 'values', 0, 'value'], code: 'required' }],
    });
    await set(await ingest({ typeId: '1' }), [{ fieldId: free, value: 'x' }]);
    // The type may go; the field is then for all.
    const { documentType } = await run(
      'mutation { createDocumentType(input: { code: "PASSAGER", label: "P" }) { documentType { id } } }',
      {},
    );
    const bound = await createField({ name: 'Passager', kind: 'TEXT', documentTypeId: documentType.id });
    await run('mutation ($input: DeleteDocumentTypeInput!) { deleteDocumentType(input: $input) { deletedId } }', {
      input: { id: documentType.id },
    });
    expect((await updateField({ id: bound, name: 'Ancien passager' })).customField.documentType).toBeNull();
    const remove = (input: object) =>
      run('mutation ($input: DeleteCustomFieldInput!) { deleteCustomField(input: $input) { deletedId } }', { input });
    await expect(remove({ id: field })).rejects.toMatchObject({
      reason: 'custom_field.in_use',
      details: { count: expect.any(Number) },
    });
    await remove({ id: field, force: true });
    expect(
      (await server.sql('select count(*)::int as n from document_field_values where document_id = ?', [id]))[0].n,
    ).toBe(1);
  });

  it('find documents by whole value, numbers in any spelling', async () => {
    const [text, amount, flag] = [
      await createField({ name: 'F texte', kind: 'TEXT' }),
      await createField({ name: 'F montant', kind: 'DECIMAL' }),
      await createField({ name: 'F drapeau', kind: 'BOOLEAN' }),
    ];
    const long = 'long '.repeat(60).trim();
    const [one, two] = [await ingest(), await ingest()];
    await set(one, [
      { fieldId: text, value: '12.50' },
      { fieldId: amount, value: '12.50' },
      { fieldId: flag, value: true },
    ]);
    await set(two, [
      { fieldId: text, value: long },
      { fieldId: amount, value: 7 },
      { fieldId: flag, value: true },
    ]);
    expect(await ids({ fields: [{ fieldId: amount, value: '012.500' }] })).toEqual([one]);
    expect(await ids({ fields: [{ fieldId: text, value: '12.50' }] })).toEqual([one]);
    expect(await ids({ fields: [{ fieldId: text, value: '12.5' }] })).toEqual([]);
    expect(await ids({ fields: [{ fieldId: text, value: long }] })).toEqual([two]);
    expect(await ids({ fields: [{ fieldId: flag, value: true }] })).toEqual([one, two]);
    expect(
      await ids({
        fields: [
          { fieldId: flag, value: true },
          { fieldId: amount, value: 7 },
        ],
      }),
    ).toEqual([two]);
    for (const value of [{ a: 1 }, null, [1]])
      expect(await ids({ fields: [{ fieldId: 'x', value: value ?? 'x' }] })).toEqual([]);
    await expect(ids({ fields: Array(11).fill({ fieldId: text, value: 'x' }) })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(ids({ fields: [{ fieldId: text, value: 'a\0' }] })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('definitions', () => {
  it('are made by managers, read by all who are signed in, and report everything wrong', async () => {
    const user = await server.person();
    await expect(createField({ name: 'Interdit', kind: 'TEXT' }, user.token)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(
      createField({ name: ' ', kind: 'CHOICE', choices: ['a', '', 'a'], documentTypeId: '999' }),
    ).rejects.toMatchObject({
      fields: [
        { path: ['input', 'name'], code: 'required' },
        { path: ['input', 'choices', 1], code: 'required' },
        { path: ['input', 'choices', 2], code: 'duplicate' },
        { path: ['input', 'documentTypeId'], code: 'unknown_reference' },
      ],
    });
    await expect(createField({ name: 'Sans choix', kind: 'TEXT', choices: ['a'] })).rejects.toMatchObject({
      fields: [{ path: ['input', 'choices'], code: 'not_allowed' }],
    });
    await createField({ name: 'Unique', kind: 'TEXT' });
    await expect(createField({ name: 'UNIQUE', kind: 'DATE' })).rejects.toMatchObject({
      code: 'CONFLICT',
      fields: [{ path: ['input', 'name'], code: 'duplicate' }],
    });
    const { data } = await server.graphql('{ customFields(first: 100) { nodes { name } } }', {}, user.token);
    expect(data.customFields.nodes).toContainEqual({ name: 'Unique' });
    expect((await server.graphql('{ customFields { totalCount } }')).errors?.[0].extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('do not lose a choice that documents have', async () => {
    const id = await createField({ name: 'Choix', kind: 'CHOICE', choices: ['a', 'b'] });
    await set(await ingest(), [{ fieldId: id, value: 'a' }]);
    await expect(updateField({ id, choices: ['b'] })).rejects.toMatchObject({
      code: 'CONFLICT',
      reason: 'custom_field.choice_in_use',
      details: { count: 1 },
    });
    expect((await updateField({ id, choices: ['c', 'a'] })).customField.choices).toEqual(['c', 'a']);
  });

  it('hold in the database, whatever writes to it', async () => {
    const field = await createField({ name: 'Contrainte', kind: 'INTEGER' });
    const id = await ingest();
    const insert = (columns: string, values: string): Promise<any[]> =>
      server.sql(`insert into document_field_values (document_id, field_id, ${columns}) values (?, ?, ${values})`, [
        id,
        field,
      ]);
    await expect(insert('kind, value', `'text', 'x'`)).rejects.toThrow();
    await expect(insert('kind, value', `'integer', '3'`)).rejects.toThrow();
    await expect(insert('kind, value, number_value', `'integer', '3', 4`)).rejects.toThrow();
    await expect(insert('kind, value, number_value', `'integer', '3.5', 3.5`)).rejects.toThrow();
    await insert('kind, value, number_value', `'integer', '3', 3`);
  });
});

it('a stranger neither reads nor sets the fields of a private document', async () => {
  const [owner, stranger] = [await server.person(), await server.person()];
  const field = await createField({ name: 'Privé', kind: 'TEXT' });
  const body = new FormData();
  body.append('file', new Blob(['privé']), 'prive.txt');
  const { id } = (await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body })).json
    .results[0];
  expect(await set(id, [{ fieldId: field, value: 'v' }], owner.token)).toHaveLength(1);
  await expect(set(id, [{ fieldId: field, value: 'w' }], stranger.token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { data } = await server.graphql(
    'query ($filter: DocumentFilter) { documents(filter: $filter) { totalCount } }',
    { filter: { fields: [{ fieldId: field, value: 'v' }] } },
    stranger.token,
  );
  expect(data.documents.totalCount).toBe(0);
});
