import 'reflect-metadata';
import { pino } from 'pino';
import { fillDemoFirm } from './app/demo.js';
import { type App, startApp } from './app/start.js';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { FolderInUse } from './lib/folder-lock.js';
import { bootstrapAdmin, type FirstAdmin } from './modules/identity/people/bootstrap-admin.js';

/** Requests under way may take this long to finish after Ctrl-C. */
const drainMs = 15_000;
const madeUpFirm = '\n  A made-up firm was filled in; its people and papers say « démo ». DEMO=0 leaves it out.\n';

let admin: FirstAdmin | undefined;
const config = configOrExit();
// Lines are written together, apart from the requests; pino writes the rest when the process ends, also by a defect.
const logOutput = pino.destination({ sync: false, minLength: 8_192, periodicFlush: 250 });
const log = pino({ level: config.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] }, logOutput);
const app = await startOrExit();
greet(app);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(signal));

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info({ signal }, 'draining');
  const giveUp = setTimeout(() => {
    log.error('requests under way did not finish in time');
    process.exit(1);
  }, drainMs);
  await app.stop();
  clearTimeout(giveUp);
  log.info('stopped');
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
      prepare: async (parts) => {
        // A process that people reach makes the first administrator, so that its output shows the password.
        if (config.process === 'worker') return;
        admin = await bootstrapAdmin(parts.database.client, config);
        if (admin && config.demo) await fillDemoFirm(parts);
      },
    });
  } catch (error) {
    return exit(error);
  }
}

/** One line for what the operator can put right; the stack for what only a developer can. */
function exit(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const known =
    error instanceof ConfigError ||
    error instanceof FolderInUse ||
    ['EADDRINUSE', 'EACCES', 'ECONNREFUSED', 'ENOTFOUND', '28P01', '3D000'].includes(code ?? '');
  process.stderr.write(
    known
      ? `Passerelle cannot start. ${message}\n`
      : `Passerelle cannot start.\n${(error as Error).stack ?? message}\n`,
  );
  process.exit(1);
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
  const credentials = `\n  Administrator   ${who}\n  Password        ${secret}   (shown this once)\n`;
  const isFilled = admin !== undefined && config.demo;
  process.stdout.write(`
Passerelle serves ${url}
  Home            ${url}/
  GraphQL         ${url}/graphql
  REST reference  ${url}/core-docs
  Health          ${url}/health
${secret ? credentials : ''}${isFilled ? madeUpFirm : ''}
  curl -s ${url}/auth/login -d 'username=${who}' --data-urlencode 'password=${secret ?? '…'}'
`);
}
