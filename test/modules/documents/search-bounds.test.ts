import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/**
 * What a search counts and ranks is bounded: here 20 documents of 300. One that fits less is counted exactly, any other
 * estimated and said to be. Each query has a plain condition beside it that says which documents it may find.
 */
let server: TestServer;
let person: Person;
const counted = 20;
const documents = 300;

interface Filed {
  id: number;
  content: string;
  type: number;
  tags: number[];
  day: string;
  isTheirs: boolean;
}
const filed: Filed[] = Array.from({ length: documents }, (_, i) => ({
  id: 1000 + i * 100,
  content: [
    'commun',
    i % 40 === 3 ? 'rare' : '',
    i % 3 === 0 ? 'moyen' : 'autre',
    i % 2 === 0 ? 'garantie locative' : 'locative et garantie',
    i % 100 === 7 ? 'bail perpétuel' : 'perpétuel',
  ].join(' '),
  type: 1 + (i % 2),
  tags: i % 4 === 0 ? [1] : [],
  day: `2025-${String(1 + (i % 12)).padStart(2, '0')}-15`,
  isTheirs: i % 50 === 5,
}));

interface Found {
  ids: number[];
  total: number;
  isEstimated: boolean;
  types: Record<string, number>;
  tags: Record<string, number>;
}

async function search(
  q: string,
  { args = 'first: 100', token = server.admin.token, filter = {} } = {},
): Promise<Found> {
  const { data, errors } = await server.graphql(
    `query ($q: String, $filter: DocumentSearchFilter) { searchDocuments(q: $q, filter: $filter, ${args}) {
       nodes { id } totalCount isEstimated
       facets { types { type { id } count } tags { tag { id } count } } } }`,
    { q, filter },
    token,
  );
  expect([q, errors]).toEqual([q, undefined]);
  const { nodes, totalCount, isEstimated, facets } = data.searchDocuments;
  const counts = (rows: any[], of: string): Record<string, number> =>
    Object.fromEntries(rows.map((row) => [row[of].id, row.count]));
  return {
    ids: nodes.map(({ id }: any) => Number(id)),
    total: totalCount,
    isEstimated,
    types: counts(facets.types, 'type'),
    tags: counts(facets.tags, 'tag'),
  };
}

beforeAll(async () => {
  server = await startTestServer({ env: { SEARCH_COUNTED: String(counted) } });
  person = await server.person();
  await server.sql(`insert into tags (id, name) overriding system value values (1, 'Important')`);
  await server.sql(
    `insert into documents (id, title, filename, original_filename, content_key, content_hash, file_size, mime_type,
       content, owner_id, document_type_id, amount, document_date, created_at)
     overriding system value
     select d.id, 'Pièce ' || d.id, 'f', 'scan.pdf', 'k', lpad(to_hex(d.id), 64, '0'), 1, 'text/plain', d.content,
       case when d."isTheirs" then ?::int else ?::int end, d.type, d.id, d.day, timestamptz '2026-01-01Z' + d.id * interval '1 minute'
       from jsonb_to_recordset(?::jsonb) d (id int, content text, type int, day date, "isTheirs" boolean)`,
    [person.id, server.admin.id, JSON.stringify(filed)],
  );
  const tagged = filed.filter(({ tags }) => tags.length).map(({ id }) => id);
  await server.sql(`insert into document_tags select id, 1 from documents where id in (${tagged.join()})`);
});
afterAll(() => server?.stop());

const says =
  (...words: string[]) =>
  ({ content }: Filed): boolean =>
    words.every((word) => new RegExp(`(^| )${word}`).test(content));

describe('a search that finds', () => {
  it.each<[string, (document: Filed) => boolean]>([
    ['', () => true],
    ['commun', says('commun')],
    ['rare', says('rare')],
    ['rares commun', says('rare')],
    ['bail', says('bail')],
    ['commun -moyen', (each) => !says('moyen')(each)],
    ['rare -moyen', (each) => says('rare')(each) && !says('moyen')(each)],
    ['-commun', () => false],
    ['-moyen', (each) => !says('moyen')(each)],
    ['-comm*', () => false],
    ['-rar* bail', says('bail')],
    ['rare OU bail', (each) => says('rare')(each) || says('bail')(each)],
    ['moyen OU autre', () => true],
    ['"garantie locative"', says('garantie locative')],
    ['"garantie locative" rare', says('garantie locative', 'rare')],
    ['"locative garantie"', () => false],
    ['"bail perpétuel"', says('bail perpétuel')],
    ['"bail perpétuel" OU rare', (each) => says('bail')(each) || says('rare')(each)],
    ['rar*', says('rare')],
    ['comm*', says('commun')],
    ['comm* rar*', says('rare')],
    ['moy*', says('moyen')],
    ['moy* bail', says('moyen', 'bail')],
    ['type:facture', ({ type }) => type === 1],
    ['commun type:facture', ({ type }) => type === 1],
    ['rare type:facture', (each) => says('rare')(each) && each.type === 1],
    ['commun tag:important', ({ tags }) => tags.length > 0],
    ['commun date:2025-03', ({ day }) => day === '2025-03-15'],
    ['commun date:2025-02-16..2025-03-15 amount:>20000', (each) => each.day === '2025-03-15' && each.id > 20_000],
    ['commun date:2025-03-16..2025-04-14', () => false],
    ['commun -tag:important date:2025-02', ({ day }) => day === '2025-02-15'],
    ['moyen tag:imp* type:facture date:2025-01 amount:>20000', (each) => each.day === '2025-01-15' && each.id > 20_000],
    ['comm* tag:important date:2025-01 amount:>20000', (each) => each.day === '2025-01-15' && each.id > 20_000],
    [
      '"garantie locative" tag:important date:2025-01 amount:>20000',
      (each) => each.day === '2025-01-15' && each.id > 20_000,
    ],
    ['amount:>30000', ({ id }) => id > 30_000],
    ['commun amount:>30000', ({ id }) => id > 30_000],
    ['commun OU amount:>30000', () => true],
    ['rare OU tag:important', (each) => says('rare')(each) || each.tags.length > 0],
    ['&', () => false],
    ['le', () => false],
  ])('%s', async (q, fits) => {
    const found = await search(q);
    const fitting = filed.filter(fits);
    const known = new Set(fitting.map(({ id }) => id));
    expect(found.ids.filter((id) => !known.has(id))).toEqual([]);
    expect(new Set(found.ids).size).toBe(found.ids.length);
    if (found.isEstimated) {
      // About as many, in two digits; the labels as they are spread.
      expect(found.total).toBe(Number(found.total.toPrecision(2)));
      if (fitting.length > 0) expect(found.ids.length).toBeGreaterThan(0);
      expect(found.total).toBeGreaterThanOrEqual(fitting.length / 3);
      expect(found.total).toBeLessThanOrEqual(Math.max(fitting.length * 3, counted));
      expect(Object.values(found.types).every((count) => count <= found.total * 1.05)).toBe(true);
    } else {
      expect(found.total).toBe(fitting.length);
      expect(found.ids.length).toBe(Math.min(100, fitting.length));
      const typed = Object.groupBy(fitting, ({ type }) => type);
      expect(found.types).toEqual(Object.fromEntries(Object.entries(typed).map(([id, each]) => [id, each?.length])));
      const tagged = fitting.filter(({ tags }) => tags.length).length;
      expect(found.tags).toEqual(tagged ? { 1: tagged } : {});
    }
  });

  it.each(['commun', 'comm*', '-rare', '"garantie locative" OU "locative et garantie"'])(
    'within a filter, counted exactly while they are few: %s',
    async (q) => {
      const filter = {
        typeId: '1',
        tagIds: ['1'],
        createdAfter: '2025-12-20T00:00:00Z',
        createdBefore: '2026-01-05T00:00:00Z',
        amountMin: '2000',
      };
      const minutes = 4 * 24 * 60;
      const fitting = filed.filter(({ id, tags }) => tags.length > 0 && id < minutes && id >= 2000);
      const left = q === '-rare' ? fitting.filter((each) => !says('rare')(each)) : fitting;
      const found = await search(q, { filter });
      expect(found).toMatchObject({ total: left.length, isEstimated: false, types: { 1: left.length } });
      expect(found.ids.toSorted()).toEqual(left.map(({ id }) => id).toSorted());
    },
  );

  it('few is counted, and many is said to be estimated', async () => {
    const [few, many, all] = [await search('rare'), await search('commun'), await search('')];
    expect(few).toMatchObject({ total: 8, isEstimated: false });
    expect([many.isEstimated, all.isEstimated]).toEqual([true, true]);
    expect(Object.keys(many.types)).toEqual(expect.arrayContaining(['1', '2']));
  });
});

describe('of many hits', () => {
  it('the newest are ranked: the title before the text, then the newest first; they end where no more is ranked', async () => {
    const [chosen] = filed.slice(-5) as [Filed];
    await server.sql(`update documents set title = 'Le commun' where id = ?`, [chosen.id]);
    const whole = await search('commun');
    const newest = filed.toReversed().map(({ id }) => id);
    const [first, ...rest] = whole.ids;
    expect(first).toBe(chosen.id);
    expect(rest.slice(0, 10)).toEqual(newest.filter((id) => id !== chosen.id).slice(0, 10));
    expect(whole.ids.length).toBeGreaterThanOrEqual(counted);
    expect(whole.ids.length).toBeLessThan(documents);

    const pages = await Promise.all(
      [0, 7, 14].map(async (offset) => (await search('commun', { args: `first: 7, offset: ${offset}` })).ids),
    );
    expect(pages.flat()).toEqual(whole.ids.slice(0, 21));
    expect((await search('commun', { args: 'last: 4' })).ids).toEqual(whole.ids.slice(-4));
    const { data } = await server.graphql(
      `{ searchDocuments(q: "commun", offset: ${whole.ids.length - 2}, first: 5) { nodes { id } pageInfo { hasNextPage } } }`,
      {},
      server.admin.token,
    );
    expect(data.searchDocuments).toMatchObject({ nodes: [{}, {}], pageInfo: { hasNextPage: false } });
    await server.sql(`update documents set title = 'Pièce' where id = ?`, [chosen.id]);
  });

  it('those without words are paged through to the last', async () => {
    expect((await search('', { args: 'first: 3, offset: 297' })).ids).toEqual([1200, 1100, 1000]);
    expect((await search('', { args: 'last: 2' })).ids).toEqual([1100, 1000]);
    expect((await search('type:facture', { args: 'last: 1' })).ids).toEqual([1000]);
  });

  it('the list of documents goes through all with the same words, and counts them', async () => {
    const { data } = await server.graphql(
      '{ documents(filter: { search: "commun" }, first: 1, orderBy: CREATED_AT_ASC) { nodes { id } totalCount } }',
      {},
      server.admin.token,
    );
    expect(data.documents).toEqual({ nodes: [{ id: '1000' }], totalCount: documents });
  });

  it.each<[string, (document: Filed) => boolean]>([
    ['commun', () => true],
    ['rare', says('rare')],
    ['rar* commun', says('rare')],
    ['comm*', () => true],
    ['rare OU bail', (each) => says('rare')(each) || says('bail')(each)],
    ['rare type:facture', (each) => says('rare')(each) && each.type === 1],
    ['introuvable', () => false],
  ])('the list has any order, page by page, for whoever sees all and for others: %s', async (q, fits) => {
    for (const [token, sees] of [
      [server.admin.token, () => true],
      [person.token, ({ isTheirs }: Filed) => isTheirs],
    ] as const) {
      const ids = filed.filter((each) => fits(each) && sees(each)).map(({ id }) => String(id));
      const { data } = await server.graphql(
        `query ($search: String) {
           first: documents(filter: { search: $search }, first: 5, orderBy: CREATED_AT_ASC) { nodes { id } totalCount }
           second: documents(filter: { search: $search }, first: 5, offset: 5, orderBy: CREATED_AT_ASC) { nodes { id } }
           last: documents(filter: { search: $search }, last: 3, orderBy: CREATED_AT_ASC) { nodes { id } } }`,
        { search: q },
        token,
      );
      const idsOf = (list: string): string[] => data[list].nodes.map(({ id }: any) => id);
      expect(data.first.totalCount).toBe(ids.length);
      expect([...idsOf('first'), ...idsOf('second')]).toEqual(ids.slice(0, 10));
      expect(idsOf('last')).toEqual(ids.slice(-3));
    }
  });

  it.each([
    ['commun', 'true'],
    ['rare', null],
  ])('REST says so by a header, and keeps to the documented keys: %s', async (q, isEstimated) => {
    const { json, headers } = await server.request('GET', `/kdocs/api/search?q=${q}`, { token: server.admin.token });
    expect(headers.get('x-total-estimated')).toBe(isEstimated);
    expect(Object.keys(json.data)).toEqual(['documents', 'total', 'search_time', 'facets']);
  });
});

describe('whoever sees few of many', () => {
  it.each(['commun', 'comm*', '"garantie locative" OU "locative et garantie"', '', '-rar*', 'commun -rare'])(
    'finds, counts and is shown the labels of theirs alone: %s',
    async (q) => {
      const theirs = filed.filter(({ isTheirs }) => isTheirs);
      const found = await search(q, { token: person.token });
      expect(found).toEqual({
        ids: expect.arrayContaining(theirs.map(({ id }) => id)),
        total: theirs.length,
        isEstimated: false,
        types: { 2: theirs.length },
        tags: {},
      });
      expect(found.ids).toHaveLength(theirs.length);
    },
  );

  it('finds what is shared with them, too, and a filter narrows it', async () => {
    const shared = filed.find(({ isTheirs }) => !isTheirs) as Filed;
    await server.sql('insert into document_shares values (?, ?)', [shared.id, person.id]);
    expect((await search('commun', { token: person.token })).ids).toContain(shared.id);
    const { total, ids } = await search('commun', { token: person.token, filter: { ids: [shared.id, 1100] } });
    expect([total, ids]).toEqual([1, [shared.id]]);
    const stranger = await server.person();
    expect(await search('commun', { token: stranger.token })).toMatchObject({ ids: [], total: 0, isEstimated: false });
  });
});
