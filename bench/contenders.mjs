/** Who is measured, and how each is started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { idOfPerson, password } from './firm.mjs';
import { directusEnvironment, directusTokenOf } from './peers/directus/set-up.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Connections of each peer to PostgreSQL. */
export const poolSize = 8;

/** An ordinary person, who sees what is theirs and what is shared with them, and one whose role reads all documents. */
export const viewers = {
  person: { title: 'an ordinary person', username: 'person1', id: idOfPerson(1), readsAll: false },
  reader: { title: 'a reader of all documents', username: 'person101', id: idOfPerson(101), readsAll: true },
};

const bearer = (token) => ({ authorization: `Bearer ${token}` });

/**
 * `dialects`: what it is asked in, the first that a workload has; `credentials`: the headers of a viewer, elsewhere two that it
 * trusts; `health`: where it says that it serves, by default /health; `package`: a folder with dependencies of its own.
 */
export const contenders = {
  ours: {
    title: 'Passerelle',
    dialects: ['graphql', 'rest'],
    arguments: [here('../dist/bundled/main.js')],
    credentials: async (url, { username }) => bearer(await logIn(url, username)),
    isOurs: true,
  },
  postgraphile: { title: 'PostGraphile 5', dialects: ['postgraphile'], arguments: [here('peers/postgraphile.mjs')] },
  mercurius: {
    title: 'Mercurius, jit and loaders',
    dialects: ['peerGraphql'],
    arguments: [here('peers/mercurius.mjs')],
  },
  yoga: { title: 'Yoga, jit, Kysely, DataLoader', dialects: ['peerGraphql'], arguments: [here('peers/yoga.mjs')] },
  apollo: {
    title: 'Apollo, type-graphql, `em.find`',
    dialects: ['peerGraphql'],
    arguments: ['--import', 'tsx', here('peers/apollo.ts')],
  },
  directus: {
    title: 'Directus',
    dialects: ['directus'],
    arguments: [
      '--import',
      here('peers/directus/without-scripts.mjs'),
      here('peers/directus/node_modules/@directus/api/dist/cli/run.js'),
      'start',
    ],
    environment: directusEnvironment,
    credentials: (_url, { username }) => bearer(directusTokenOf(username)),
    health: '/server/ping',
    package: here('peers/directus'),
  },
  deployed: {
    title: 'Express as deployed',
    dialects: ['rest'],
    arguments: [here('peers/deployed.mjs')],
    credentials: async (url, { username }) => bearer(await logInAtDeployed(url, username)),
  },
  express: { title: 'Express and SQL by hand', dialects: ['rest'], arguments: [here('peers/express.mjs')] },
  limit: { title: 'the limit: `node:http`, `json_agg`', dialects: ['rest'], arguments: [here('peers/limit.mjs')] },
};

contenders.pubsub = {
  title: 'graphql-ws with a publisher in memory',
  dialects: [],
  arguments: [here('peers/pubsub.mjs')],
};

/** Rate limits stay on, far above what a person may do in earnest, or the bench would measure refusals. */
const ourEnvironment = {
  HOST: '127.0.0.1',
  DEMO: '0',
  RATE_LIMITS: '100000',
  ADMIN_PASSWORD: 'Admin-banc-2026!',
  JWT_SECRET: 'bench-secret-'.repeat(4),
  ENCRYPTION_KEY: 'bench-key-'.repeat(4),
};

/** A port that nobody listens at: another bench may run beside this one. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * Starts a contender and waits until it answers on /health.
 *
 * @param name of `contenders`
 * @param databaseUrl its database; absent: ours on its embedded one
 * @param dataDir a folder for ours
 * @returns `url`, `port`, `pid`, `startMs`, `headers` by viewer, `stop()`
 */
export async function start(name, { databaseUrl, dataDir }) {
  const { arguments: program, isOurs, environment: own, health = '/health' } = contenders[name];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, program, {
    cwd: here('..'),
    stdio: ['ignore', isOurs && process.env.BENCH_LOG ? openSync(process.env.BENCH_LOG, 'a') : 'ignore', 'inherit'],
    env: {
      ...environment,
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
      PORT: String(port),
      POOL_SIZE: String(poolSize),
      ...(isOurs && { ...ourEnvironment, DATA_DIR: dataDir }),
      ...(databaseUrl && { DATABASE_URL: databaseUrl, ...own?.(databaseUrl, poolSize) }),
    },
  });
  running.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  void ended.then(() => running.delete(child));
  while ((await fetch(url + health).catch(() => undefined))?.status !== 200) {
    if (!running.has(child)) throw new Error(`${name} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const startMs = performance.now() - startedMs;
  const stop = () => {
    child.kill('SIGTERM');
    return ended;
  };
  return { name, url, port, pid: child.pid, startMs, stop };
}

/** The headers by which a contender knows a viewer: its own credentials, or two headers that it trusts. */
export const headersOf = async ({ name, url }, viewer) =>
  contenders[name].credentials?.(url, viewer) ?? {
    'x-user-id': String(viewer.id),
    'x-reads-all': viewer.readsAll ? '1' : '0',
  };

/** A token of the Express that is deployed, by a login with the password. */
async function logInAtDeployed(url, username) {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!response.ok) throw new Error(`${username} cannot sign in: ${response.status}`);
  return (await response.json()).token;
}

/** An access token of ours, by a login with the password. */
export async function logIn(url, username) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation Login($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }',
      variables: { input: { identifier: username, password } },
    }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${username} cannot sign in: ${errors[0].message}`);
  return data.login.tokens.accessToken;
}
