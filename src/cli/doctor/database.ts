import { existsSync } from 'node:fs';
import pg from 'pg';
import type { Logger } from 'pino';
import { entitiesOf } from '../../app/compose.js';
import { modules } from '../../app/modules.js';
import { ConfigError } from '../../config/config-error.js';
import type { Config } from '../../config/config.js';
import { checkServer } from '../../db/check-server.js';
import { type Database, openDatabase } from '../../db/database.js';
import { embeddedFolder } from '../../db/orm-options.js';
import { lockHolder } from '../../lib/folder-lock.js';
import type { Finding } from '../doctor.js';
import { statusOf } from '../migrations.js';
import { clockFinding } from './server.js';

const check = 'database';
const extensions = ['btree_gist', 'pg_trgm', 'unaccent'];
/** What one process of the server may open at once. */
const connectionsOfProcess = 30;

export async function examineDatabase(config: Config, log: Logger): Promise<Finding[]> {
  try {
    return config.databaseUrl ? await examineServers(config, log) : await examineEmbedded(config, log);
  } catch (error) {
    return [
      {
        check,
        status: 'fail',
        message: error instanceof ConfigError ? error.message : ((error as Error).message.split('\n')[0] ?? ''),
        advice: config.databaseUrl
          ? adviceOn(error as Error)
          : 'Restore a backup into another DATA_DIR: passerelle restore.',
      },
    ];
  }
}

/** What PostgreSQL or the network says is the cause; without one it answered, and is no server that will do. */
function adviceOn({ cause }: { cause?: unknown }): string {
  if (cause === undefined)
    return 'Name a server of PostgreSQL 15 or newer that takes changes, or upgrade this one: pg_upgrade.';
  switch ((cause as NodeJS.ErrnoException).code) {
    case '3D000':
      return "Make it: create database <name> encoding 'UTF8' template template0; or correct the URL.";
    case '28P01':
    case '28000':
      return 'Correct the user and password of the URL; pg_hba.conf of the server must let this machine in.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'Correct the host of the URL, or look at the name service of this machine.';
    default:
      return 'Start PostgreSQL, or correct host and port of the URL; listen_addresses or a firewall may be in between.';
  }
}

async function examineEmbedded(config: Config, log: Logger): Promise<Finding[]> {
  const folder = embeddedFolder(config.dataDir);
  const pid = lockHolder(folder);
  if (pid !== undefined)
    return [{ check, status: 'ok', message: `embedded, in use by the server with process ${pid}: not looked into` }];
  if (!existsSync(folder))
    return [{ check, status: 'ok', message: `embedded; ${folder} is not there yet, the first start makes it` }];
  const database = await openDatabase(config, log, { entities: entitiesOf(modules), migrations: 'leave' });
  try {
    return [{ check, status: 'ok', message: `embedded, in ${folder}` }, ...(await examineMigrations(database))];
  } finally {
    await database.close();
  }
}

async function examineServers(config: Config, log: Logger): Promise<Finding[]> {
  const url = config.databaseUrl as string;
  const findings: Finding[] = [];
  for (const replica of config.databaseReplicaUrls)
    await checkServer('DATABASE_REPLICA_URLS', replica, { isWritten: false }).catch((error: Error) =>
      findings.push({
        check: 'replica',
        status: 'fail',
        message: error.message,
        advice: 'Start it, or take it out of DATABASE_REPLICA_URLS: the server does not start without it.',
      }),
    );
  await checkServer('DATABASE_URL', url, { isWritten: true });
  const client = new pg.Client({ connectionString: url, application_name: 'passerelle-doctor', query_timeout: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    findings.push(...(await examineSettings(client)));
  } finally {
    await client.end();
  }
  const database = await openDatabase(config, log, { entities: entitiesOf(modules), migrations: 'leave' }).catch(
    () => undefined,
  );
  if (!database) return findings;
  try {
    return [...findings, ...(await examineMigrations(database))];
  } finally {
    await database.close();
  }
}

interface Settings {
  version: string;
  encoding: string;
  timezone: string;
  connections: number;
  used: number;
  nowMs: number;
  mayCreate: boolean;
  available: string[];
  installed: string[];
}

async function examineSettings(client: pg.Client): Promise<Finding[]> {
  const startedMs = Date.now();
  const { rows } = await client.query<Settings>(`
    select current_setting('server_version') as version, current_setting('server_encoding') as encoding,
           current_setting('timezone') as timezone, current_setting('max_connections')::int as connections,
           (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
           extract(epoch from clock_timestamp())::float * 1000 as "nowMs",
           has_database_privilege(current_database(), 'CREATE') and has_schema_privilege('public', 'CREATE')
             as "mayCreate",
           array(select name::text from pg_available_extensions) as available,
           array(select extname::text from pg_extension) as installed`);
  const midMs = (startedMs + Date.now()) / 2;
  const found = rows[0] as Settings;
  const missing = extensions.filter((name) => !found.available.includes(name));
  const findings: Finding[] = [
    { check, status: 'ok', message: `PostgreSQL ${found.version}, time zone ${found.timezone} (sessions use UTC)` },
  ];
  if (found.encoding !== 'UTF8')
    findings.push({
      check: 'encoding',
      status: 'fail',
      message: `the database is encoded as ${found.encoding}`,
      advice: "Make another: create database passerelle encoding 'UTF8' template template0",
    });
  if (missing.length > 0)
    findings.push({
      check: 'extensions',
      status: 'fail',
      message: `the server does not have ${missing.join(', ')}`,
      advice: "Install PostgreSQL's contrib package on it: apt-get install postgresql-contrib",
    });
  else
    findings.push({
      check: 'extensions',
      status: 'ok',
      message: extensions.every((name) => found.installed.includes(name))
        ? `${extensions.join(', ')} are installed`
        : `${extensions.join(', ')} can be installed`,
    });
  if (!found.mayCreate)
    findings.push({
      check: 'rights',
      status: 'fail',
      message: 'the user may not make tables and schemas in the database',
      advice: 'As a superuser: alter database <name> owner to <user>',
    });
  if (found.connections - found.used < connectionsOfProcess)
    findings.push({
      check: 'connections',
      status: 'warn',
      message:
        `${found.used} of ${found.connections} are in use; ` +
        `a process of the server takes up to ${connectionsOfProcess}`,
      advice: 'Raise max_connections of PostgreSQL, or run fewer processes.',
    });
  return [...findings, clockFinding('database clock', found.nowMs - midMs)];
}

async function examineMigrations(database: Database): Promise<Finding[]> {
  const at = 'migrations';
  const { done, pending, unknown } = await statusOf(database);
  if (unknown.length > 0)
    return [
      {
        check: at,
        status: 'fail',
        message: `the database is of a newer version: ${unknown.join(', ')}`,
        advice: 'Install that version or a newer one; there is no way back but a backup from before.',
      },
    ];
  if (pending.length === 0) return [{ check: at, status: 'ok', message: `all ${done.length} are done` }];
  return [
    {
      check: at,
      status: 'warn',
      message: `${pending.length} of ${done.length + pending.length} are pending`,
      advice: 'The next start of the server runs them, or: passerelle migrate up',
    },
  ];
}
