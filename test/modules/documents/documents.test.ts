import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocx, makePdf } from '../../support/files.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let token: string;

const run = async (query: string, input: object, as = token): Promise<any> => {
  const { data, errors } = await server.graphql(query, { input }, as);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return Object.values(data)[0];
};
const mutation = (name: string, type: string, selection: string): string =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
const createTag = async (input: object): Promise<string> =>
  (await run(mutation('createTag', 'CreateTagInput', 'tag { id }'), input)).tag.id;
const updateTag = (input: object): Promise<any> =>
  run(mutation('updateTag', 'UpdateTagInput', 'tag { id parent { id } }'), input);
const deleteTag = (input: object): Promise<any> => run(mutation('deleteTag', 'DeleteTagInput', 'deletedId'), input);
const bulk = (input: object, as?: string): Promise<any> =>
  run(
    mutation('bulkEditDocuments', 'BulkEditDocumentsInput', 'changedCount documents { id } refused { id code }'),
    input,
    as,
  );

async function ingest(name: string, content: Buffer | string, facts: object = {}, as = token): Promise<any> {
  await writeFile(join(server.ingestDir, name), content);
  const selection =
    'document { id title textStatus downloadUrl type { code } correspondent { id name } owner { id } tags { name } }';
  return (
    await run(
      mutation('ingestDocument', 'IngestDocumentInput', selection),
      { filePath: name, filename: name, ...facts },
      as,
    )
  ).document;
}
const search = async (words: string, as = token): Promise<string[]> => {
  const { data } = await server.graphql(
    'query ($words: String!) { documents(filter: { search: $words }) { nodes { title } } }',
    { words },
    as,
  );
  return data.documents.nodes.map((node: { title: string }) => node.title);
};

beforeAll(async () => {
  server = await startTestServer();
  token = server.admin.token;
});
afterAll(() => server?.stop());

describe('filing', () => {
  it('fills empty fields by matching and adds tags with their ancestors', async () => {
    const { correspondent } = await run(
      mutation('createCorrespondent', 'CreateCorrespondentInput', 'correspondent { id }'),
      { name: 'EDF', match: 'électricité', matchingAlgorithm: 'ANY' },
    );
    const parent = await createTag({ name: 'Charges' });
    await createTag({ name: 'Énergie', match: 'kwh consommés', matchingAlgorithm: 'EXACT', parentId: parent });
    await createTag({ name: 'Eau', match: 'm3', matchingAlgorithm: 'ANY' });
    const pdf = await makePdf(['Electricite de France', '120 kWh', 'consommés en mars']);
    const filed = await ingest('edf.pdf', pdf);
    expect(filed).toMatchObject({
      title: 'edf',
      textStatus: 'EXTRACTED',
      correspondent: { id: correspondent.id },
      downloadUrl: `/kdocs/api/documents/${filed.id}/download`,
    });
    expect(filed.tags.map((t: any) => t.name).toSorted()).toEqual(['Charges', 'Énergie']);

    const other = (
      await run(mutation('createCorrespondent', 'CreateCorrespondentInput', 'correspondent { id }'), { name: 'Autre' })
    ).correspondent.id;
    expect(
      (await ingest('edf2.txt', 'électricité encore', { correspondentId: other, typeId: '1' })).correspondent.id,
    ).toBe(other);
    const [tag] = await server.sql(`select id from tags where name = 'Énergie'`);
    const dry = await server.graphql(
      'query ($id: ID!) { tagDryRun(id: $id, match: "électricité", matchingAlgorithm: ANY) { scanned documents { title } } }',
      { id: String(tag.id) },
      token,
    );
    expect(dry.data.tagDryRun).toEqual({ scanned: 2, documents: [{ title: 'edf2' }, { title: 'edf' }] });
  });

  it('finds French words without accents, elided and in the plural', async () => {
    await ingest('rappel.docx', makeDocx(["Rappel : les échéances du contrat tombent à l'échéance du mois."]));
    for (const words of ["l'échéance", 'echeance', 'échéances', 'ECHEANCES contrats'])
      expect([words, await search(words)]).toEqual([words, ['rappel']]);
    expect(await search('échéance -contrat')).toEqual([]);
  });

  it('takes the same bytes once, also when they come twice at the same time', async () => {
    const twice = await Promise.allSettled([
      ingest('un.txt', 'les mêmes octets'),
      ingest('deux.txt', 'les mêmes octets'),
    ]);
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = twice.find((outcome) => outcome.status === 'rejected') as PromiseRejectedResult;
    const filed = twice.find((outcome) => outcome.status === 'fulfilled') as PromiseFulfilledResult<any>;
    expect(refused.reason).toMatchObject({
      code: 'CONFLICT',
      reason: 'document.duplicate',
      details: { id: Number(filed.value.id), trashed: false },
    });
    const [{ content_key }] = await server.sql('select content_key from documents where id = ?', [
      Number(filed.value.id),
    ]);
    expect((await server.services.store.bytes(content_key)).toString()).toBe('les mêmes octets');
  });

  it('keeps neither bytes nor row when a number is taken, and the ingest folder from those who see only their own', async () => {
    await ingest('asn1.txt', 'premier', { asn: 12 });
    await expect(ingest('asn2.txt', 'second', { asn: 12 })).rejects.toMatchObject({
      code: 'CONFLICT',
      fields: [{ path: ['input', 'asn'], code: 'duplicate' }],
    });
    expect(await server.sql(`select 1 from documents where original_filename = 'asn2.txt'`)).toEqual([]);
    const second = await ingest('asn2.txt', 'second', { asn: 13 });
    expect(second).toMatchObject({ title: 'asn2' });
    // What lies in the trash goes on holding its number and its bytes, and is named.
    await server.request('DELETE', `/kdocs/api/documents/${second.id}`, { token: server.admin.token });
    await expect(ingest('asn4.txt', 'quatrième', { asn: 13 })).rejects.toMatchObject({
      details: { id: Number(second.id), trashed: true },
    });
    const body = new FormData();
    body.append('files', new Blob(['second']), 'encore.txt');
    const again = await server.request('POST', '/kdocs/api/documents/upload', { token: server.admin.token, body });
    expect(again.json.results).toEqual([
      {
        success: false,
        filename: 'encore.txt',
        error: `Ce fichier existe déjà : document ${second.id}, dans la corbeille`,
        existing_id: Number(second.id),
      },
    ]);
    const taken = await server.request('PUT', `/kdocs/api/documents/${(await ingest('asn5.txt', 'cinquième')).id}`, {
      token: server.admin.token,
      json: { asn: 13 },
    });
    expect([taken.status, taken.json.message]).toEqual([
      409,
      `Cette valeur existe déjà : document ${second.id}, dans la corbeille`,
    ]);
    const bare = await server.person();
    await expect(ingest('asn3.txt', 'troisième', {}, bare.token)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a document', () => {
  it('goes to the trash and back, is purged with its bytes, and tells of it', async () => {
    const { id } = await ingest('fin.txt', 'à détruire');
    const [{ content_key }] = await server.sql('select content_key from documents where id = ?', [Number(id)]);
    const change = (name: string, selection = 'document { deletedAt }'): Promise<any> =>
      run(mutation(name, `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`, selection), { id });
    await expect(change('purgeDocument', 'deletedId')).rejects.toMatchObject({
      code: 'CONFLICT',
      reason: 'document.not_trashed',
    });
    expect((await change('trashDocument')).document.deletedAt).toMatch(/Z$/);
    await expect(change('trashDocument')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await change('restoreDocument')).document.deletedAt).toBeNull();
    await change('trashDocument');
    expect(await change('purgeDocument', 'deletedId')).toEqual({ deletedId: id });
    expect(await server.services.store.exists(content_key)).toBe(false);
    const events = await server.sql(
      `select type from events where subject_type = 'Document' and subject_id = ? order by id`,
      [id],
    );
    expect(events.map(({ type }) => type)).toEqual([
      'document.created',
      'document.trashed',
      'document.restored',
      'document.trashed',
      'document.purged',
    ]);
    expect(await ingest('fin.txt', 'à détruire')).toMatchObject({ title: 'fin' });
  });

  it('may be filed by two people in private, who do not hear of each other; twice by one is refused', async () => {
    const [one, other] = [await server.person(), await server.person()];
    const upload = (by: { token: string }): Promise<any> => {
      const body = new FormData();
      body.append('file', new Blob(['le même contrat']), 'contrat.txt');
      return server.request('POST', '/kdocs/api/documents/upload', { token: by.token, body });
    };
    const [first, second] = await Promise.all([upload(one), upload(other)]);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect((await upload(one)).json.results[0]).toMatchObject({
      success: false,
      existing_id: first.json.results[0].id,
    });
    // Erasing one leaves the other's bytes.
    await run(
      mutation('deleteOwnAccount', 'DeleteOwnAccountInput', 'deletedId'),
      { password: one.password },
      one.token,
    );
    expect(
      (
        await server.request('GET', `/kdocs/api/documents/${second.json.results[0].id}/download`, {
          token: other.token,
        })
      ).text,
    ).toBe('le même contrat');
  });

  it('is private to its owner until shared, and then only read', async () => {
    const [owner, friend] = [await server.person(), await server.person()];
    const body = new FormData();
    body.append('file', new Blob(['privé']), 'prive.txt');
    const { id } = (await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body })).json
      .results[0];
    const look = async (): Promise<unknown> =>
      (await server.graphql('query ($id: ID!) { document(id: $id) { title } }', { id: String(id) }, friend.token)).data
        .document;
    const shared = 'document { sharedWith { username email } }';
    const share = (): Promise<any> =>
      run(mutation('shareDocument', 'ShareDocumentInput', shared), { id, person: friend.email }, owner.token);
    const unshare = (): Promise<any> =>
      run(mutation('unshareDocument', 'UnshareDocumentInput', shared), { id, userId: friend.id }, owner.token);
    const rename = (): Promise<any> =>
      run(
        mutation('updateDocument', 'UpdateDocumentInput', 'document { title }'),
        { id, title: 'à moi' },
        friend.token,
      );
    expect(await look()).toBeNull();
    await expect(rename()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // The two now know each other's names, and nothing more.
    expect((await share()).document).toEqual({ sharedWith: [{ username: friend.username, email: null }] });
    expect(await look()).toEqual({ title: 'prive' });
    expect(
      (await server.graphql(`{ document(id: ${id}) { owner { username email } } }`, {}, friend.token)).data.document
        .owner,
    ).toEqual({ username: owner.username, email: null });
    await expect(rename()).rejects.toMatchObject({ code: 'FORBIDDEN', reason: 'document.read_only' });
    expect(await bulk({ ids: [id, 999_999], trash: true }, friend.token)).toMatchObject({
      changedCount: 0,
      refused: [{ code: 'FORBIDDEN' }, { code: 'NOT_FOUND' }],
    });
    await unshare();
    expect(await look()).toBeNull();
  });

  it('has with each tag those that it lies below, however it was put on', async () => {
    const top = await createTag({ name: 'Maison' });
    const middle = await createTag({ name: 'Travaux', parentId: top });
    const leaf = await createTag({ name: 'Toiture', parentId: middle });
    const line = ['Maison', 'Toiture', 'Travaux'];
    const names = ({ tags }: any): string[] => tags.map(({ name }: any) => name).toSorted();
    expect(names(await ingest('arbre1.txt', 'arbre un', { tagIds: [leaf] }))).toEqual(line);
    const { id } = await ingest('arbre2.txt', 'arbre deux');
    const update = (tagIds: string[]): Promise<any> =>
      run(mutation('updateDocument', 'UpdateDocumentInput', 'document { tags { name } }'), { id, tagIds });
    expect(names((await update([leaf])).document)).toEqual(line);
    expect(names((await update([middle])).document)).toEqual(['Maison', 'Travaux']);
    expect(names((await update([])).document)).toEqual([]);
    await bulk({ ids: [id], addTagIds: [leaf] });
    const read = await server.request('GET', `/kdocs/api/documents/${id}`, { token });
    expect(names(read.json.data)).toEqual(line);
  });

  it('changes with many others in one go, or not at all', async () => {
    const ids = [(await ingest('b1.txt', 'lot un')).id, (await ingest('b2.txt', 'lot deux')).id];
    const tag = await createTag({ name: 'Lot' });
    expect((await bulk({ ids, addTagIds: [tag], typeId: '4' })).documents.map((d: any) => d.id)).toEqual(ids);
    const [count] = await server.sql(`select count(*)::int as n from documents where document_type_id = 4`);
    expect(count.n).toBe(2);
    await expect(bulk({ ids, trash: true, addTagIds: ['98765'] })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: ['input', 'addTagIds', 0] }],
    });
    await expect(bulk({ ids: [] })).rejects.toMatchObject({
      fields: [{ path: ['input', 'ids'] }, { path: ['input', 'trash'] }],
    });
    const listed = await server.graphql(
      'query ($id: ID!) { tag(id: $id) { documents(first: 1) { totalCount nodes { title } } } }',
      { id: tag },
      token,
    );
    expect(listed.data.tag.documents.totalCount).toBe(2);
  });
});

describe('tags', () => {
  it('form a tree of five levels without cycles, also when moved at the same time', async () => {
    const chain: string[] = [];
    for (let level = 1; level <= 5; level += 1)
      chain.push(await createTag({ name: `niveau ${level}`, parentId: chain.at(-1) ?? null }));
    const refused = { code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'parentId'], code: 'not_allowed' }] };
    await expect(createTag({ name: 'niveau 6', parentId: chain[4] })).rejects.toMatchObject(refused);
    await expect(updateTag({ id: chain[0], parentId: chain[2] })).rejects.toMatchObject(refused);
    await expect(updateTag({ id: chain[0], parentId: chain[0] })).rejects.toMatchObject(refused);
    const top = await createTag({ name: 'sommet' });
    await expect(updateTag({ id: chain[0], parentId: top })).rejects.toMatchObject(refused);
    const side = await createTag({ name: 'côté' });
    const moves = await Promise.allSettled([
      updateTag({ id: top, parentId: side }),
      updateTag({ id: side, parentId: top }),
    ]);
    expect(moves.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('whose parent is deleted at the same moment are told so, or lie at the top', async () => {
    const run = async (round: number): Promise<void> => {
      const [parent, moved] = [await createTag({ name: `parent ${round}` }), await createTag({ name: `lié ${round}` })];
      const answers = await Promise.allSettled([
        deleteTag({ id: parent }),
        createTag({ name: `enfant ${round}`, parentId: parent }),
        updateTag({ id: moved, parentId: parent }),
      ]);
      expect(answers[0]?.status).toBe('fulfilled');
      for (const answer of answers)
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'BAD_USER_INPUT' });
    };
    for (let round = 1; round <= 5; round += 1) await run(round);
  });

  it('report name, colour and pattern together, and a name that is taken', async () => {
    await expect(createTag({ name: ' ', color: 'red', match: '(', matchingAlgorithm: 'REGEX' })).rejects.toMatchObject({
      fields: [
        { path: ['input', 'name'], code: 'required' },
        { path: ['input', 'match'], code: 'invalid' },
        { path: ['input', 'color'], code: 'invalid_format' },
      ],
    });
    await createTag({ name: 'Unique' });
    await expect(createTag({ name: 'UNIQUE' })).rejects.toMatchObject({
      code: 'CONFLICT',
      fields: [{ path: ['input', 'name'], code: 'duplicate' }],
    });
  });
});
