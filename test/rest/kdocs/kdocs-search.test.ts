import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** contracts/kdocs.md, "Recherche": the documented answers, each parameter, and who sees what. */
let server: TestServer;
let person: Person;
const call = (path: string, token = server.admin.token): ReturnType<TestServer['request']> =>
  server.request('GET', `/kdocs/api${path}`, { token });
const titles = async (query: string, token?: string): Promise<string[]> => {
  const { status, json, text } = await call(`/search?${query}`, token);
  expect([query, status, text]).toEqual([query, 200, text]);
  return json.data.documents.map(({ title }: { title: string }) => title).toSorted();
};

beforeAll(async () => {
  server = await startTestServer();
  person = await server.person();
  const { sql, admin } = server;
  await sql(`insert into correspondents (id, name) overriding system value values (1, 'EDF'), (2, 'Orange')`);
  await sql(`insert into tags (id, name) overriding system value values (1, 'Important'), (2, 'À payer')`);
  const rows: [string, string, number, number | null, number, string, number | null, number[], boolean?][] = [
    ['Facture EDF', 'kilowattheures', admin.id, 1, 1, '2026-01-10 08:00Z', 100.5, [1, 2]],
    ['Contrat EDF', 'abonnement, voir la facture', admin.id, 1, 2, '2026-01-20 23:30Z', null, [1]],
    ['Facture Orange', 'téléphone', person.id, 2, 1, '2026-02-01 00:00Z', 39.99, [2]],
    ['Facture perdue', 'corbeille', admin.id, 1, 1, '2026-01-15 08:00Z', 10, [1], true],
  ];
  for (const [i, [title, content, owner, correspondent, type, created, amount, tags, trashed]] of rows.entries()) {
    await sql(
      `insert into documents (id, title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id, correspondent_id, document_type_id, created_at, amount, deleted_at)
       overriding system value values (?, ?, 'f.pdf', 'scan.pdf', 'k', ?, 1, 'application/pdf', ?, ?, ?, ?, ?, ?, ?)`,
      [
        i + 1,
        title,
        String(i).padStart(64, '0'),
        content,
        owner,
        correspondent,
        type,
        created,
        amount,
        trashed ? created : null,
      ],
    );
    for (const tag of tags) await sql('insert into document_tags values (?, ?)', [i + 1, tag]);
  }
});
afterAll(() => server?.stop());

describe('GET /search', () => {
  it('answers the documented envelope, facets over the whole result and a measured time', async () => {
    const { status, json } = await call('/search?q=facture&per_page=1');
    expect(status).toBe(200);
    expect(Object.keys(json)).toEqual(['success', 'data']);
    expect(Object.keys(json.data)).toEqual(['documents', 'total', 'search_time', 'facets']);
    expect(json.data).toMatchObject({
      total: 3,
      facets: {
        correspondents: [
          { id: 1, name: 'EDF', count: 2 },
          { id: 2, name: 'Orange', count: 1 },
        ],
        document_types: [
          { id: 1, name: 'Facture', count: 2 },
          { id: 2, name: 'Contrat', count: 1 },
        ],
        tags: [
          { id: 1, name: 'Important', count: 2 },
          { id: 2, name: 'À payer', count: 2 },
        ],
      },
    });
    expect(json.data.search_time).toBeGreaterThan(0);
    expect(json.data.search_time).toBeLessThan(30);
    const listed = await call('/documents?per_page=100');
    expect(json.data.documents).toEqual([listed.json.data.find((d: any) => d.title === 'Facture Orange')]);
    const pages = await Promise.all(
      [1, 2, 3, 4].map(async (page) =>
        (await call(`/search?q=facture&per_page=1&page=${page}`)).json.data.documents.map((d: any) => d.title),
      ),
    );
    expect(pages).toEqual([['Facture Orange'], ['Facture EDF'], ['Contrat EDF'], []]);
  });

  it.each([
    ['', ['Contrat EDF', 'Facture EDF', 'Facture Orange']],
    ['correspondent_id=1', ['Contrat EDF', 'Facture EDF']],
    ['document_type_id=1', ['Facture EDF', 'Facture Orange']],
    ['tag_ids[]=1', ['Contrat EDF', 'Facture EDF']],
    ['tag_ids[]=1&tag_ids[]=2', ['Facture EDF']],
    ['tag_ids%5B%5D=999', []],
    ['created_after=2026-01-20', ['Contrat EDF', 'Facture Orange']],
    // Days are the firm's: half past eleven in the evening of the 20th in UTC is the 21st in Paris.
    ['created_after=2026-01-21', ['Contrat EDF', 'Facture Orange']],
    ['created_before=2026-01-20', ['Facture EDF']],
    ['created_before=2026-01-21', ['Contrat EDF', 'Facture EDF']],
    ['created_after=2026-01-11&created_before=2026-01-31', ['Contrat EDF']],
    ['amount_min=39.99', ['Facture EDF', 'Facture Orange']],
    ['amount_max=39.99', ['Facture Orange']],
    ['amount_min=40&amount_max=100.5&q=edf', ['Facture EDF']],
    ['q=telephones', ['Facture Orange']],
    ['q=from:edf%20-type:facture', ['Contrat EDF']],
    ['q=tag:%22a%20payer%22%20amount:%3E50', ['Facture EDF']],
    ['q=facture&correspondent_id=&amount_min=&created_after=', ['Contrat EDF', 'Facture EDF', 'Facture Orange']],
    ['q=%22(%26!', []],
  ])('filters by %s', async (query, expected) => expect(await titles(query)).toEqual(expected));

  it('reports every wrong parameter at once', async () => {
    const wrong =
      'correspondent_id=x&document_type_id=0&tag_ids[]=y&created_after=2026-02-30&created_before=hier&amount_min=cent&amount_max=1e30&page=0&per_page=101';
    const { status, json } = await call(`/search?q=${'x'.repeat(501)}&${wrong}`);
    expect([status, json.error]).toEqual([400, true]);
    expect(Object.keys(json.errors).toSorted()).toEqual([
      'amount_max',
      'amount_min',
      'correspondent_id',
      'created_after',
      'created_before',
      'document_type_id',
      'page',
      'per_page',
      'q',
      'tag_ids[].0',
    ]);
    for (const query of [
      'amount_min=0.1234567',
      'amount_min=1e-9',
      'created_before=9999-12-31',
      'created_after=0000-01-01',
      'q=a%00b',
      `tag_ids[]=${Array(101).fill(1).join('&tag_ids[]=')}`,
      'page=1000000&per_page=100',
      'q=%ED%A0%80',
    ]) {
      expect([query, (await call(`/search?${query}`)).status]).toEqual([
        query,
        expect.toSatisfy((s: number) => s === 200 || s === 400),
      ]);
    }
  });

  it('shows and counts for an ordinary person only what they may see', async () => {
    const { json } = await call('/search?q=facture', person.token);
    expect(json.data).toMatchObject({
      total: 1,
      documents: [{ title: 'Facture Orange' }],
      facets: {
        correspondents: [{ id: 2, name: 'Orange', count: 1 }],
        document_types: [{ id: 1, name: 'Facture', count: 1 }],
        tags: [{ id: 2, name: 'À payer', count: 1 }],
      },
    });
    await server.sql('insert into document_shares values (2, ?)', [person.id]);
    expect(await titles('q=edf', person.token)).toEqual(['Contrat EDF']);
    const stranger = await server.person();
    expect((await call('/search', stranger.token)).json.data).toMatchObject({
      documents: [],
      total: 0,
      facets: { correspondents: [], document_types: [], tags: [] },
    });
    expect((await server.request('GET', '/kdocs/api/search?q=edf')).status).toBe(401);
  });
});

describe('GET /search/suggest', () => {
  it('answers the documented shape, forgiving accents, without the trash', async () => {
    const { status, json } = await call('/search/suggest?q=fac&limit=10');
    expect([status, Object.keys(json), json.success]).toEqual([200, ['success', 'suggestions'], true]);
    expect(json.suggestions.toSorted((a: any, b: any) => (a.text < b.text ? -1 : 1))).toEqual([
      { text: 'Facture EDF', type: 'document' },
      { text: 'Facture Orange', type: 'document' },
    ]);
    expect((await call('/search/suggest?q=edf')).json.suggestions).toEqual([
      { text: 'EDF', type: 'correspondent' },
      expect.anything(),
      expect.anything(),
    ]);
    expect((await call('/search/suggest?q=a%20pa')).json.suggestions).toEqual([{ text: 'À payer', type: 'tag' }]);
    expect((await call('/search/suggest?q=fac&limit=1')).json.suggestions).toHaveLength(1);
  });

  it('suggests nothing below two characters, nor what the person may not see, and checks its parameters', async () => {
    for (const query of ['', 'q=', 'q=f', 'q=%20f-'])
      expect([query, (await call(`/search/suggest?${query}`)).json]).toEqual([
        query,
        { success: true, suggestions: [] },
      ]);
    const stranger = await server.person();
    expect((await call('/search/suggest?q=fac', stranger.token)).json.suggestions).toEqual([]);
    const wrong = await call(`/search/suggest?q=${'x'.repeat(501)}&limit=51`);
    expect([wrong.status, Object.keys(wrong.json.errors).toSorted()]).toEqual([400, ['limit', 'q']]);
    expect((await server.request('GET', '/kdocs/api/search/suggest?q=fac')).status).toBe(401);
  });
});
