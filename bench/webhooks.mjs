/**
 * Deliveries a second to 100 webhooks of 20 people, one of which never answers, against the same with all alive:
 * `npm run bench:webhooks`.
 *
 * Needs PostgreSQL (BENCH_DATABASE_URL, default postgres://postgres@127.0.0.1:5432/postgres), where it makes a database and drops
 * it again, or `npm run bench`, which takes the first figure into its page. Checks that nothing is lost and that each thing's events come in order. Writes bench/results/webhooks.md.
 */
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { emitEach } from '../src/events/outbox.js';
import { idOfPerson } from './firm.mjs';
import { log, withOwnServer, writeResults } from './own-server.mjs';

const people = 20;
const webhooks = 100;
const events = Number(process.env.BENCH_EVENTS ?? 100);
const things = 10;

/** Takes everything but what comes to the paths that are dead. */
async function startReceiver(dead) {
  const received = new Map();
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (dead.has(request.url)) return;
      const own = received.get(request.url) ?? [];
      received.set(request.url, own);
      own.push({ atMs: performance.now(), json: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { received, server, url: `http://127.0.0.1:${server.address().port}` };
}

const settings = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };
await withOwnServer({ settings }, async ({ app, client, tokenOf }) => {
  await client.query(
    `insert into users (id, username, email) select ${idOfPerson(0)} + n, 'person' || n, n || '@example.org' from generate_series(1, ${people}) n`,
  );
  await client.query(
    `insert into role_assignments (user_id, role_id) select u.id, r.id from users u, roles r where u.username like 'person%' and r.name = 'manager'`,
  );
  const ask = async (person, path, json) => {
    const response = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenOf(idOfPerson(person))}`, 'content-type': 'application/json' },
      body: JSON.stringify(json),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const clients = [];
  for (let n = 0; n < things; n += 1) clients.push((await ask(1, '/api/clients', { nom: `Client ${n}` })).id);

  const lines = [];
  for (const [name, dead] of [
    ['all alive', new Set()],
    ['one never answers', new Set(['/hook0'])],
  ]) {
    const receiver = await startReceiver(dead);
    for (let n = 0; n < webhooks; n += 1)
      await ask(1 + (n % people), '/api/webhooks', {
        nom: `Webhook ${n}`,
        url: `${receiver.url}/hook${n}`,
        type_webhook: 'client_updated',
      });
    const alive = webhooks - dead.size;
    const expected = alive * events;
    const count = () => [...receiver.received.values()].reduce((sum, { length }) => sum + length, 0);
    const startedMs = performance.now();
    await app.database.client.transaction((tx) =>
      emitEach(
        tx,
        { viewer: { userId: idOfPerson(1) }, requestId: 'bench', ip: undefined },
        'client.updated',
        'Client',
        Array.from({ length: events }, (_, n) => ({
          id: clients[n % things],
          data: { version: n + 2, fields: ['notes'] },
        })),
      ),
    );
    while (count() < expected && performance.now() - startedMs < 600_000) await setTimeout(20);
    const seconds = (performance.now() - startedMs) / 1000;
    if (count() !== expected) throw new Error(`${name}: ${count()} of ${expected} came`);
    const positions = (
      await client.query(
        `select endpoint_id, resource, array_agg(event_position order by finished_at, id)::text[] as sent
           from webhook_deliveries where status = 'delivered' group by 1, 2`,
      )
    ).rows;
    for (const { sent } of positions)
      if (sent.some((position, i) => i > 0 && BigInt(position) < BigInt(sent[i - 1]))) throw new Error('out of order');
    const lasts = [...receiver.received.values()].map((own) => own.at(-1).atMs - startedMs);
    lines.push({
      name,
      expected,
      seconds,
      perSecond: expected / seconds,
      first: Math.min(...lasts),
      last: Math.max(...lasts),
    });
    log(`${name}: ${expected} deliveries in ${seconds.toFixed(1)} s, ${(expected / seconds).toFixed(0)} a second`);
    // Started by peers.mjs, which wants no more than this.
    if (process.send) return void process.send(lines[0]);
    await client.query('delete from webhook_endpoints');
    receiver.server.closeAllConnections();
    await new Promise((resolve) => receiver.server.close(resolve));
  }
  const [whole, part] = lines;
  const [processor] = cpus();
  writeResults(
    'webhooks.md',
    `# Webhooks

${webhooks} webhooks of ${people} people are sent ${events} documented events each, about ${things} clients, in order for each client:
read through the graph for each person, signed, posted and noted. Receiver and PostgreSQL run on the same machine:
${processor?.model}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)}.

| | deliveries | seconds | a second | first webhook has all after | last one |
| --- | --- | --- | --- | --- | --- |
${lines
  .map(
    ({ name, expected, seconds, perSecond, first, last }) =>
      `| ${name} | ${expected} | ${seconds.toFixed(1)} | ${perSecond.toFixed(0)} | ${(first / 1000).toFixed(1)} s | ${(last / 1000).toFixed(1)} s |`,
  )
  .join('\n')}

With one that never answers the others get ${((100 * part.perSecond) / whole.perSecond).toFixed(0)} % of the rate. Nothing was lost, and each client's events came in order.
`,
  );
});
