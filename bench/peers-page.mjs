/** The page of `npm run bench`, bench/results/peers.md. */
import { cpus } from 'node:os';
import { contenders, poolSize, viewers } from './contenders.mjs';
import { connections, median } from './measure.mjs';

/** The peers that the summary names, with the words of its head. */
const rivals = {
  limit: 'bare limit',
  express: 'Express by hand',
  deployed: 'Express as deployed',
  postgraphile: 'PostGraphile',
  mercurius: 'Mercurius',
};
const head = (columns) =>
  `| ${columns.join(' | ')} |\n| ${columns.map((_, i) => (i < 2 ? '---' : '---:')).join(' | ')} |`;

/**
 * @param cases workloads with their viewer, as measured
 * @param results by key of the case and name of the contender, a measurement for each round
 * @param statements by name and key, how many a request takes
 * @param servers by name `startMs` and `memory` in MiB
 * @param subscriptions, webhooks what fanOut and webhooks.mjs found, if they ran
 * @returns Markdown
 */
export function pageOfPeers({ cases, results, statements, names, servers, subscriptions, webhooks, ...run }) {
  const ratio = (key, one, other) =>
    median(results[key][one].map(({ perSecond }, round) => perSecond / results[key][other][round].perSecond));
  const middle = (rows, field, digits = 0) =>
    rows?.[0][field] === undefined ? '–' : median(rows.map((row) => row[field])).toFixed(digits);
  const compared = cases.filter(
    ({ taking }) => taking.includes('ours') && taking.some((name) => Object.keys(rivals).includes(name)),
  );

  const rowOf = ({ workload, viewer, key, taking }) => {
    const cells = Object.keys(rivals).map((rival) => {
      const target = workload.targets?.[rival];
      if (!taking.includes(rival)) return target ? `(≥ ${target})` : '–';
      return verdict(ratio(key, 'ours', rival), target);
    });
    return `| ${workload.title} | ${viewers[viewer].title} | ${cells.join(' | ')} |`;
  };
  const wanted = compared.filter(({ workload }) => workload.targets).map(rowOf);
  const others = compared.filter(({ workload }) => !workload.targets).map(rowOf);
  const nodeUs = compared.map(
    ({ workload, viewer, key }) =>
      `| ${workload.title} | ${viewers[viewer].title} | ${['ours', ...Object.keys(rivals)].map((name) => middle(results[key][name], 'nodeUs')).join(' | ')} |`,
  );
  const ofDirectus = cases
    .filter(({ taking }) => taking.includes('directus') && taking.includes('ours'))
    .map(
      ({ workload, viewer, key }) =>
        `| ${workload.title} | ${viewers[viewer].title} | ${ratio(key, 'ours', 'directus').toFixed(2)}× | ${middle(results[key].ours, 'nodeUs')} | ${middle(results[key].directus, 'nodeUs')} |`,
    );
  const tables = cases.map(({ workload, viewer, key, taking }) => {
    const beside = [...Object.keys(rivals), 'directus'].filter((name) => taking.includes(name));
    const rows = taking.map((name) => {
      const measured = results[key][name];
      const ratios = beside.map((rival) => ratio(key, name, rival).toFixed(2));
      return `| ${[
        contenders[name].title,
        middle(measured, 'perSecond'),
        ...ratios,
        middle(measured, 'p50', 1),
        middle(measured, 'p99', 1),
        middle(measured, 'nodeUs'),
        middle(measured, 'postgresUs'),
        statements[`${name} ${key}`] ?? '–',
      ].join(' | ')} |`;
    });
    const columns = [
      'requests/s',
      ...beside.map((name) => `× ${rivals[name] ?? contenders[name].title}`),
      'p50 ms',
      'p99 ms',
      'node µs',
      'PostgreSQL µs',
      'statements',
    ];
    return `## ${workload.title}, asked by ${viewers[viewer].title}

| | ${columns.join(' | ')} |
| --- | ${columns.map(() => '---:').join(' | ')} |
${rows.join('\n')}
`;
  });
  const peers = Object.values(rivals);
  const comparison = compared.length
    ? `## Wanted and reached

Requests a second, ours ÷ the peer's, with the least that is wanted.

${head(['', 'asked by', ...peers])}
${wanted.join('\n')}
${subscriptions?.ratio ? `\nSubscriptions, messages a second beside graphql-ws with a publisher in memory: ${subscriptions.ratio}.\n` : ''}${others.length ? `\nOther workloads, without a wish:\n\n${head(['', 'asked by', ...peers])}\n${others.join('\n')}\n` : ''}
## Processor time of Node for a request, in microseconds

${head(['', 'asked by', 'Passerelle', ...peers])}
${nodeUs.join('\n')}
`
    : '';
  return `# Passerelle beside its peers

\`npm run bench\`: ${run.documents.toLocaleString('en')} documents and ten times as many transactions, ${run.database}, Node ${process.versions.node}, ${cpus().length} cores for database, server and
client together; ${run.rounds} rounds of ${run.seconds} s in which everybody has a turn in changing order, ${connections} connections. Figures are medians over the rounds, ratios
medians of the ratios within a round; CPU per request; statements with \`begin\` and \`commit\`. Before the run the load of the machine was ${run.loadBefore.toFixed(1)}.

Passerelle runs as it is delivered: a JWT of a login in each request, rate limits, log, metrics, limits on the cost of a query. « Express as
deployed » has what one puts before a server on the open net: helmet, a JWT (jsonwebtoken) whose session and permissions are read by SQL each time,
rate-limiter-flexible in memory, pino-http, prom-client, zod. The other peers have none of these: they trust two headers that name the viewer. All
keep to the same rules of visibility, in their SQL or, PostGraphile, as row-level security; « Express » answers in REST what the others answer in
GraphQL. Each has ${poolSize} connections to PostgreSQL. Before the measuring, all answered the same.

${comparison}${subscriptions ? `\n## Subscriptions\n${subscriptions.summary}` : ''}${
    webhooks
      ? `
## Webhooks

${webhooks.perSecond.toFixed(0)} deliveries a second to 100 webhooks of 20 people, each read as its owner, signed, posted and noted, in order for each thing
([webhooks.md](webhooks.md)). No peer has webhooks.
`
      : ''
  }${
    ofDirectus.length
      ? `
## Directus, and Hasura

Directus 12 on the same tables, without a licence, with a static token of a role that reads these tables: rules on rows need a licence. It leaves out tables
with a key of several columns, which are those of tags and of shares. Documents are therefore asked for without tags and approval, and only by
somebody who reads all of them. Ours is asked in GraphQL, Directus in REST.

${head(['', 'asked by', 'requests/s, ours ÷ Directus', 'node µs, ours', 'node µs, Directus'])}
${ofDirectus.join('\n')}

Hasura is not measured: its engine is a container image, and neither npm, PyPI nor Debian has a package of it.
`
      : ''
  }
## Start and memory

| | start ms | memory after the run MiB |
| --- | ---: | ---: |
${names
  .filter((name) => servers[name])
  .map((name) => `| ${contenders[name].title} | ${servers[name].startMs.toFixed(0)} | ${servers[name].memory} |`)
  .join('\n')}

${tables.join('\n')}`;
}

const verdict = (reached, target) =>
  `${reached.toFixed(2)}×${target ? ` (≥ ${target}: ${reached >= target ? 'reached' : '**missed**'})` : ''}`;
