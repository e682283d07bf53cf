import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';

/** Makes the folders that do not exist yet. Throws ConfigError, with its setting, for one that cannot be used. */
export async function openFolders({ dataDir, ingestDir, watchDir, ...config }: Config, spool: string): Promise<void> {
  await open('DATA_DIR', dataDir);
  await open('DATA_DIR', spool);
  await open('INGEST_DIR', ingestDir);
  if (watchDir !== undefined && config.process !== 'web') await open('WATCH_DIR', watchDir);
}

async function open(setting: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`${setting}: ${folder} cannot be written (${code ?? message})`, { cause });
  }
}
