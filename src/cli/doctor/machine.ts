import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Finding } from '../doctor.js';
import { sizeText } from '../output.js';

const oldestNode = [22, 17] as const;
const littleSpace = 5_000_000_000;
const noSpace = 200_000_000;

export function examineNode(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isGood = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return [
    isGood
      ? { check: 'node', status: 'ok', message: `version ${process.versions.node}` }
      : {
          check: 'node',
          status: 'fail',
          message: `version ${process.versions.node}, and ${oldestNode.join('.')} is needed`,
          advice: 'Use the Node that npm ci installs: npm start does by itself, others call node_modules/.bin/node.',
        },
  ];
}

export async function examineDisk({ dataDir, ingestDir, watchDir }: Config): Promise<Finding[]> {
  const folders = [
    ['DATA_DIR', dataDir],
    ['INGEST_DIR', ingestDir],
    ...(watchDir === undefined ? [] : [['WATCH_DIR', watchDir] as const]),
  ] as const;
  const findings = await Promise.all(folders.map(([setting, folder]) => examineFolder(setting, folder)));
  return [...findings, await examineSpace(dataDir)];
}

async function examineFolder(setting: string, folder: string): Promise<Finding> {
  const check = 'folders';
  if (!existsSync(folder)) {
    const above = existing(folder);
    const isWritable = await isWritten(above);
    return isWritable
      ? { check, status: 'ok', message: `${setting}: ${folder} is not there yet; the first start makes it` }
      : {
          check,
          status: 'fail',
          message: `${setting}: ${folder} cannot be made, ${above} is not writable`,
          advice: `Make it and give it to the user that runs the server: chown -R <user> ${folder}`,
        };
  }
  return (await isWritten(folder))
    ? { check, status: 'ok', message: `${setting}: ${folder} can be written` }
    : {
        check,
        status: 'fail',
        message: `${setting}: ${folder} cannot be written`,
        advice: `It belongs to another user, or its disk is read-only or full: ls -ld ${folder}; df ${folder}`,
      };
}

async function isWritten(folder: string): Promise<boolean> {
  const file = join(folder, `.doctor-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, 'Passerelle');
    return true;
  } catch {
    return false;
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)));

async function examineSpace(folder: string): Promise<Finding> {
  const check = 'disk space';
  const { bavail, bsize, files, ffree } = await statfs(existing(folder));
  const free = bavail * bsize;
  const message = `${sizeText(free)} free where ${folder} lies`;
  const advice = 'Make room, or move DATA_DIR to a larger disk; S3_BUCKET keeps the files elsewhere.';
  if (free < noSpace) return { check, status: 'fail', message, advice };
  if (free < littleSpace) return { check, status: 'warn', message, advice };
  if (files > 0 && ffree / files < 0.02)
    return { check, status: 'warn', message: `${message}, but hardly any inode (df -i)`, advice };
  return { check, status: 'ok', message };
}

/** Whether others on the machine may read what they must not. */
export async function examineSecrets({ dataDir }: Config): Promise<Finding[]> {
  const files = ['jwt-secret', 'encryption-key'].map((name) => join(dataDir, name));
  const open = [...files, join(process.cwd(), '.env')].filter((file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat !== undefined && (stat.mode & 0o077) !== 0;
  });
  if (open.length === 0) return [{ check: 'secrets', status: 'ok', message: 'no file of secrets is open to others' }];
  return open.map((file) => ({
    check: 'secrets',
    status: 'warn',
    message: `${file} can be read by other users of this machine`,
    advice: `chmod 600 ${file}`,
  }));
}

/** Whether the port is free, or a server of ours has it already. */
export async function examinePort({ host, port }: Config): Promise<Finding[]> {
  const check = 'port';
  const where = `${port} of ${host}`;
  const problem = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (problem === undefined) return [{ check, status: 'ok', message: `${where} is free` }];
  if (problem === 'EADDRINUSE' && (await isOurs(host, port)))
    return [{ check, status: 'ok', message: `a server of Passerelle answers at ${where}` }];
  const advice: Record<string, string> = {
    EADDRINUSE: 'Stop the program that has it, or set PORT to another.',
    EACCES: 'Ports below 1024 need a right: take one above, and let the proxy in front listen below.',
  };
  return [
    {
      check,
      status: 'fail',
      message: `${where} cannot be had (${problem})`,
      advice: advice[problem] ?? 'HOST must be an address of this machine, such as 127.0.0.1 or 0.0.0.0.',
    },
  ];
}

async function isOurs(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${reachable}:${port}/health/live`, { signal: AbortSignal.timeout(2_000) });
    return response.headers.get('content-type')?.includes('json') ?? false;
  } catch {
    return false;
  }
}
