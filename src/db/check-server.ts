import pg from 'pg';
import { ConfigError } from '../config/config-error.js';

const oldestVersion = 15;
const connectTimeoutMs = 5_000;

/**
 * Connects once to the server that a setting names. Throws ConfigError that names the setting when it cannot be used:
 * nobody answers, no such database, wrong password, too old, or a replica where changes are to be written.
 */
export async function checkServer(setting: string, url: string, { isWritten }: { isWritten: boolean }): Promise<void> {
  let place = new URL(url).host;
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({
      connectionString: url,
      application_name: 'passerelle-start',
      connectionTimeoutMillis: connectTimeoutMs,
    });
    client.on('error', () => undefined);
    place = `${client.host}:${client.port}`;
    await client.connect();
    const { rows } = await client.query<{ version: number; isReplica: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version, pg_is_in_recovery() as "isReplica"`,
    );
    const { version = 0, isReplica = false } = rows[0] ?? {};
    if (version < oldestVersion)
      throw new ConfigError(`${setting}: ${place} is PostgreSQL ${version}, and ${oldestVersion} is needed`);
    if (isReplica && isWritten) throw new ConfigError(`${setting}: ${place} is a replica, which takes no changes`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${setting}: ${refusalOf(error as NodeJS.ErrnoException, { place, url })}`, { cause: error });
  } finally {
    await client?.end().catch(() => undefined);
  }
}

/**
 * The same for what a migration may meet: a user who lacks a right, an extension that is not installed. What else it
 * throws is a defect, and is returned as it is.
 */
export function migrationFailure(setting: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return ['42501', '0A000', '58P01', '25006'].includes(code ?? '')
    ? new ConfigError(`${setting}: the database cannot be brought up to date (${firstLine(message)})`, { cause: error })
    : error;
}

function refusalOf({ code, message }: NodeJS.ErrnoException, { place, url }: { place: string; url: string }): string {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOENT':
      return `nobody answers at ${place}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host of the name in ${place}`;
    case '28P01':
    case '28000':
      return `${place} refuses the user or the password`;
    case '3D000':
      return `${place} has no database ${decodeURIComponent(new URL(url).pathname.slice(1))}`;
    default:
      return message.startsWith('timeout')
        ? `nobody answers at ${place} within ${connectTimeoutMs / 1000} s`
        : `${place} cannot be used (${firstLine(message)})`;
  }
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
