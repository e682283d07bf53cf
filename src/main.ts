import 'reflect-metadata';
import { constants } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pino } from 'pino';
import { type DemoPeople, fillDemoFirm } from './app/demo.js';
import { loggedError } from './app/log-errors.js';
import { type App, startApp } from './app/start.js';
import { ConfigError } from './config/config-error.js';
import { type Config, readConfig } from './config/config.js';
import { onEachStatement } from './db/ran-statements.js';
import { FolderInUse } from './lib/folder-lock.js';
import { gatheredLines } from './lib/gathered-lines.js';
import { bootstrapAdmin, type FirstAdmin } from './modules/identity/people/bootstrap-admin.js';

/** Requests under way may take this long to finish after Ctrl-C. */
const finishMs = 15_000;
/** A second Ctrl-C after as long ends at once. */
const againMs = 300;
/** What to do when the password of the administrator is lost; said at every later start. */
const resetAdmin = 'npm run reset-admin';
const madeUpFirm = '\n  A made-up firm was filled in; its people and papers say « démo ». DEMO=0 leaves it out.\n';

/**
 * Garbage is collected when the heap is half as large again as what was in use the last time. By itself V8 waits for
 * four times as much, and the system for as long to get its memory back; more often costs little, since a collection is
 * mostly done beside the event loop.
 */
setFlagsFromString('--heap-growing-percent=50');

let admin: FirstAdmin | undefined;
let demoPeople: DemoPeople | undefined;
let app: App | undefined;
let stoppingSinceMs: number | undefined;
// Before the start, which may take long: the first process of a container is not ended by a signal that it ignores.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));
const config = configOrExit();
const logOutput = gatheredLines(pino.destination({ sync: false }));
const log = pino(
  {
    level: config.logLevel,
    redact: ['req.headers.authorization', 'req.headers.cookie'],
    serializers: { err: loggedError },
  },
  logOutput,
);
if (log.isLevelEnabled('debug')) onEachStatement(({ text, ...rest }) => log.debug({ sql: text, ...rest }, 'statement'));
app = await startOrExit();
if (process.stdout.isTTY) greet(app);
else announce(app);
giveBackMemory();

async function stop(signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  // Nothing that it has begun is half done: the database rolls back, and the next start goes on.
  if (!app) process.exit(128 + constants.signals[signal]);
  if (stoppingSinceMs !== undefined) {
    // Ctrl-C comes twice under npm: from the terminal, and from npm that passes it on.
    const isAgain = signal === 'SIGINT' && performance.now() - stoppingSinceMs > againMs;
    if (isAgain) process.exit(128 + constants.signals[signal]);
    return;
  }
  stoppingSinceMs = performance.now();
  log.info({ signal }, 'draining');
  app.drain();
  // Somebody at a terminal waits; a program has others to send requests to first.
  if (signal === 'SIGTERM') await setTimeout(config.drainMs);
  const finished = new AbortController();
  setTimeout(finishMs, undefined, { signal: finished.signal }).then(
    () => {
      log.error('requests under way did not finish in time');
      process.exit(1);
    },
    () => undefined,
  );
  await app.stop();
  finished.abort();
  log.info('stopped');
}

/**
 * Garbage of the start is collected once, a quarter of the memory: by itself V8 keeps it until it needs as much again.
 * Takes a tenth of a second.
 */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    return exit(error);
  }
}

async function startOrExit(): Promise<App> {
  try {
    return await startApp({
      config,
      log,
      prepare: async ({ listen, ...parts }) => {
        // A process that people reach makes the first administrator, so that its output shows the password.
        if (config.process === 'worker') return;
        admin = await bootstrapAdmin(parts.database.client, config, listen);
        showPassword();
        if (!admin || !config.demo) return;
        demoPeople = await fillDemoFirm(parts, { isWhole: config.wholeDemo, log });
        showDemoPeople();
      },
    });
  } catch (error) {
    log.debug({ err: error }, 'cannot start');
    return exit(error);
  }
}

/** One line, whatever it was. */
function exit(error: unknown): never {
  const { message } = error as Error;
  const isKnown = error instanceof ConfigError || error instanceof FolderInUse;
  const [firstLine = ''] = message.split('\n');
  process.stderr.write(`Passerelle cannot start. ${isKnown ? message : `${firstLine} (LOG_LEVEL=debug says where)`}\n`);
  process.exit(1);
}

/**
 * The password that was made for the first administrator, once for the installation: as soon as it is committed, since
 * nothing that happens afterwards shows it again.
 */
function showPassword(): void {
  if (!admin?.password) return;
  const { username, password } = admin;
  const line = 'the first administrator was made: the password is shown this once';
  showOnce(['Administrator ', username, password], { username, password }, line);
}

/** The same of the people of the made-up firm. */
function showDemoPeople(): void {
  if (!demoPeople) return;
  const { usernames, password } = demoPeople;
  const line = 'people of the made-up firm: the password is shown this once';
  showOnce(['Made-up people', usernames.join(', '), password], { usernames, password }, line);
}

/** For whoever sits at the terminal; otherwise a line of the log, whatever its level. */
function showOnce([whose, who, password]: [string, string, string], facts: object, line: string): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\n  ${whose}  ${who}\n  Password        ${password}   (shown this once)\n`);
    return;
  }
  pino({ level: 'info' }, logOutput).info(facts, line);
  logOutput.flushSync();
}

/**
 * For scripts and collectors, when the output is no terminal: a line of the log, whatever its level. `Passerelle
 * serves`, with `url` and `process`, comes when requests are answered.
 */
function announce({ url }: App): void {
  const hint = admin || config.process === 'worker' ? {} : { resetAdmin };
  pino({ level: 'info' }, logOutput).info({ url, process: config.process, ...hint }, 'Passerelle serves');
  logOutput.flushSync();
}

function greet({ url }: App): void {
  if (config.process === 'worker') {
    process.stdout.write(`
Passerelle serves ${url} (worker: jobs, the event log, dropped files)
  Health          ${url}/health
  Metrics         ${url}/metrics
`);
    return;
  }
  const who = admin?.username ?? config.admin.username;
  const secret = admin?.password;
  const lost = `\n  Password lost?  ${resetAdmin}\n`;
  process.stdout.write(`
Passerelle serves ${url}
  Home            ${url}/
  GraphQL         ${url}/graphql
  REST reference  ${url}/core-docs
  Health          ${url}/health
${admin ? '' : lost}${demoPeople ? madeUpFirm : ''}
  curl -s ${url}/auth/login -d 'username=${who}' --data-urlencode 'password=${secret ?? '…'}'
`);
}
