import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Manifest } from './backup/manifest.js';
import { CliError, exitCodes, wrongUsage } from './exit-codes.js';
import { interruption } from './interruption.js';
import { note, print, sizeText } from './output.js';
import { showProgress } from './progress.js';
import { readSecret } from './secret-input.js';

export interface PassphraseOptions {
  passphrase?: boolean;
  passphraseFile?: string;
}

interface BackupOptions extends PassphraseOptions {
  verify?: boolean;
  withSecrets?: boolean;
  json?: boolean;
  verbose?: boolean;
}

export const withPassphraseOptions = (command: Command): Command =>
  command
    .option('--passphrase', 'of a sealed backup: asked for, or the first line of the standard input')
    .option('--passphrase-file <file>', 'the same, the first line of a file');

export const backupCommand = (): Command =>
  withPassphraseOptions(
    new Command('backup')
      .description('Writes database and files into one file, in agreement. Works directly.')
      .argument('<file>', 'the file, or a folder that gets one named by the time')
      .option('--verify', 'check a backup that is there instead, without restoring it')
      .option('--with-secrets', 'put ENCRYPTION_KEY and JWT_SECRET into it; better under a passphrase')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
With DATABASE_URL it runs beside any number of servers. On the embedded database the server has to be stopped.
A file of that name is whole: until it is, it ends with .partial. Exit code 4: it is written, and files were missing or
changed in the store. Without --with-secrets keep ENCRYPTION_KEY elsewhere: a restore asks for it.
`,
    )
    .action(async (place: string, _options: BackupOptions, command: Command) => {
      const options = command.optsWithGlobals<BackupOptions>();
      const { signal, done } = interruption();
      const progress = showProgress();
      try {
        if (options.verify) {
          const { verifyBackup } = await import('./backup/verify-backup.js');
          const manifest = await verifyBackup(place, { passphrase: passphraseOf(options), progress, signal });
          return tell(manifest, place, options, 'is whole');
        }
        const { takeBackup } = await import('./backup/take-backup.js');
        const path = isFolder(place) ? join(place, fileName(new Date())) : place;
        const passphrase = isSealing(options) ? await passphraseOf(options, { repeat: true })() : undefined;
        const manifest = await takeBackup(path, {
          passphrase,
          withSecrets: options.withSecrets ?? false,
          verbose: options.verbose ?? false,
          progress,
          signal,
        });
        tell(manifest, path, options, 'is written');
        for (const key of manifest.missingFiles) note(`Missing in the store, named by a row: ${key}`);
        for (const key of manifest.damagedFiles) note(`Changed in the store, other than its row says: ${key}`);
        if (manifest.missingFiles.length + manifest.damagedFiles.length > 0) process.exitCode = exitCodes.attention;
      } catch (error) {
        if (signal.aborted) throw new CliError((error as Error).message, exitCodes.interrupted, { cause: error });
        throw error;
      } finally {
        progress.done();
        done();
      }
    });

function tell(manifest: Manifest, path: string, { json }: BackupOptions, what: string): void {
  const { size } = statSync(path);
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const { version, takenAt, position, files, jobs, hasSecrets, missingFiles, damagedFiles } = manifest;
  const facts = { path, sizeBytes: size, version, takenAt, position, rows, files: files.length, jobs: jobs.rows };
  print(
    {
      ...facts,
      hasSecrets,
      missingFiles,
      damagedFiles,
      tables: Object.fromEntries(manifest.tables.map((t) => [t.name, t.rows])),
    },
    {
      json,
      text: () =>
        `${path} ${what}: ${sizeText(size)}, of ${takenAt}, ${rows} rows, ${files.length} files, ` +
        `${jobs.rows} jobs that wait, up to event ${position}\n`,
    },
  );
}

const isFolder = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;

const fileName = (time: Date): string =>
  `passerelle-${time.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.backup`;

const isSealing = ({ passphrase, passphraseFile }: PassphraseOptions): boolean =>
  Boolean(passphrase) || passphraseFile !== undefined;

/** Asks once, and only when the backup is sealed. */
export function passphraseOf({ passphraseFile }: PassphraseOptions, { repeat = false } = {}): () => Promise<string> {
  let answer: Promise<string> | undefined;
  return () => (answer ??= ask());

  async function ask(): Promise<string> {
    const secret =
      passphraseFile === undefined
        ? await readSecret('Passphrase of the backup', { repeat })
        : (readFileSync(passphraseFile, 'utf8').split(/\r?\n/)[0] ?? '');
    if (secret.length < 8) throw wrongUsage('A passphrase has at least 8 characters');
    return secret;
  }
}
