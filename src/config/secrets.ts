import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import type { Config } from './config.js';

/** The key that signs access tokens: as configured, or made once and kept beside the embedded database. */
export const jwtSecret = ({ jwtSecret: configured, dataDir }: Config): string =>
  configured ?? keptSecret(dataDir, 'jwt-secret');

/** The key that seals what the database must not hold open: as configured, or made once and kept likewise. */
export const encryptionKey = ({ encryptionKey: configured, dataDir }: Config): string =>
  configured ?? keptSecret(dataDir, 'encryption-key');

function keptSecret(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  try {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept.length >= 32) return kept;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new ConfigError(`DATA_DIR: ${file} cannot be read (${code})`, { cause: error });
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const secret = randomBytes(48).toString('base64url');
  // Written aside and renamed: a crash in between must not leave half a secret.
  const handle = openSync(`${file}.new`, 'w', 0o600);
  writeSync(handle, secret);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
  return secret;
}
