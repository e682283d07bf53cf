/**
 * Search over 100,000 made-up French documents, asked over HTTP as consumers ask: `npm run bench:search`.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and
 * drops it again. Checks the number of hits against a plain count first. Writes bench/results/search.md.
 */
import { cpus, loadavg } from 'node:os';
import { fillFirm, idOfPerson } from './firm.mjs';
import { log, rounds, timesOf, withOwnServer, writeResults } from './own-server.mjs';

const documents = Number(process.env.BENCH_DOCUMENTS ?? 100_000);

const statements = [];
let watching = false;
const how = {
  options: '-c pg_trgm.word_similarity_threshold=0.45',
  prepare: async ({ database }) => {
    const connection = database.orm.em.getConnection('read');
    const execute = connection.execute.bind(connection);
    connection.execute = (sql, parameters, ...rest) => {
      if (watching && /candidates|grouping sets|folded_title/.test(sql)) statements.push({ sql, parameters });
      return execute(sql, parameters, ...rest);
    };
  },
};

await withOwnServer(how, async ({ app, url, client, tokenOf }) => {
  await client.query(`insert into users (username, email) values ('admin', 'admin@example.org')`);
  await client.query(
    `insert into role_assignments (user_id, role_id) select u.id, r.id from users u, roles r where u.username = 'admin' and r.name = 'admin'`,
  );
  log(`filling ${documents} documents`);
  await fillFirm(url, { documents, log });
  const tokenOfName = async (username) =>
    tokenOf((await client.query('select id from users where username = $1', [username])).rows[0].id);
  const tokens = { admin: await tokenOfName('admin'), person1: await tokenOfName('person1') };
  const ask = async (who, path) => {
    const response = await fetch(`${app.url}/kdocs/api${path}`, {
      headers: { authorization: `Bearer ${tokens[who]}` },
    });
    const json = await response.json();
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(json)}`);
    return json;
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
    ['code', 'admin', '/search?q=FR-2026-1005', () => count(`content like '%FR-2026-1005'`)],
    ['rare word', 'admin', '/search?q=amarrages', () => count(`content like '%amarrage'`)],
    ['prefix', 'admin', '/search?q=amarr*', () => count(`content like '%amarrage'`)],
    [
      'word with conditions',
      'admin',
      '/search?q=facture%20amount:%3E1000%20date:2022&document_type_id=1',
      () =>
        count(
          `(title ilike '%facture%' or content ilike '%facture%') and amount > 1000 and document_date between '2022-01-01' and '2022-12-31' and document_type_id = 1`,
        ),
    ],
    ['everything, no words', 'admin', '/search', () => count('true')],
    ['a correspondent, no words', 'admin', '/search?correspondent_id=5', () => count('correspondent_id = 5')],
    [
      'an ordinary person, common word',
      'person1',
      '/search?q=facture',
      () =>
        count(
          `(owner_id = ${idOfPerson(1)} or id in (select document_id from document_shares where user_id = ${idOfPerson(1)})) and (title ilike '%facture%' or content ilike '%facture%')`,
        ),
    ],
    ['suggest, 2 letters', 'admin', '/search/suggest?q=fa', undefined],
    ['suggest, 3 letters', 'admin', '/search/suggest?q=fac', undefined],
    ['suggest, a word within', 'admin', '/search/suggest?q=electri', undefined],
    ['suggest, mistyped', 'admin', '/search/suggest?q=assurnce', undefined],
    ['suggest, an ordinary person', 'person1', '/search/suggest?q=fac', undefined],
  ];
  const lines = [];
  for (const [title, who, path, expected] of cases) {
    const first = await ask(who, path);
    const found = first.data ? first.data.total : first.suggestions.length;
    if (expected && found !== (await expected()))
      throw new Error(`${title}: found ${found}, there are ${await expected()}`);
    if (!expected && found === 0) throw new Error(`${title}: nothing found`);
    const { median, p95, best } = await timesOf(() => ask(who, path));
    const line = `| ${title} | \`${decodeURIComponent(path).replaceAll('|', '\\|')}\` | ${found} | ${median.toFixed(1)} | ${p95.toFixed(1)} | ${best.toFixed(1)} |`;
    lines.push(line);
    log(line);
  }

  watching = true;
  await ask('admin', '/search?q=facture');
  await ask('admin', '/search/suggest?q=fac');
  watching = false;
  const plans = [];
  for (const [title, { sql, parameters }] of [
    ['Page', statements.find((s) => /candidates/.test(s.sql))],
    ['Count and facets', statements.find((s) => /grouping sets/.test(s.sql))],
    ['Suggestions', statements.find((s) => /folded_title/.test(s.sql))],
  ]) {
    let n = 0;
    const { rows } = await client.query(
      `explain (analyze, buffers, costs off) ${sql.replace(/\?/g, () => `$${(n += 1)}`)}`,
      parameters,
    );
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
    .join(', ')}. Each search counts its three facets over the whole result.
The table has ${size.heap} (${size.total} with texts, vectors and indexes), the full-text index ${size.gin}. Goals: a search below 150 ms, a suggestion below 30 ms.

| case | request | found | median ms | p95 ms | best ms |
| --- | --- | ---: | ---: | ---: | ---: |
${lines.join('\n')}

## The statements

The page and the facets run side by side, on two connections.

${plans.join('\n')}`;
  writeResults('search.md', page);
});
