/**
 * One event stream to a thousand sockets: ours by subscription and at /ws, with the credential of people who read all documents,
 * beside graphql-ws as it comes.
 */
import { contenders, logIn, start } from './contenders.mjs';
import { cpuUsOf, memoryOf } from './machine.mjs';
import { answerOf, helper, median } from './measure.mjs';

const events = 160;
/** At /ws each socket asks for itself: fewer will do. */
const plainEvents = 40;
/** Changes under way at once: what is measured is what can be delivered, not how long one change takes. */
const atOnce = 16;
const readers = 20;
const target = 4;
/** Ours at /ws, whose messages carry the event without its document. */
const plain = 'ours at /ws';
const titleOf = (name) => (name === plain ? 'Passerelle at `/ws`' : contenders[name].title);

/**
 * @param documents numbers of documents of `person1`, which is changed
 * @param sockets how many listen
 * @param peer name of the contender beside ours, if any
 * @returns `summary` in Markdown; with a peer `ratio` of ours to it, as the summary says it
 */
export async function fanOut({ databaseUrl, dataDir, rounds, documents, sockets, peer, log }) {
  const results = {};
  const names = ['ours', plain, ...(peer ? [peer] : [])];
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 ? names.toReversed() : names) {
      (results[name] ??= []).push(await deliver(name, { databaseUrl, dataDir, documents, sockets }));
      log(`subscriptions, ${name}: ${results[name].at(-1).perSecond.toFixed(0)} deliveries a second`);
    }
  }
  const of = (name, field) => median(results[name].map((result) => result[field]));
  const reached =
    peer && median(results.ours.map(({ perSecond }, round) => perSecond / results[peer][round].perSecond));
  const rows = names.map(
    (name) =>
      `| ${titleOf(name)} | ${of(name, 'perSecond').toFixed(0)} | ${of(name, 'nodeUs').toFixed(1)} | ${of(name, 'perSocketKb').toFixed(0)} |`,
  );
  const ratio =
    reached && `${reached.toFixed(2)} times as many (≥ ${target}: ${reached >= target ? 'reached' : '**missed**'})`;
  return {
    ratio,
    summary: `
Subscriptions: ${events} changes of documents (${plainEvents} at \`/ws\`), ${atOnce} at once, to ${sockets.toLocaleString('en')} sockets of ${readers} people whose role reads all documents. The peer publishes from memory, checks nothing
and reads nothing. A message at \`/ws\` carries the event, of a subscription also the document, as each may see it.${ratio ? ` Ours delivers ${ratio}.` : ''}

| | deliveries/s | node µs each | memory per socket KiB |
| --- | ---: | ---: | ---: |
${rows.join('\n')}
`,
  };
}

async function deliver(name, { databaseUrl, dataDir, documents, sockets }) {
  const isPlain = name === plain;
  const changes = isPlain ? plainEvents : events;
  const server = await start(isPlain ? 'ours' : name, { databaseUrl, dataDir });
  const isOurs = isPlain || contenders[name].isOurs;
  const clients = helper('./sockets.mjs');
  const credentials = [];
  for (let n = 0; isOurs && n < readers; n += 1)
    credentials.push(`Bearer ${await logIn(server.url, `person${101 + n}`)}`);
  const headers = isOurs ? { authorization: `Bearer ${await logIn(server.url, 'person1')}` } : {};
  const memoryBefore = memoryOf(server.pid);
  await clients.ask({ url: server.url, credentials, count: sockets, isPlain });
  let n = 0;
  const changeNext = () => change(isOurs, server, headers, documents[n % documents.length], (n += 1));
  // A subscriber that came late would wait for ever, so there are changes until all have heard one; they also warm up.
  let sample;
  void clients.ask({ all: true }).then((answer) => ({ sample } = answer));
  while (!sample) {
    await changeNext();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  if (!sample.includes(isPlain ? '"type":"document.updated"' : '"title":"Dossier'))
    throw new Error(`${name} delivers ${sample}`);
  await clients.ask({ quiet: true });
  const delivered = clients.ask({ events: changes });
  const startedMs = Date.now();
  const cpuBefore = cpuUsOf(server.pid);
  let left = changes;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await changeNext();
    }),
  );
  const { lastMs } = await delivered;
  const nodeUs = (cpuUsOf(server.pid) - cpuBefore) / (changes * sockets);
  const perSocketKb = ((memoryOf(server.pid) - memoryBefore) * 1024) / sockets;
  clients.stop();
  await server.stop();
  return { perSecond: (changes * sockets * 1000) / (lastMs - startedMs), nodeUs, perSocketKb };
}

async function change(isOurs, { url }, headers, id, n) {
  const title = `Dossier ${n} suivi`;
  if (!isOurs) {
    const document = {
      id,
      title,
      documentDate: '2026-01-02',
      correspondent: { id: 1, name: 'Électricité Assurance 10' },
    };
    await fetch(url, { method: 'POST', body: JSON.stringify({ type: 'document.updated', documentId: id, document }) });
    return;
  }
  const query = 'mutation Update($input: UpdateDocumentInput!) { updateDocument(input: $input) { document { id } } }';
  const { errors } = await answerOf(
    url,
    {
      method: 'POST',
      path: '/graphql',
      body: JSON.stringify({ query, variables: { input: { id: String(id), title } } }),
    },
    headers,
  );
  if (errors) throw new Error(errors[0].message);
}
