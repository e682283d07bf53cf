import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.js';
import { running } from './running.js';

/** A PostgreSQL of the test's own and a standby that follows it. */
export interface PostgresPair {
  primaryUrl: string;
  standbyUrl: string;
  /** The standby receives what is committed, and does not show it. */
  pauseReplay: () => Promise<void>;
  resumeReplay: () => Promise<void>;
  stopStandby: () => Promise<void>;
  startStandby: () => Promise<void>;
  stop: () => Promise<void>;
}

const exec = promisify(execFile);

/** Needs the programs of PostgreSQL's server on this machine. */
export async function startPostgresPair(): Promise<PostgresPair> {
  const versions = await readdir('/usr/lib/postgresql');
  const bin = join('/usr/lib/postgresql', versions.toSorted((a, b) => Number(a) - Number(b)).at(-1) ?? '', 'bin');
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-pair-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    await chmod(folder, 0o755);
    await exec('chown', ['postgres', folder]);
  }
  /** PostgreSQL does not run as root. */
  const run = (program: string, ...given: string[]): Promise<unknown> =>
    isRoot ? exec('runuser', ['-u', 'postgres', '--', join(bin, program), ...given]) : exec(join(bin, program), given);
  const [primary, standby] = [join(folder, 'primary'), join(folder, 'standby')];
  const [primaryPort, standbyPort] = [await freePort(), await freePort()];
  const urlAt = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;
  const start = (data: string, port: number): Promise<unknown> =>
    run('pg_ctl', '-D', data, '-w', '-s', '-l', `${data}.log`, '-o', `-p ${port} -k ${folder} -F`, 'start');
  const stop = (data: string): Promise<unknown> => run('pg_ctl', '-D', data, '-w', '-s', '-m', 'immediate', 'stop');

  await run('initdb', '-D', primary, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync');
  await start(primary, primaryPort);
  const from = ['-h', '127.0.0.1', '-p', String(primaryPort), '-U', 'postgres'];
  await run('pg_basebackup', '-D', standby, ...from, '-R', '-c', 'fast', '--no-sync');
  await start(standby, standbyPort);
  const onStandby = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: urlAt(standbyPort) });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const pair: PostgresPair = {
    primaryUrl: urlAt(primaryPort),
    standbyUrl: urlAt(standbyPort),
    pauseReplay: () => onStandby('select pg_wal_replay_pause()'),
    resumeReplay: () => onStandby('select pg_wal_replay_resume()'),
    stopStandby: async () => void (await stop(standby)),
    startStandby: async () => void (await start(standby, standbyPort)),
    stop: async () => {
      await stop(standby).catch(() => undefined);
      await stop(primary);
      await rm(folder, { recursive: true, force: true });
      running.delete(pair);
    },
  };
  running.set(pair, 'two servers of PostgreSQL');
  return pair;
}
