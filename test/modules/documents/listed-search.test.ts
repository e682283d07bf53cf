import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/**
 * The list of documents with a search, against a plain evaluation: 20 hits are counted and 2 documents looked at before
 * anything is sampled, so that 600 are read as a million are.
 */
let server: TestServer;
const people: Record<'owner' | 'shown', Person> = {} as never;

interface Filed {
  id: number;
  title: string;
  words: string[];
  type: number | null;
  isTagged: boolean;
  day: string | null;
  amount: number | null;
  created: string;
  updated: string;
  isTheirs: boolean;
  isShown: boolean;
}
/** The same at every run, evenly spread. */
const chance = (n: number, of: number): number => ((n * 2_654_435_761) % 4_294_967_296) % of;
const moment = (minutes: number): string => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
const filed: Filed[] = Array.from({ length: 600 }, (_, i) => ({
  id: 1000 + i * 37,
  title: `titre ${String.fromCodePoint(97 + chance(i, 20))}`,
  words: [
    'commun',
    chance(i, 3) === 0 ? 'moitié' : 'autre',
    ...(chance(i + 7000, 4) === 0 ? ['garantie', 'locative'] : ['locative', 'avec', 'garantie']),
    ...(i < 90 ? ['ancien'] : []),
    ...(chance(i + 9000, 40) === 0 ? ['rareté'] : []),
  ],
  type: [1, 2, null][i % 3] as number | null,
  isTagged: chance(i + 100, 5) === 0,
  day: i % 7 === 0 ? null : `20${20 + chance(i, 6)}-0${1 + chance(i + 3, 9)}-1${i % 10}`,
  amount: i % 5 === 0 ? null : chance(i + 50, 300),
  // Most are filed in the order of their numbers, and some are not; some at the same time.
  created: moment(i % 11 === 0 ? chance(i, 600) : Math.floor(i / 2)),
  updated: moment(chance(i + 1, 500)),
  isTheirs: chance(i + 4000, 3) === 0,
  isShown: chance(i + 5000, 4) === 0,
}));

interface Asked {
  q: string;
  fits: (document: Filed) => boolean;
}
const says =
  (word: string): Asked['fits'] =>
  ({ words }) =>
    words.some((each) => each.startsWith(word));
const word = fc
  .constantFrom('commun', 'moitié', 'autre', 'garantie', 'ancien', 'rareté', 'introuvable', 'comm*', 'moi*', 'rar*')
  .map((q): Asked => ({ q, fits: says(q.replace('*', '')) }));
const phrase = fc
  .constantFrom('garantie locative', 'locative garantie', 'commun autre')
  .map((text): Asked => ({ q: `"${text}"`, fits: ({ words }) => ` ${words.join(' ')} `.includes(` ${text} `) }));
const condition = fc.constantFrom<Asked>(
  { q: 'type:facture', fits: ({ type }) => type === 1 },
  { q: 'tag:important', fits: ({ isTagged }) => isTagged },
  { q: 'date:2022', fits: ({ day }) => day?.startsWith('2022') === true },
  { q: 'date:2021-03', fits: ({ day }) => day?.startsWith('2021-03') === true },
  { q: 'amount:>200', fits: ({ amount }) => amount !== null && amount > 200 },
  { q: 'amount:>297', fits: ({ amount }) => amount !== null && amount > 297 },
);
const leaf = fc.oneof({ weight: 4, arbitrary: word }, phrase, condition);
const denied = leaf.map(({ q, fits }): Asked => ({ q: `-${q}`, fits: (each) => !fits(each) }));
const either = fc
  .tuple(leaf, leaf)
  .map(([a, b]): Asked => ({ q: `(${a.q} OU ${b.q})`, fits: (each) => a.fits(each) || b.fits(each) }));
const query = fc
  .array(fc.oneof({ weight: 3, arbitrary: leaf }, denied, either), { minLength: 1, maxLength: 3 })
  .map((all): Asked => ({ q: all.map(({ q }) => q).join(' '), fits: (each) => all.every(({ fits }) => fits(each)) }));

const filter = fc.constantFrom<{ given: object; fits: Asked['fits'] }>(
  { given: {}, fits: () => true },
  { given: {}, fits: () => true },
  { given: { typeId: '2' }, fits: ({ type }) => type === 2 },
  { given: { typeId: null }, fits: ({ type }) => type === null },
  { given: { typeId: 'none' }, fits: () => false },
  { given: { tagId: '1' }, fits: ({ isTagged }) => isTagged },
  { given: { tagIds: ['1'], typeId: '1' }, fits: ({ isTagged, type }) => isTagged && type === 1 },
  { given: { amountMin: '100' }, fits: ({ amount }) => amount !== null && amount >= 100 },
  {
    given: { createdAfter: moment(30), createdBefore: moment(200) },
    fits: ({ created }) => created >= moment(30) && created < moment(200),
  },
);

const orders = {
  ID: ({ id }: Filed) => id,
  CREATED_AT: ({ created }: Filed) => created,
  UPDATED_AT: ({ updated }: Filed) => updated,
  TITLE: ({ title }: Filed) => title,
  DOCUMENT_DATE: ({ day }: Filed) => day ?? '',
  AMOUNT: ({ amount }: Filed) => amount ?? -1,
};
type Order = keyof typeof orders;

const viewers = {
  admin: { token: () => server.admin.token, sees: () => true },
  owner: { token: () => people.owner.token, sees: ({ isTheirs }: Filed) => isTheirs },
  shown: { token: () => people.shown.token, sees: ({ isShown }: Filed) => isShown },
};

/** The ids in the order of the list. */
function plainly(fits: Asked['fits'], order: Order, isDescending: boolean): string[] {
  const key = orders[order];
  const sign = isDescending ? -1 : 1;
  const compare = (a: Filed, b: Filed): number => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id);
  return filed
    .filter(fits)
    .toSorted(compare)
    .map(({ id }) => String(id));
}

interface PageOfIds {
  ids: string[];
  start: string | null;
  end: string | null;
  hasNext: boolean;
  hasPrevious: boolean;
}
const text = `query ($filter: DocumentFilter, $orderBy: DocumentOrder, $first: Int, $after: String, $last: Int,
    $before: String, $offset: Int) {
  documents(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before,
    offset: $offset) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
async function pageOf(variables: object, token: string): Promise<PageOfIds> {
  const { data, errors } = await server.graphql(text, variables, token);
  expect([variables, errors]).toEqual([variables, undefined]);
  const { nodes, pageInfo } = data.documents;
  return {
    ids: nodes.map(({ id }: { id: string }) => id),
    start: pageInfo.startCursor,
    end: pageInfo.endCursor,
    hasNext: pageInfo.hasNextPage,
    hasPrevious: pageInfo.hasPreviousPage,
  };
}

async function countOf(given: object, token: string): Promise<{ totalCount: number; isEstimated: boolean }> {
  const { data, errors } = await server.graphql(
    'query ($filter: DocumentFilter) { documents(filter: $filter) { totalCount isEstimated } }',
    { filter: given },
    token,
  );
  expect(errors).toBeUndefined();
  return data.documents;
}

beforeAll(async () => {
  server = await startTestServer({ env: { SEARCH_COUNTED: '20' } });
  people.owner = await server.person();
  people.shown = await server.person();
  await server.sql(`insert into tags (id, name) overriding system value values (1, 'Important')`);
  await server.sql(
    `insert into documents (id, title, filename, original_filename, content_key, content_hash, file_size, mime_type,
       content, owner_id, document_type_id, amount, document_date, created_at, updated_at)
     overriding system value
     select d.id, d.title, 'f', 'scan.pdf', 'k', lpad(to_hex(d.id), 64, '0'), 1, 'text/plain', d.content,
       case when d."isTheirs" then ?::int else ?::int end, d.type, d.amount, d.day, d.created, d.updated
       from jsonb_to_recordset(?::jsonb) d (id int, title text, content text, type int, amount numeric, day date,
         created timestamptz, updated timestamptz, "isTheirs" boolean)`,
    [
      people.owner.id,
      server.admin.id,
      JSON.stringify(filed.map((each) => ({ ...each, content: each.words.join(' ') }))),
    ],
  );
  const idsOf = (fits: Asked['fits']): string =>
    filed
      .filter(fits)
      .map(({ id }) => id)
      .join();
  await server.sql(`insert into document_tags select id, 1 from documents
    where id in (${idsOf(({ isTagged }) => isTagged)})`);
  await server.sql(`insert into document_shares select id, ${people.shown.id} from documents
    where id in (${idsOf(({ isShown }) => isShown)})`);
});
afterAll(() => server?.stop());

describe('the list of documents with a search', () => {
  it('pages, in any order and from both ends, are what a plain evaluation finds', async () => {
    const asked = fc.record({
      query,
      filter,
      order: fc.constantFrom(...(Object.keys(orders) as Order[])),
      isDescending: fc.boolean(),
      size: fc.constantFrom(1, 7, 40, 100),
      isBackward: fc.boolean(),
      viewer: fc.constantFrom(...Object.values(viewers)),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ query, filter, order, isDescending, size, isBackward, viewer }) => {
        const given = { search: query.q, ...filter.given };
        const fits = (each: Filed): boolean => query.fits(each) && filter.fits(each) && viewer.sees(each);
        const expected = plainly(fits, order, isDescending);
        const base = { filter: given, orderBy: `${order}_${isDescending ? 'DESC' : 'ASC'}` };
        let read: string[] = [];
        let page: PageOfIds | undefined;
        // Of long lists the first pages, then all the rest by hundreds.
        for (let nth = 0; nth < 20; nth += 1) {
          const next: number = nth < 4 ? size : 100;
          const args: object = isBackward ? { last: next, before: page?.start } : { first: next, after: page?.end };
          page = await pageOf({ ...base, ...args }, viewer.token());
          read = isBackward ? [...page.ids, ...read] : [...read, ...page.ids];
          expect(isBackward ? page.hasNext : page.hasPrevious).toBe(nth > 0);
          if (!(isBackward ? page.hasPrevious : page.hasNext)) break;
        }
        expect([base, read]).toEqual([base, expected]);

        const offset = Math.floor(expected.length / 2);
        const rest = await pageOf({ ...base, first: 5, offset }, viewer.token());
        expect(rest).toMatchObject({
          ids: expected.slice(offset, offset + 5),
          hasNext: expected.length > offset + 5,
          hasPrevious: offset > 0,
        });
        const { totalCount, isEstimated } = await countOf(given, viewer.token());
        if (isEstimated) expect(totalCount).toBe(Number(totalCount.toPrecision(2)));
        else expect([base, totalCount]).toEqual([base, expected.length]);
      }),
      { numRuns: 60 },
    );
  });

  it('a share that is taken back is gone at once, from the list and from a search; one that is given is there', async () => {
    const [id] = plainly(({ isShown, isTheirs }) => !isShown && isTheirs, 'ID', true) as [string];
    const seen = async (): Promise<unknown[]> => {
      const { data, errors } = await server.graphql(
        `query ($q: String) { documents(filter: { search: $q }, orderBy: ID_DESC, first: 100) { nodes { id } }
           searchDocuments(q: $q, filter: { ids: ["${id}"] }) { nodes { id } totalCount } }`,
        { q: 'commun' },
        people.shown.token,
      );
      expect(errors).toBeUndefined();
      const isListed = data.documents.nodes.some((each: { id: string }) => each.id === id);
      return [isListed, data.searchDocuments.nodes.length, data.searchDocuments.totalCount];
    };
    const change = async (mutation: string, input: object): Promise<void> => {
      const { errors } = await server.graphql(
        `mutation ($input: ${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!) {
           ${mutation}(input: $input) { __typename } }`,
        { input },
        server.admin.token,
      );
      expect(errors).toBeUndefined();
    };
    expect(await seen()).toEqual([false, 0, 0]);
    await change('shareDocument', { id, person: people.shown.username });
    expect(await seen()).toEqual([true, 1, 1]);
    await change('unshareDocument', { id, userId: people.shown.id });
    expect(await seen()).toEqual([false, 0, 0]);
  });

  it('what lies in the trash is searched there alone', async () => {
    const [id] = plainly(says('rareté'), 'ID', true) as [string];
    await server.sql('update documents set deleted_at = now() where id = ?', [Number(id)]);
    const isIn = async (trashed: boolean): Promise<boolean> => {
      const page = await pageOf({ filter: { search: 'rareté', trashed }, first: 100 }, server.admin.token);
      return page.ids.includes(id);
    };
    expect([await isIn(true), await isIn(false)]).toEqual([true, false]);
    await server.sql('update documents set deleted_at = null where id = ?', [Number(id)]);
  });
});
