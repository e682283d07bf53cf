import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePdf } from '../../support/files.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let server: TestServer;
let owner: Person;
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
});
afterAll(() => server?.stop());

const formOf = (content: Buffer | string, name: string): FormData => {
  const body = new FormData();
  body.append('file', new Blob([content as string]), name);
  return body;
};
const file = async (content: Buffer | string, name: string, by = owner): Promise<number> => {
  const { json, text } = await server.request('POST', '/kdocs/api/documents/upload', {
    token: by.token,
    body: formOf(content, name),
  });
  expect(json.results[0].success, text).toBe(true);
  return json.results[0].id;
};
const replace = (id: number, content: Buffer | string, name: string, by = owner): ReturnType<TestServer['request']> =>
  server.request('PUT', `/kdocs/api/documents/${id}/file`, { token: by.token, body: formOf(content, name) });
const download = (path: string, by = owner): ReturnType<TestServer['request']> =>
  server.request('GET', `/kdocs/api${path}/download`, { token: by.token });
const restore = (id: number, number: number, by = owner): ReturnType<TestServer['graphql']> =>
  server.graphql(
    'mutation ($input: RestoreDocumentVersionInput!) { restoreDocumentVersion(input: $input) { document { version originalFilename versions { nodes { number } } } } }',
    { input: { id, number } },
    by.token,
  );
const see = async (id: number, selection: string, by = owner): Promise<any> =>
  (await server.graphql(`query ($id: ID!) { document(id: $id) { ${selection} } }`, { id }, by.token)).data.document;
const sha = (content: string): string => createHash('sha256').update(content).digest('hex');
const isKept = (content: string): Promise<boolean> => server.services.store.exists(`documents/${sha(content)}`);

describe('replacing the file', () => {
  it('reads the new one anew and keeps the former one, whole, as a version', async () => {
    const id = await file('premier contenu', 'note.txt');
    const pdf = await makePdf(['Un avenant signé']);
    const replaced = await replace(id, pdf, 'avenant.pdf');
    expect([
      replaced.status,
      replaced.json.data.mime_type,
      replaced.json.data.original_filename,
      replaced.json.data.title,
    ]).toEqual([200, 'application/pdf', 'avenant.pdf', 'note']);
    expect(
      await see(
        id,
        'version mimeType pageCount content textStatus versions { nodes { number originalFilename mimeType sizeBytes downloadUrl replacedBy { id } } }',
      ),
    ).toEqual({
      version: 2,
      mimeType: 'application/pdf',
      pageCount: 1,
      content: expect.stringContaining('avenant signé'),
      textStatus: 'EXTRACTED',
      versions: {
        nodes: [
          {
            number: 1,
            originalFilename: 'note.txt',
            mimeType: 'text/plain',
            sizeBytes: 15,
            downloadUrl: `/kdocs/api/documents/${id}/versions/1/download`,
            replacedBy: { id: String(owner.id) },
          },
        ],
      },
    });
    expect((await download(`/documents/${id}/versions/1`)).text).toBe('premier contenu');
    const found = await server.graphql(
      '{ new: documents(filter: { search: "avenant" }) { totalCount } old: documents(filter: { search: "premier" }) { totalCount } }',
      {},
      owner.token,
    );
    expect(found.data).toEqual({ new: { totalCount: 1 }, old: { totalCount: 0 } });

    const { data } = await restore(id, 1);
    expect(data.restoreDocumentVersion.document).toEqual({
      version: 3,
      originalFilename: 'note.txt',
      versions: { nodes: [{ number: 2 }, { number: 1 }] },
    });
    expect((await download(`/documents/${id}`)).text).toBe('premier contenu');
    expect((await see(id, 'content')).content).toContain('premier contenu');
    const events = await server.sql(
      `select data->>'number' as number, actor_id from events where type = 'document.version_added' and subject_id = ? order by id`,
      [String(id)],
    );
    expect(events).toEqual([
      { number: '2', actor_id: owner.id },
      { number: '3', actor_id: owner.id },
    ]);
  });

  it('refuses the same bytes, those of another document, no file, and a type that is not taken in', async () => {
    const id = await file('un', 'un.txt');
    const other = await file('deux', 'deux.txt');
    const same = await replace(id, 'un', 'un.txt');
    expect([same.status, same.json]).toEqual([409, { error: true, message: 'Le document contient déjà ce fichier' }]);
    const taken = await replace(id, 'deux', 'deux.txt');
    expect([taken.status, taken.json.existing_id]).toEqual([409, other]);
    expect((await replace(id, '', 'vide.txt')).status).toBe(400);
    expect(
      (await server.request('PUT', `/kdocs/api/documents/${id}/file`, { token: owner.token, body: new FormData() }))
        .status,
    ).toBe(400);
    expect((await replace(id, Buffer.from('MZ\u0000\u0001binary'), 'x.exe')).status).toBe(415);
    expect(await see(id, 'version versions { nodes { number } }')).toEqual({ version: 1, versions: { nodes: [] } });
    // A former file is nobody's document: another may have it, and then it cannot come back.
    await replace(id, 'trois', 'trois.txt');
    const third = await file('un', 'un.txt');
    expect((await restore(id, 1)).errors?.[0].extensions).toMatchObject({
      code: 'CONFLICT',
      reason: 'document.duplicate',
      details: { id: third },
    });
    expect((await restore(id, 9)).errors?.[0].extensions).toMatchObject({
      code: 'NOT_FOUND',
      subject: 'DocumentVersion',
    });
  });

  it('is for who may change the document; who sees it reads the versions, nobody else', async () => {
    const [friend, stranger] = [await server.person(), await server.person()];
    const id = await file('à moi', 'moi.txt');
    await replace(id, 'à moi, bis', 'moi.txt');
    await server.sql('insert into document_shares values (?, ?)', [id, friend.id]);
    const outcomes = async (by: Person): Promise<number[]> => [
      (await replace(id, `de ${by.username}`, 'x.txt', by)).status,
      (await download(`/documents/${id}/versions/1`, by)).status,
      (await server.request('GET', `/kdocs/api/documents/${id}/versions`, { token: by.token })).status,
    ];
    expect(await outcomes(friend)).toEqual([403, 200, 200]);
    expect(await outcomes(stranger)).toEqual([404, 404, 404]);
    expect((await restore(id, 1, friend)).errors?.[0].extensions.code).toBe('FORBIDDEN');
    expect((await restore(id, 1, stranger)).errors?.[0].extensions.code).toBe('NOT_FOUND');
  });

  it('of many at once gives each its own number', async () => {
    const id = await file('course 0', 'course.txt');
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => replace(id, `course ${i + 1}`, 'course.txt')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const { version, versions } = await see(id, 'version versions { nodes { number contentHash } }');
    expect([version, versions.nodes.map((v: any) => v.number)]).toEqual([7, [6, 5, 4, 3, 2, 1]]);
    expect(new Set(versions.nodes.map((v: any) => v.contentHash)).size).toBe(6);
    const pages = await see(
      id,
      `versions(first: 2, offset: 1) { totalCount nodes { number } pageInfo { hasNextPage hasPreviousPage endCursor } }
       oldest: versions(last: 2) { nodes { number } pageInfo { hasPreviousPage } }
       none: versions(filter: { ids: ["0"] }) { totalCount }`,
    );
    const { endCursor } = pages.versions.pageInfo;
    expect(pages).toEqual({
      versions: {
        totalCount: 6,
        nodes: [{ number: 5 }, { number: 4 }],
        pageInfo: { hasNextPage: true, hasPreviousPage: true, endCursor },
      },
      oldest: { nodes: [{ number: 2 }, { number: 1 }], pageInfo: { hasPreviousPage: true } },
      none: { totalCount: 0 },
    });
    expect(await see(id, `versions(after: "${endCursor}") { nodes { number } }`)).toEqual({
      versions: { nodes: [{ number: 3 }, { number: 2 }, { number: 1 }] },
    });
  });
});

describe('the bytes of a version', () => {
  it('stay while any version names them, also when another document with them is purged', async () => {
    const id = await file('partagé', 'a.txt');
    await replace(id, 'suite', 'a.txt');
    const other = await file('partagé', 'b.txt');
    const purge = async (document: number): Promise<void> => {
      await server.request('DELETE', `/kdocs/api/documents/${document}`, { token: owner.token });
      expect(
        (await server.request('DELETE', `/kdocs/api/documents/${document}/purge`, { token: owner.token })).status,
      ).toBe(200);
    };
    await purge(other);
    expect((await download(`/documents/${id}/versions/1`)).text).toBe('partagé');
    await purge(id);
    expect([await isKept('partagé'), await isKept('suite')]).toEqual([false, false]);
  });

  it('go with a person who is erased, unless the document stays', async () => {
    const leaver = await server.person();
    const [gone, stays] = [await file('départ 1', 'd.txt', leaver), await file('départ 2', 'e.txt', leaver)];
    await replace(gone, 'départ 1 bis', 'd.txt', leaver);
    await replace(stays, 'départ 2 bis', 'e.txt', leaver);
    await server.sql('insert into document_shares values (?, ?)', [stays, owner.id]);
    const { errors } = await server.graphql(
      'mutation ($input: DeleteOwnAccountInput!) { deleteOwnAccount(input: $input) { deletedId } }',
      { input: { password: leaver.password } },
      leaver.token,
    );
    expect(errors).toBeUndefined();
    expect([await isKept('départ 1'), await isKept('départ 1 bis'), await isKept('départ 2')]).toEqual([
      false,
      false,
      true,
    ]);
    expect(
      (
        await server.sql(`select count(*)::int as n from events where type = 'document.purged' and subject_id = ?`, [
          String(gone),
        ])
      )[0].n,
    ).toBe(1);
    expect((await download(`/documents/${stays}/versions/1`)).text).toBe('départ 2');
  });
});

describe('history', () => {
  it('tells what happened, newest first, by name and without what the events carry', async () => {
    const id = await file('histoire', 'h.txt');
    await server.request('PUT', `/kdocs/api/documents/${id}`, {
      token: owner.token,
      json: { title: 'Histoire', amount: 12 },
    });
    await server.graphql(
      'mutation ($input: ShareDocumentInput!) { shareDocument(input: $input) { document { id } } }',
      { input: { id, person: server.admin.email } },
      owner.token,
    );
    const { history } = await see(
      id,
      'history { totalCount nodes { type actorName fields } pageInfo { hasNextPage } }',
    );
    expect(history).toEqual({
      totalCount: 3,
      nodes: [
        { type: 'DOCUMENT_SHARED', actorName: `Person ${owner.username.slice(6)}`, fields: [] },
        { type: 'DOCUMENT_UPDATED', actorName: expect.any(String), fields: ['title', 'amount'] },
        { type: 'DOCUMENT_CREATED', actorName: expect.any(String), fields: [] },
      ],
      pageInfo: { hasNextPage: false },
    });
    const first = (await see(id, 'history(first: 2) { nodes { type } pageInfo { hasNextPage endCursor } }')).history;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = (
      await see(
        id,
        `history(first: 2, after: "${first.pageInfo.endCursor}") { nodes { type } pageInfo { hasNextPage hasPreviousPage } }`,
      )
    ).history;
    expect(rest).toEqual({
      nodes: [{ type: 'DOCUMENT_CREATED' }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    const wrong = await server.graphql(
      `{ document(id: ${id}) { history(first: 101, offset: -1, after: "x") { totalCount } } }`,
      {},
      owner.token,
    );
    expect(wrong.errors?.[0].extensions.fields.map((f: any) => f.path[0])).toEqual(['first', 'offset', 'after']);
  });

  it('of a list of documents is each document’s own, whatever stands in the others', async () => {
    const ids = [await file('liste 1', 'l1.txt'), await file('liste 2', 'l2.txt')];
    await server.request('PUT', `/kdocs/api/documents/${ids[1]}`, { token: owner.token, json: { title: 'L2' } });
    const { data } = await server.graphql(
      '{ documents(first: 2) { nodes { id history(first: 5) { totalCount nodes { type } } } } }',
      {},
      owner.token,
    );
    expect(data.documents.nodes).toEqual([
      {
        id: String(ids[1]),
        history: { totalCount: 2, nodes: [{ type: 'DOCUMENT_UPDATED' }, { type: 'DOCUMENT_CREATED' }] },
      },
      { id: String(ids[0]), history: { totalCount: 1, nodes: [{ type: 'DOCUMENT_CREATED' }] } },
    ]);
  });
});

describe('an invoice', () => {
  it('is known by its document, to those who may see the invoice, in the statement of the documents', async () => {
    const id = await file('facture', 'f.txt');
    const reader = await server.person({ roles: ['lecteur'] });
    await server.sql(
      `insert into invoices (customer_id, created_by_id, currency, total_excluding_tax, total_tax, total, document_id) values (?, ?, 'EUR', 10, 2, 12, ?)`,
      [owner.id, server.admin.id, id],
    );
    expect(await see(id, 'invoice { total document { id } }', server.admin)).toEqual({
      invoice: { total: 12, document: { id: String(id) } },
    });
    // A draft of somebody else.
    expect([await see(id, 'invoice { total }'), await see(id, 'invoice { total }', reader)]).toEqual([
      { invoice: null },
      { invoice: null },
    ]);
    const statements = await statementsOf(server, () =>
      server.graphql(
        '{ documents { nodes { title invoice { total } versions { nodes { number } } notes { nodes { text } } fields { value } shareLinks { id } } } }',
        {},
        server.admin.token,
      ),
    );
    expect(statements).toHaveLength(5);
  });
});
