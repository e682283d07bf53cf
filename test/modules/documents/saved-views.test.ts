import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let manager: Person;
let user: Person;
beforeAll(async () => {
  server = await startTestServer();
  [manager, user] = [await server.person({ roles: ['manager'] }), await server.person()];
  await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, document_type_id, owner_id, amount, created_at)
     select 'Document ' || i, i || '.pdf', i || '.pdf', 'k', lpad(to_hex(i), 64, '0'), 1, 'application/pdf', 1 + i % 2, case when i <= 3 then ?::int else ?::int end, i * 10,
       timestamptz '2026-01-01' + i * interval '1 day' from generate_series(1, 8) i`,
    [user.id, manager.id],
  );
});
afterAll(() => server?.stop());

const run = async (query: string, variables: object, as: Person): Promise<any> => {
  const { data, errors } = await server.graphql(query, variables, as.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return Object.values(data)[0];
};
const conditions =
  'typeId isWithoutType correspondentId isWithoutCorrespondent amountMin createdAfter search ids fields { fieldId value }';
/** As the graph shows a filter that has only these conditions. */
const shown = (filter: object): object => ({
  typeId: null,
  isWithoutType: false,
  correspondentId: null,
  isWithoutCorrespondent: false,
  amountMin: null,
  createdAfter: null,
  search: null,
  ids: null,
  fields: null,
  ...filter,
});
const create = async (input: object, as = user): Promise<any> =>
  (
    await run(
      `mutation ($input: CreateSavedViewInput!) { createSavedView(input: $input) { savedView { id name filter { ${conditions} } orderBy isShared owner { id } } } }`,
      { input },
      as,
    )
  ).savedView;
const update = (input: object, as = user): Promise<any> =>
  run(
    `mutation ($input: UpdateSavedViewInput!) {
       updateSavedView(input: $input) { savedView { name filter { ${conditions} } orderBy isShared } } }`,
    { input },
    as,
  );
const remove = (id: string, as = user): Promise<any> =>
  run(
    'mutation ($input: DeleteSavedViewInput!) { deleteSavedView(input: $input) { deletedId } }',
    { input: { id } },
    as,
  );
const open = async (id: string, as = user, args = 'first: 10'): Promise<any> =>
  (
    await run(
      `query ($id: ID!) { savedView(id: $id) { documents(${args}) { totalCount nodes { title } pageInfo { hasNextPage endCursor } } } }`,
      { id },
      as,
    )
  )?.documents;
const names = async (as: Person): Promise<string[]> =>
  (await run('{ savedViews { nodes { name } } }', {}, as)).nodes.map((n: any) => n.name);

test('a view keeps conditions and order, and shows each viewer their own documents', async () => {
  const filter = { typeId: '2', amountMin: 10, createdAfter: '2026-01-02T00:00:00Z' };
  const view = await create({ name: 'Contrats', filter, orderBy: 'AMOUNT_DESC', isShared: true }, manager);
  expect(view).toEqual({
    id: expect.any(String),
    name: 'Contrats',
    filter: shown({ typeId: '2', amountMin: 10, createdAfter: '2026-01-02T00:00:00Z' }),
    orderBy: 'AMOUNT_DESC',
    isShared: true,
    owner: { id: String(manager.id) },
  });
  expect((await open(view.id, manager)).nodes.map((n: any) => n.title)).toEqual([
    'Document 7',
    'Document 5',
    'Document 3',
    'Document 1',
  ]);
  expect((await open(view.id)).nodes.map((n: any) => n.title)).toEqual(['Document 3', 'Document 1']);
  const page = await open(view.id, manager, 'first: 3');
  expect([page.totalCount, page.pageInfo.hasNextPage]).toEqual([4, true]);
  expect((await open(view.id, manager, `first: 3, after: "${page.pageInfo.endCursor}"`)).nodes).toEqual([
    { title: 'Document 1' },
  ]);
});

test('a name is one’s own, whatever its case; another person may have it too', async () => {
  await create({ name: 'À payer' });
  await expect(create({ name: 'à PAYER' })).rejects.toMatchObject({
    code: 'CONFLICT',
    fields: [{ path: ['input', 'name'], code: 'duplicate' }],
  });
  await create({ name: 'À payer' }, manager);
  await expect(create({ name: '  ' })).rejects.toMatchObject({
    fields: [{ path: ['input', 'name'], code: 'required' }],
  });
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => create({ name: 'Course' })));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a private view is not there for others; a shared one is changed by its owner or who edits all documents', async () => {
  const secret = await create({ name: 'Secret' });
  expect(await names(manager)).not.toContain('Secret');
  expect(await open(secret.id, manager)).toBeUndefined();
  await expect(update({ id: secret.id, name: 'Vu' }, manager)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(remove(secret.id, manager)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(create({ name: 'Pour tous', isShared: true })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(update({ id: secret.id, isShared: true })).rejects.toMatchObject({ code: 'FORBIDDEN' });

  const shared = await create({ name: 'Partagée', isShared: true }, manager);
  expect(await names(user)).toContain('Partagée');
  await expect(update({ id: shared.id, name: 'x' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    reason: 'saved_view.read_only',
  });
  expect(
    (await update({ id: shared.id, filter: { search: 'x' }, name: 'Partagée 2' }, server.admin)).savedView,
  ).toEqual({ name: 'Partagée 2', filter: shown({ search: 'x' }), orderBy: 'CREATED_AT_DESC', isShared: true });
  await expect(update({ id: shared.id, isShared: false }, server.admin)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await names(user)).toContain('Partagée 2');
  expect((await update({ id: shared.id, isShared: false }, manager)).savedView.isShared).toBe(false);
  await update({ id: shared.id, isShared: true }, manager);
  await remove(shared.id, server.admin);
  expect(await names(user)).not.toContain('Partagée 2');
  expect((await server.graphql('{ savedViews { totalCount } }')).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
});

test('what views show costs a statement a view, and says so', async () => {
  const cost = async (fields: string): Promise<unknown> => {
    const json = { query: `{ savedViews(first: 50) { nodes { ${fields} } } }` };
    const answer = await server.request('POST', '/graphql', {
      json,
      token: user.token,
      headers: { 'x-graphql-cost': 'include' },
    });
    return answer.json.errors?.[0].extensions.reason ?? answer.json.extensions.cost.points;
  };
  expect(await cost('documents(first: 1) { totalCount }')).toBe(50 * (1 + 101));
  expect(await cost('documents { nodes { id } }')).toBe(50 * (1 + 100 + 20 * 2));
  const often = Array.from({ length: 5 }, (_, n) => `a${n}: documents(first: 1) { totalCount }`);
  expect(await cost(often.join(' '))).toBe('too_expensive');
});

test('a view outlives what its conditions name, and conditions that the graph no longer takes', async () => {
  const { tag } = await run('mutation { createTag(input: { name: "Passager" }) { tag { id } } }', {}, manager);
  const view = await create({ name: 'Ancienne', filter: { tagId: tag.id } });
  await run(
    'mutation ($input: DeleteTagInput!) { deleteTag(input: $input) { deletedId } }',
    { input: { id: tag.id } },
    manager,
  );
  expect(await open(view.id)).toMatchObject({ totalCount: 0, nodes: [] });
  await server.sql(
    `update saved_views set filter = '{"gone": 1, "amountMin": "beaucoup", "typeId": "2"}' where id = ?`,
    [view.id],
  );
  expect((await open(view.id)).totalCount).toBe(2);
  const none = await create({ name: 'Sans type', filter: { typeId: null } });
  expect(none.filter).toEqual(shown({ isWithoutType: true }));
  expect((await open(none.id)).totalCount).toBe(0);

  const documents = (await open((await create({ name: 'Tout' })).id, user, 'first: 3')).nodes;
  const rows = await server.sql('select id from documents where owner_id = ? order by id', [user.id]);
  const ids = rows.map(({ id }: { id: number }) => String(id));
  expect([documents.length, ids.length]).toEqual([3, 3]);
  const picked = await create({ name: 'Choisis', filter: { ids: [ids[0], ids[1]], fields: [] } });
  expect(picked.filter).toEqual(shown({ ids: [ids[0], ids[1]], fields: [] }));
  expect((await open(picked.id)).totalCount).toBe(2);
  const both = `filter: { ids: ["${ids[1]}", "${ids[2]}"] }`;
  expect((await open(picked.id, user, both)).nodes).toEqual([{ title: 'Document 2' }]);
  await expect(
    create({ name: 'Trop', filter: { ids: Array.from({ length: 101 }, (_, i) => String(i)) } }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'filter', 'ids'] }] });
});

test('views go with a person who is erased', async () => {
  const leaver = await server.person();
  const { id } = await create({ name: 'Départ' }, leaver);
  await run(
    'mutation ($input: DeleteOwnAccountInput!) { deleteOwnAccount(input: $input) { deletedId } }',
    { input: { password: leaver.password } },
    leaver,
  );
  expect(await server.sql('select 1 from saved_views where id = ?', [id])).toEqual([]);
});
