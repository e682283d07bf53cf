import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../../src/db/sql.js';
import { nodeIdOf } from '../../../src/lib/node-id.js';
import { searchRows } from '../../../src/modules/documents/search/bounded-search.js';
import { suggestWords } from '../../../src/modules/documents/search/suggest-words.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** Letters, bills and leases as a firm gets them, with the traps of French: accents, elisions, plurals, codes, amounts. */
const texts = {
  rappel:
    "Madame, Monsieur, sauf erreur de notre part, l'échéance du 15 janvier n’a pas été réglée. Nous vous prions d'acquitter la somme de 1 234,56 € sous huitaine.",
  bail: "Bail commercial. Les baux en cours et l'état des lieux d'entrée sont annexés. Le dépôt de garantie s'élève à deux mois de loyer. Aujourd'hui encore.",
  devis:
    'Devis n°2026/0117 pour des travaux d’étanchéité, réf. FR-2026-0117. Acompte à la commande, solde à la réception. SIREN 552 081 317.',
  releve:
    'Relevé de compte. IBAN : FR76 3000 6000 0112 3456 7890 189. Contact : jean.dupont@exemple.fr. Voir facture_2026_01.pdf.',
  impayes:
    'Les factures impayées et les cotisations payées par les salariés généraux figurent ci-dessous. Cœur de métier : œuvres sociales.',
  compact: 'Virement vers DE89370400440532013000, montant 5000 euros, SIRET 73282932000074.',
};
type Name = keyof typeof texts;

let server: TestServer;
let owner: Person;
const idOf = new Map<string, number>();

async function file(
  title: string,
  content: string,
  facts: {
    correspondent?: number;
    tags?: number[];
    owner?: number;
    amount?: number;
    date?: string;
    asn?: number;
    filename?: string;
    type?: number;
  } = {},
): Promise<number> {
  const [row] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id, correspondent_id, amount, document_date, asn, document_type_id)
     values (?, 'f', ?, 'k', encode(sha256(convert_to(random()::text, 'UTF8')), 'hex'), 1, 'text/plain', ?, ?, ?, ?, ?, ?, ?) returning id`,
    [
      title,
      facts.filename ?? 'scan.pdf',
      content,
      facts.owner ?? owner.id,
      facts.correspondent ?? null,
      facts.amount ?? null,
      facts.date ?? null,
      facts.asn ?? null,
      facts.type ?? null,
    ],
  );
  for (const tag of facts.tags ?? []) await server.sql('insert into document_tags values (?, ?)', [row.id, tag]);
  return row.id;
}
const label = async (table: 'tags' | 'correspondents', name: string): Promise<number> =>
  (await server.sql(`insert into ${table} (name) values (?) returning id`, [name]))[0].id;
const asked = 'query ($q: String) { searchDocuments(q: $q, first: 100) { nodes { title } } }';
const search = async (q: string, token = server.admin.token): Promise<string[]> => {
  const { data, errors } = await server.graphql(asked, { q }, token);
  expect([q, errors]).toEqual([q, undefined]);
  return data.searchDocuments.nodes.map(({ title }: { title: string }) => title);
};
const remove = (...ids: number[]): Promise<unknown> => server.sql(`delete from documents where id in (${ids.join()})`);

beforeAll(async () => {
  server = await startTestServer();
  owner = await server.person();
  for (const [name, content] of Object.entries(texts)) idOf.set(name, await file(name, content));
});
afterAll(() => server?.stop());

describe('French texts', () => {
  it.each<[string, Name[]]>([
    ["l'échéance", ['rappel']],
    ['l’échéance', ['rappel']],
    ['échéances', ['rappel']],
    ['ECHEANCE', ['rappel']],
    ['e\u0301che\u0301ance', ['rappel']],
    ["d'acquitter la somme", ['rappel']],
    ['"huitaine"', ['rappel']],
    ['"prions d’acquitter"', ['rappel']],
    ['réglé', ['rappel']],
    ['reglees', ['rappel']],
    ['1 234,56', ['rappel']],
    ['1234,56', ['rappel']],
    ['1234', ['rappel']],
    ['5000', ['compact']],
    ['baux', ['bail']],
    ['état lieux', ['bail']],
    ["aujourd'hui", ['bail']],
    ['"états des lieux"', ['bail']],
    ['depot garanties', ['bail']],
    ['travail', ['devis']],
    ['etancheite', ['devis']],
    ['FR-2026-0117', ['devis']],
    ['n°2026/0117', ['devis']],
    ['2026/0117', ['devis']],
    ['0117', ['devis']],
    ['fr-2026', ['devis']],
    ['552081317', ['devis']],
    ['552 081 317', ['devis']],
    ['FR7630006000011234567890189', ['releve']],
    ['FR76 3000 6000 0112 3456 7890 189', ['releve']],
    ['"3000 6000"', ['releve']],
    ['fr7630*', ['releve']],
    ['jean.dupont@exemple.fr', ['releve']],
    ['dupont', ['releve']],
    ['exemple.fr', ['releve']],
    ['facture_2026_01.pdf', ['releve']],
    ['DE89 3704 0044 0532 0130 00', ['compact']],
    ['"3704 0044"', ['compact']],
    ['732 829 320 00074', ['compact']],
    ['payé', ['impayes']],
    ['payee', ['impayes']],
    ['impayé', ['impayes']],
    ['générale', ['impayes']],
    ['oeuvre', ['impayes']],
    ['cœurs', ['impayes']],
    ['facture', ['impayes', 'releve']],
    ['sur*', []],
    ['étan*', ['devis']],
    ['éc*', ['rappel']],
    ['bail OU rappel', ['bail', 'rappel']],
    ['facture NON iban', ['impayes']],
    ['facture -impayées', ['releve']],
    ['(iban OU siren) -devis', ['releve']],
    ['loyer garantie ET étanchéité', []],
    ['"garantie dépôt"', []],
    ['"dépôt de garantie" loyer', ['bail']],
    ['"loyer dépôt" OU "acompte à la commande"', ['devis']],
    ['loyer -"dépôt de garantie"', []],
    ['"scan pdf" "dépôt de garantie"', ['bail']],
    ['la de', []],
  ])('%s', async (q, names) => expect((await search(q)).toSorted()).toEqual(names.toSorted()));

  it('any words of a text find it, and any text is a good query', async () => {
    const words = Object.entries(texts).map(([name, text]) => ({
      name,
      words: text.match(/[\p{L}\p{N}'’.@/-]*[\p{L}\p{N}]/gu) ?? [],
    }));
    const someWords = fc.constantFrom(...words).chain((document) =>
      fc.record({
        name: fc.constant(document.name),
        // With a word that means something: « du » alone finds nothing.
        picked: fc
          .subarray(document.words, { minLength: 1, maxLength: 6 })
          .map((picked) => [...picked, document.words.toSorted((a, b) => b.length - a.length)[0] as string]),
      }),
    );
    await fc.assert(
      fc.asyncProperty(someWords, async ({ name, picked }) => {
        expect([picked, await search(picked.join(' '))]).toEqual([picked, expect.arrayContaining([name])]);
      }),
      { numRuns: 40 },
    );
    const pieces = fc.constantFrom(
      '(',
      ')',
      '"',
      '-',
      '*',
      ' ',
      ' ET ',
      ' OU ',
      ' NON ',
      'tag:',
      'type:a',
      'from:b ',
      'date:',
      '2026',
      '9999',
      'amount:',
      '>1',
      '..2',
      'asn:',
      '999999999',
      '\0',
      '\ud800',
      "'",
      '\\',
      '%',
      'mot',
      'le',
      ':*',
      '<->',
      '&',
      '|',
      '!',
      '½',
      'ŉ',
      'ﷺ',
      '😀',
      'é'.repeat(300),
    );
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(pieces, { maxLength: 20 }).map((p) => p.join('')),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        const { errors } = await server.graphql(asked, { q }, server.admin.token);
        const reason = errors?.[0]?.extensions.reason;
        expect([q, reason === 'search.prefixes' ? undefined : errors]).toEqual([q, undefined]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('conditions', () => {
  it('tag, type, from, date, asn and amount narrow, also negated and in alternatives', async () => {
    const [edf, urgent] = [await label('correspondents', 'Électricité de France'), await label('tags', 'À traiter')];
    const ids = [
      await file('un', 'cond', {
        correspondent: edf,
        tags: [urgent],
        amount: 99.99,
        date: '2026-01-21',
        asn: 77,
        type: 1,
      }),
      await file('deux', 'cond', { correspondent: edf, amount: 100, date: '2026-02-01' }),
      await file('trois', 'cond', { tags: [urgent], amount: 250.5, type: 2 }),
    ];
    const cases: [string, string[]][] = [
      ['tag:"a traiter"', ['trois', 'un']],
      ['tag:tra', []],
      ['tag:"à t*"', ['trois', 'un']],
      ['-tag:"à traiter"', ['deux']],
      ['from:electricite', ['deux', 'un']],
      ['from:"france"', ['deux', 'un']],
      ['NON from:france', ['trois']],
      ['type:facture', ['un']],
      ['type:CONTRAT', ['trois']],
      ['-type:facture', ['deux', 'trois']],
      ['type:ressources', []],
      ['date:2026-01', ['un']],
      ['date:2026-01-21', ['un']],
      ['date:2026', ['deux', 'un']],
      ['date:2026-01-22..2026-03', ['deux']],
      ['after:2026-02-01', ['deux']],
      ['before:2026-02-01', ['un']],
      ['asn:77', ['un']],
      ['amount:100', ['deux']],
      ['amount:>100', ['trois']],
      ['amount:>=100', ['deux', 'trois']],
      ['amount:<100', ['un']],
      ['amount:99,99..100', ['deux', 'un']],
      ['amount:=250.5', ['trois']],
      ['(tag:"à traiter" OU date:2026-02) amount:>=100', ['deux', 'trois']],
      ['asn:77 OU trois', ['trois', 'un']],
      ['traiter', ['trois', 'un']],
      ['électricité', ['deux', 'un']],
    ];
    for (const [q, titles] of cases)
      expect([q, (await search(`cond ${q}`)).toSorted()]).toEqual([
        q,
        q.startsWith('asn:77 OU') ? ['trois', 'un'] : titles,
      ]);
    await remove(...ids);
  });
});

describe('names', () => {
  it('a renamed correspondent and tag are found by the new name only, in all documents, and a removed one not at all', async () => {
    const [who, what] = [await label('correspondents', 'Gazpar'), await label('tags', 'Chauffage')];
    const ids = [
      await file('a', '', { correspondent: who }),
      await file('b', '', { correspondent: who, tags: [what] }),
      await file('c', '', { tags: [what] }),
    ];
    expect([await search('gazpar'), await search('chauffages')].map((t) => t.toSorted())).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ]);
    const rename = (name: string, type: string, id: number, to: string) =>
      server.graphql(
        `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`,
        { input: { id, name: to } },
        server.admin.token,
      );
    await rename('updateCorrespondent', 'UpdateCorrespondentInput', who, 'Méthania');
    await rename('updateTag', 'UpdateTagInput', what, 'Tiédeur');
    expect([await search('gazpar'), await search('chauffage')]).toEqual([[], []]);
    expect([await search('methania'), await search('tiedeur')].map((t) => t.toSorted())).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ]);
    await server.graphql(
      'mutation ($input: UpdateDocumentInput!) { updateDocument(input: $input) { __typename } }',
      { input: { id: ids[0], title: 'Alpha', correspondentId: null } },
      server.admin.token,
    );
    expect([await search('methania'), await search('alpha')]).toEqual([['b'], ['Alpha']]);
    await server.sql('delete from tags where id = ?', [what]);
    await server.sql('delete from correspondents where id = ?', [who]);
    expect([await search('tiedeur'), await search('methania')]).toEqual([[], []]);
    await remove(...ids);
  });

  it('a document that is filed while its correspondent is being renamed bears the new name', async () => {
    if (!server.services.config.databaseUrl) return;
    const who = await label('correspondents', 'Avant');
    const em = server.db.orm.em.fork();
    let filing: Promise<number> | undefined;
    await em.transactional(async (inside) => {
      await inside.execute('update correspondents set name = ? where id = ?', ['Ensuite', who]);
      filing = file('course', '', { correspondent: who });
      await server.sql('select pg_sleep(0.1)');
    });
    const id = await filing;
    expect([await search('avant'), await search('ensuite')]).toEqual([[], ['course']]);
    await remove(id as number);
  });

  it('two tags that are put on a document at the same time are both found and counted', async () => {
    if (!server.services.config.databaseUrl) return;
    const [id, one, two] = [await file('étiqueté', ''), await label('tags', 'Premier'), await label('tags', 'Second')];
    let other: Promise<unknown> | undefined;
    await server.db.orm.em.fork().transactional(async (inside) => {
      await inside.execute('insert into document_tags values (?, ?)', [id, one]);
      other = server.sql('insert into document_tags values (?, ?)', [id, two]);
      await server.sql('select pg_sleep(0.1)');
    });
    await other;
    const { data } = await server.graphql(
      '{ searchDocuments(q: "premier second") { nodes { title } facets { tags { tag { nodeId name } count } } } }',
      {},
      server.admin.token,
    );
    expect(data.searchDocuments).toEqual({
      nodes: [{ title: 'étiqueté' }],
      facets: {
        tags: [
          { tag: { nodeId: nodeIdOf('Tag', one), name: 'Premier' }, count: 1 },
          { tag: { nodeId: nodeIdOf('Tag', two), name: 'Second' }, count: 1 },
        ],
      },
    });
    await remove(id);
  });

  it('the title counts before file name and correspondent, tags, text; ties come newest first', async () => {
    const [who, what] = [await label('correspondents', 'Zircon'), await label('tags', 'zircons')];
    const ids = [
      await file('t1', 'Le zircon. '.repeat(200)),
      await file('g', 'x', { tags: [what] }),
      await file('c', 'x', { correspondent: who }),
      await file('Le zircon', 'x'),
      await file('f', 'x', { filename: 'zircon-2.pdf' }),
      await file('t2', 'un zircon'),
      await file('t3', 'un zircon'),
    ];
    const found = await search('zircon');
    expect(found[0]).toBe('Le zircon');
    expect(found.slice(1, 3).toSorted()).toEqual(['c', 'f']);
    expect(found.slice(3)).toEqual(['g', 't1', 't3', 't2']);
    await remove(...ids);
  });
});

describe('the answer', () => {
  it('marks words in passages so that the text stays text', async () => {
    const id = await file(
      'extrait',
      `Voici les échéances <b>du contrat</b> \uE000 FR-2026-0999, impayées. ${'Autre chose. '.repeat(100)}`,
    );
    const { data } = await server.graphql(
      '{ searchDocuments(q: "échéance FR-2026-0999 impayées") { edges { score snippet node { title } } } }',
      {},
      server.admin.token,
    );
    const [edge] = data.searchDocuments.edges;
    expect(edge.node.title).toBe('extrait');
    expect(edge.score).toBeGreaterThan(0);
    expect(edge.snippet).toContain('<b>du contrat</b>  \uE000FR\uE001-');
    expect(edge.snippet.match(/\uE000[^\uE001]*\uE001/g)).toEqual([
      '\uE000échéances\uE001',
      '\uE000FR\uE001',
      '\uE0002026\uE001',
      '\uE0000999\uE001',
      '\uE000impayées\uE001',
    ]);
    expect(edge.snippet.match(/[\uE000\uE001]/g)).toHaveLength(10);
    await remove(id);
  });

  it('pages through more hits than are ranked by their text, each once', async () => {
    await server.sql(
      `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id)
       select 'masse ' || i, 'f', 'f', 'k', lpad(to_hex(i), 64, '0'), 1, 'text/plain', case when i % 3 = 0 then 'masse' else '' end, ? from generate_series(1, 1150) i`,
      [owner.id],
    );
    const pages = Array.from(
      { length: 12 },
      (_, i) => `p${i}: searchDocuments(q: "masse", first: 100, offset: ${i * 100}) { edges { node { id } } }`,
    );
    const { data } = await server.graphql(
      `{ ${pages.join(' ')} all: searchDocuments(q: "masse") { totalCount } }`,
      {},
      server.admin.token,
    );
    expect(data.all.totalCount).toBe(1150);
    const seen = pages.flatMap((_, i) => data[`p${i}`].edges.map(({ node }: any) => node.id));
    expect([seen.length, new Set(seen).size]).toEqual([1150, 1150]);

    const page = async (args: string): Promise<any> => {
      const { data, errors } = await server.graphql(
        `{ searchDocuments(q: "masse", ${args}) {
             edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        {},
        server.admin.token,
      );
      expect(errors).toBeUndefined();
      const { edges, pageInfo } = data.searchDocuments;
      const { startCursor, endCursor, ...more } = pageInfo;
      expect([startCursor, endCursor]).toEqual([edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null]);
      return { ids: edges.map(({ node }: any) => node.id), startCursor, endCursor, ...more };
    };
    const first = await page('first: 100');
    expect(first).toMatchObject({ ids: seen.slice(0, 100), hasNextPage: true, hasPreviousPage: false });
    const second = await page(`first: 100, after: "${first.endCursor}"`);
    expect(second).toMatchObject({ ids: seen.slice(100, 200), hasNextPage: true, hasPreviousPage: true });
    const back = await page(`last: 100, before: "${second.startCursor}"`);
    expect(back).toMatchObject({ ids: seen.slice(0, 100), hasNextPage: true, hasPreviousPage: false });
    const end = await page('last: 100');
    expect(end).toMatchObject({ ids: seen.slice(1050), hasNextPage: false, hasPreviousPage: true });
    expect(await page(`first: 100, after: "${end.startCursor}"`)).toMatchObject({
      ids: seen.slice(1051),
      hasNextPage: false,
      hasPreviousPage: true,
    });
    expect((await page('first: null, offset: null, last: null')).ids).toEqual(seen.slice(0, 20));
    expect((await page(`first: 5, filter: { ids: [${seen[3]}, ${seen[1]}, 999999] }`)).ids).toEqual([seen[1], seen[3]]);
    await server.sql(`delete from documents where title like 'masse %'`);
  });

  it('refuses a page out of bounds and nobody', async () => {
    const wrong = await server.graphql(
      '{ searchDocuments(q: "x", first: 101, last: 1, offset: -1, before: "WzFd") { seconds } }',
      {},
      server.admin.token,
    );
    expect(wrong.errors?.[0].extensions.fields.map((f: any) => f.path[0])).toEqual([
      'first',
      'last',
      'offset',
      'offset',
      'before',
    ]);
    expect((await server.graphql('{ searchDocuments(q: "x") { seconds } }')).errors?.[0].extensions.code).toBe(
      'UNAUTHENTICATED',
    );
    expect((await server.graphql('{ searchSuggestions(q: "xx") { text } }')).errors?.[0].extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('the list of documents filters by the same language', async () => {
    const { data } = await server.graphql(
      `{ documents(filter: { search: "(iban OU siren) -devis" }) { nodes { title } } }`,
      {},
      server.admin.token,
    );
    expect(data.documents.nodes).toEqual([{ title: 'releve' }]);
  });
});

describe('bounds', () => {
  it('signs and words without meaning find those signs or nothing, never everything', async () => {
    const ids = [await file('Cours de C++ avancé', ''), await file('Dupont & Fils', '')];
    for (const [q, found] of [
      ['C++', ['Cours de C++ avancé']],
      ['"c++"', ['Cours de C++ avancé']],
      ['&', ['Dupont & Fils']],
      ['%', []],
      ['le', []],
      ['le la', []],
      ['NON le', []],
      ['le OU échéance', ['rappel']],
      ['le échéance', ['rappel']],
      ['tag:rien OU le', []],
    ] as const)
      expect([q, await search(q)]).toEqual([q, found]);
    expect((await search(' ')).length).toBeGreaterThan(5);
    expect(await search('échéance date:0001..9999 le')).toEqual(await search('échéance date:0001..9999'));
    await remove(...ids);
  });

  it('beginnings that are too short or too many are refused by name, over REST too', async () => {
    const refusal = async (q: string) =>
      (await server.graphql(asked, { q }, server.admin.token)).errors?.[0].extensions.fields?.[0];
    expect(await refusal('facture e*')).toEqual({
      path: ['q'],
      code: 'too_short',
      message: 'e* is the beginning of too many words: it needs 2 letters',
    });
    const seven = 'ab* cd* ef* gh* ij* kl* mn*';
    expect(await refusal(seven)).toMatchObject({ code: 'too_long', message: expect.stringContaining(seven) });
    expect(await refusal(seven.slice(4))).toBeUndefined();
    const listed = 'query ($q: String!) { documents(filter: { search: $q }) { nodes { title } } }';
    const { errors } = await server.graphql(listed, { q: 'e*' }, server.admin.token);
    expect(errors?.[0].extensions.fields).toMatchObject([{ path: ['filter', 'search'], code: 'too_short' }]);
    const { status } = await server.request('GET', '/kdocs/api/search/quick?q=e*', { token: server.admin.token });
    expect(status).toBe(400);
  });

  it('more of one person than may wait is refused with the time to come again', async () => {
    const { promise, resolve } = Promise.withResolvers<object[]>();
    const services = { config: {} };
    const viewer = { userId: 1, permissions: new Set() };
    const ctx = { services, viewer, db: { all: () => promise } } as never;
    const waiting = Array.from({ length: 42 }, () => searchRows(ctx, sql`select 1`));
    await expect(searchRows(ctx, sql`select 1`)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      options: { reason: 'search.busy', details: { retryAfterSeconds: 5 } },
    });
    await expect(suggestWords(ctx, 'fact', 10)).rejects.toMatchObject({ options: { reason: 'search.busy' } });
    resolve([]);
    expect(await Promise.all(waiting)).toHaveLength(42);
  });

  it.runIf(process.env['TEST_DATABASE_URL'])('one that takes too long is ended, and says so', async () => {
    const ctx = { services: server.services, viewer: { userId: 1 }, db: server.db.client } as never;
    await expect(searchRows(ctx, sql`select pg_sleep(60)`)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      options: { reason: 'search.too_slow' },
    });
  });
});

describe('suggestions', () => {
  it('begin like what is typed, then are spelt nearly like it; accents do not count; the invisible is not suggested', async () => {
    const stranger = await server.person();
    const ids = [
      await file('Énergie verte', ''),
      await file('Contrat d’énergie', ''),
      await file('Relance secrète', ''),
    ];
    await label('correspondents', 'Energies du Nord');
    await label('tags', 'énergétique');
    const suggest = async (q: string, token = server.admin.token, first = 10) =>
      (
        await server.graphql(
          'query ($q: String!, $first: Int!) { searchSuggestions(q: $q, first: $first) { text type } }',
          { q, first },
          token,
        )
      ).data.searchSuggestions;
    const found = await suggest('energ');
    expect(found.map((s: any) => `${s.type} ${s.text}`).toSorted()).toEqual([
      'CORRESPONDENT Energies du Nord',
      'DOCUMENT Contrat d’énergie',
      'DOCUMENT Énergie verte',
      'TAG énergétique',
    ]);
    expect(found.at(-1).text).toBe('Contrat d’énergie');
    expect((await suggest('enregie verte')).map((s: any) => s.text)).toContain('Énergie verte');
    expect(await suggest('é')).toEqual([]);
    expect(await suggest('e\0%_')).toEqual([]);
    expect(await suggest('én', server.admin.token, 2)).toHaveLength(2);
    expect(await suggest('relance', stranger.token)).toEqual([]);
    expect((await suggest('relance', owner.token)).map((s: any) => s.text)).toEqual(['Relance secrète']);
    await remove(...ids);
  });
});
