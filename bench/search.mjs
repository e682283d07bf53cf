/**
 * Search over made-up French documents, asked over HTTP as consumers ask: `npm run bench:search`.
 *
 *   BENCH_DOCUMENTS=100000   how many; the table of a million goes to search-million.md
 *   BENCH_ONLY=list         only the cases whose names begin so, and no page of results
 *   BENCH_KEEP=1             keeps the database, and takes the one that was kept: a million take a quarter of an hour to make
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and
 * drops it again. One person owns a tenth of the documents, another one in two hundred, and a third is shown a tenth one by one. Checks the number of hits against a plain
 * count first: an exact one is that, an estimated one nearly.
 * Writes bench/results/search.md or search-million.md.
 */
import { cpus, loadavg } from 'node:os';
import pg from 'pg';
import { fillFirm, idOfPerson } from './firm.mjs';
import { log, rounds, timesOf, withOwnServer, writeResults } from './own-server.mjs';

const documents = Number(process.env.BENCH_DOCUMENTS ?? 100_000);
const isMillion = documents >= 1_000_000;
/** How far an estimate may be from what there is. */
const tolerance = 0.3;

const statements = [];
let watching = false;
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function watched(config, ...rest) {
  if (watching && /candidates|grouping sets|folded_title/.test(config?.text)) statements.push(config);
  return query.call(this, config, ...rest);
};
const how = {
  options: '-c pg_trgm.word_similarity_threshold=0.45 -c work_mem=32MB',
  ...(process.env.BENCH_KEEP && { kept: `passerelle_bench_search_${documents}` }),
};

await withOwnServer(how, async ({ app, url, client, tokenOf, isFilled }) => {
  if (!isFilled) {
    log(`filling ${documents} documents`);
    await fillFirm(url, { documents, owned: documents / 10, log });
  }
  await client.query(
    `insert into users (username, email) values ('reader-of-all', 'reader@example.org') on conflict do nothing`,
  );
  await client.query(
    `insert into role_assignments (user_id, role_id) select u.id, r.id from users u, roles r
      where u.username = 'reader-of-all' and r.name = 'admin' on conflict do nothing`,
  );
  // By triggers it would take minutes.
  await client.query('begin; set local session_replication_role = replica');
  await client.query(
    `insert into users (username, email) values ('shown-a-tenth', 'shown@example.org') on conflict do nothing`,
  );
  const shown = (await client.query(`select id from users where username = 'shown-a-tenth'`)).rows[0].id;
  await client.query(
    `insert into role_assignments (user_id, role_id) select $1, id from roles where name = 'user' on conflict do nothing`,
    [shown],
  );
  const { rowCount: newlyShown } = await client.query(
    'insert into document_shares select id, $1 from documents where (id + id / 10) % 10 = 3 on conflict do nothing',
    [shown],
  );
  if (newlyShown > 0) {
    log(`${newlyShown} documents are shown to a person`);
    await client.query(
      `update documents set shared_with = shared_with || $1::int where (id + id / 10) % 10 = 3 and not shared_with @> array[$1::int]`,
      [shown],
    );
  }
  await client.query('commit');
  if (newlyShown > 0) await client.query('vacuum analyze documents, document_shares');
  const tokenOfName = async (username) =>
    tokenOf((await client.query('select id from users where username = $1', [username])).rows[0].id);
  const tokens = {
    admin: await tokenOfName('reader-of-all'),
    tenth: await tokenOfName('person1'),
    person: await tokenOfName('person2'),
    shown: await tokenOfName('shown-a-tenth'),
  };
  const ask = async (who, path) => {
    const response = await fetch(`${app.url}/kdocs/api${path}`, {
      headers: { authorization: `Bearer ${tokens[who]}` },
    });
    const json = await response.json();
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(json)}`);
    return { ...json, isEstimate: response.headers.get('x-total-estimated') === 'true' };
  };
  const count = async (condition) =>
    Number((await client.query(`select count(*) from documents where ${condition}`)).rows[0].count);

  const saying = (
    word,
  ) => `(title ilike '%${word}%' or content ilike '%${word}%' or correspondent_id in (select id from correspondents where name ilike '%${word}%')
    or id in (select dt.document_id from document_tags dt join tags g on g.id = dt.tag_id where g.name ilike '%${word}%'))`;
  const cases = [
    ['common word', 'admin', '/search?q=facture', () => count(`title ilike '%facture%' or content ilike '%facture%'`)],
    ['common word, page 100', 'admin', '/search?q=facture&page=100', undefined],
    [
      'two words',
      'admin',
      '/search?q=facture%20%C3%A9ch%C3%A9ance',
      () => count(`${saying('facture')} and ${saying('échéance')}`),
    ],
    [
      'phrase',
      'admin',
      '/search?q=%22d%C3%A9p%C3%B4t%20garantie%22',
      () => count(`title ilike '%dépôt garantie%' or content like '%dépôt garantie%'`),
    ],
    ['a word in half of all', 'admin', '/search?q=contrat', undefined],
    ['alternatives, in nearly all', 'admin', '/search?q=contrat%20OU%20loyer%20OU%20bail%20OU%20compte', undefined],
    ['a word without another', 'admin', '/search?q=contrat%20-facture', undefined],
    ['only without a word', 'admin', '/search?q=-facture', undefined],
    ['a rare word or a phrase', 'admin', '/search?q=%22d%C3%A9p%C3%B4t%20garantie%22%20OU%20bathyscaphe', undefined],
    ['a word or a correspondent', 'admin', '/search?q=facture%20OU%20from:assurance', undefined],
    ['code', 'admin', '/search?q=FR-2026-1005', () => count(`content like '%FR-2026-1005'`)],
    ['rare word', 'admin', '/search?q=amarrages', () => count(`content like '%amarrage'`)],
    ['prefix', 'admin', '/search?q=amarr*', () => count(`content like '%amarrage'`)],
    ['prefix of every second word', 'admin', '/search?q=co*', undefined],
    ['prefix of a common word', 'admin', '/search?q=fact*', undefined],
    ['six prefixes', 'admin', '/search?q=co*%20re*%20ma*%20pr*%20as*%20ca*', undefined],
    ['without a common prefix', 'admin', '/search?q=-co*', undefined],
    [
      'word with conditions',
      'admin',
      '/search?q=facture%20amount:%3E1000%20date:2022&document_type_id=1',
      () =>
        count(
          `(title ilike '%facture%' or content ilike '%facture%') and amount > 1000 and document_date between '2022-01-01' and '2022-12-31' and document_type_id = 1`,
        ),
    ],
    ['word with three conditions, estimated', 'admin', '/search?q=contrat%20amount:%3E1000%20date:2022', undefined],
    ['word of a type', 'admin', '/search?q=facture%20type:facture', undefined],
    ['word of a correspondent', 'admin', '/search?q=facture&correspondent_id=5', undefined],
    ['word in a tag', 'admin', '/search?q=contrat&tag_ids[]=2', undefined],
    ['four words', 'admin', '/search?q=facture%20%C3%A9ch%C3%A9ance%20contrat%20loyer', undefined],
    ['word from many correspondents', 'admin', '/search?q=facture%20from:assurance', undefined],
    ['word of a rare amount', 'admin', '/search?q=facture%20amount:%3E5400', undefined],
    ['phrase with conditions', 'admin', '/search?q=%22d%C3%A9p%C3%B4t%20garantie%22%20amount:%3E5400', undefined],
    ['prefix with conditions', 'admin', '/search?q=co*%20amount:%3E5400%20date:2022', undefined],
    ['everything, no words', 'admin', '/search', () => count('true')],
    ['a correspondent, no words', 'admin', '/search?correspondent_id=5', () => count('correspondent_id = 5')],
    [
      'an ordinary person, common word',
      'person',
      '/search?q=facture',
      () =>
        count(
          `(owner_id = ${idOfPerson(2)} or id in (select document_id from document_shares where user_id = ${idOfPerson(2)})) and (title ilike '%facture%' or content ilike '%facture%')`,
        ),
    ],
    ['an ordinary person, prefix', 'person', '/search?q=co*', undefined],
    ['an ordinary person, phrase', 'person', '/search?q=%22d%C3%A9p%C3%B4t%20garantie%22', undefined],
    ['an ordinary person, no words', 'person', '/search', undefined],
    ['who sees a tenth, common word', 'tenth', '/search?q=facture', undefined],
    ['who sees a tenth, prefix', 'tenth', '/search?q=co*', undefined],
    ['who sees a tenth, phrase', 'tenth', '/search?q=%22d%C3%A9p%C3%B4t%20garantie%22', undefined],
    ['who sees a tenth, only without a word', 'tenth', '/search?q=-facture', undefined],
    ['who sees a tenth, word with conditions', 'tenth', '/search?q=facture%20amount:%3E1000%20date:2022', undefined],
    ['who sees a tenth, no words', 'tenth', '/search', undefined],
    ['suggest, 2 letters', 'admin', '/search/suggest?q=fa', undefined],
    ['suggest, 3 letters', 'admin', '/search/suggest?q=fac', undefined],
    ['suggest, a word within', 'admin', '/search/suggest?q=electri', undefined],
    ['suggest, mistyped', 'admin', '/search/suggest?q=assurnce', undefined],
    ['suggest, an ordinary person', 'person', '/search/suggest?q=fac', undefined],
  ];
  const listed = [
    ['common word', 'facture'],
    ['word in half of all', 'contrat'],
    ['two words', 'facture échéance'],
    ['four words', 'facture échéance contrat loyer'],
    ['phrase', '"dépôt garantie"'],
    ['prefix of every second word', 'co*'],
    ['prefix', 'amarr*'],
    ['rare word', 'bathyscaphe'],
    ['nothing', 'introuvable'],
    ['alternatives', 'amarrage OU bathyscaphe'],
    ['without a word', '-facture'],
    ['word without another', 'contrat -facture'],
    ['word of a type', 'facture type:facture'],
    ['word, tag and month', 'facture tag:"contrat*" date:2022-03'],
    ['word, amount and year', 'contrat amount:>5400 date:2021'],
    ['word of the oldest', 'contrat before:2020-02-01'],
    ['phrase with conditions', '"dépôt garantie" amount:>5400'],
    ['prefix with conditions', 'co* amount:>5400 date:2022'],
    ['word of a correspondent', 'facture', '&correspondent_id=5'],
    ['word from many correspondents', 'facture from:assurance'],
  ];
  for (const who of ['admin', 'tenth', 'shown', 'person'])
    for (const order of ['created_at', 'document_date', 'title'])
      for (const [title, q, more = ''] of order === 'title' ? listed.slice(0, 8) : listed)
        cases.push([
          `list by ${order}, ${who}: ${title}`,
          who,
          `/documents?search=${encodeURIComponent(q)}&order_by=${order}${more}`,
          undefined,
          true,
        ]);
  for (const [title, , path] of cases.filter(([, who]) => who === 'tenth').slice(0, 6))
    cases.push([title.replace('sees a tenth', 'is shown a tenth'), 'shown', path, undefined]);
  const isAsked = ([title]) => title.startsWith(process.env.BENCH_ONLY ?? '');
  const lines = [];
  for (const [title, who, path, expected, mayBeNone] of cases.filter(isAsked)) {
    const first = await ask(who, path);
    const found = first.pagination?.total ?? first.data?.total ?? first.suggestions.length;
    const isEstimate = first.isEstimate;
    // Looking through the texts of a million documents takes minutes.
    const there = isMillion ? undefined : await expected?.();
    const isRight = there === undefined || (isEstimate ? Math.abs(found / there - 1) <= tolerance : found === there);
    if (!isRight) throw new Error(`${title}: found ${found}, there are ${there}`);
    if (!expected && !mayBeNone && found === 0 && !isEstimate) throw new Error(`${title}: nothing found`);
    const { median, p95, best } = await timesOf(() => ask(who, path));
    const line = `| ${title} | \`${decodeURIComponent(path).replaceAll('|', '\\|')}\` | ${isEstimate ? 'about ' : ''}${found} | ${median.toFixed(1)} | ${p95.toFixed(1)} | ${best.toFixed(1)} |`;
    lines.push(line);
    log(line);
  }

  if (process.env.BENCH_ONLY) return;
  watching = true;
  // Asked for the first time: what was found before may be known still.
  await ask('admin', '/search?q=facture loyer');
  await ask('admin', '/search/suggest?q=factu');
  watching = false;
  const plans = [];
  for (const [title, { text, values }] of [
    ['Page', statements.find((s) => /candidates/.test(s.text) && !/grouping sets/.test(s.text))],
    ['Count and facets', statements.find((s) => /grouping sets/.test(s.text))],
    ['Suggestions', statements.find((s) => /folded_title/.test(s.text))],
  ]) {
    const { rows } = await client.query(`explain (analyze, buffers, costs off) ${text}`, values);
    plans.push(`### ${title}\n\n\`\`\`\n${rows.map((row) => row['QUERY PLAN']).join('\n')}\n\`\`\`\n`);
  }
  const version = (await client.query('show server_version')).rows[0].server_version.split(' ')[0];
  const size = (
    await client.query(
      `select pg_size_pretty(pg_relation_size('documents')) as heap, pg_size_pretty(pg_total_relation_size('documents')) as total, pg_size_pretty(pg_relation_size('documents_search_idx')) as gin`,
    )
  ).rows[0];
  const page = `# Search over ${documents.toLocaleString('en')} documents

\`npm run bench:search\`, PostgreSQL ${version}, ${cpus().length} cores for database, server and client together, over HTTP, ${rounds} requests each, one
after the other, after 5 to warm up. Load average of the machine at the end: ${loadavg()
    .map((l) => l.toFixed(1))
    .join(', ')}. Each search counts its three facets. "about" is an estimate, as the answer says.
The table has ${size.heap} (${size.total} with texts, vectors and indexes), the full-text index ${size.gin}. Goals: a search below ${isMillion ? 300 : 150} ms, a suggestion below 30 ms.

| case | request | found | median ms | p95 ms | best ms |
| --- | --- | ---: | ---: | ---: | ---: |
${lines.join('\n')}

## The statements

The page and the facets run side by side, on two connections.

${plans.join('\n')}`;
  writeResults(isMillion ? 'search-million.md' : 'search.md', page);
});
