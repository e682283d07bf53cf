import { Command, Option } from 'commander';
import { type PassphraseOptions, passphraseOf, withPassphraseOptions } from './backup.js';
import { CliError, exitCodes } from './exit-codes.js';
import { interruption } from './interruption.js';
import { note, print } from './output.js';
import { showProgress } from './progress.js';

interface RestoreOptions extends PassphraseOptions {
  outgoing: 'hold' | 'send';
  newKey?: boolean;
  json?: boolean;
  verbose?: boolean;
}

export const restoreCommand = (): Command =>
  withPassphraseOptions(
    new Command('restore')
      .description('Fills an empty installation from a backup, and compares what it has then. Works directly.')
      .argument('<file>', 'the backup')
      .addOption(
        new Option('--outgoing <what>', 'webhooks and mails that waited when the backup was taken')
          .choices(['hold', 'send'])
          .default('hold'),
      )
      .option('--new-key', 'accept another ENCRYPTION_KEY: second factors and secrets of webhooks are lost')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
The target is what the environment names: a database without tables and a store without files. The backup may come from
the embedded database or PostgreSQL, from a disk or S3; the target may be either. It is checked from end to end
before anything is touched, and the database is filled in one transaction. An older backup is brought up to date.

--outgoing send is for a move, where the former installation will not start again. Otherwise it may have sent them:
they are held, and "passerelle outgoing" sends or discards them.
`,
    )
    .action(async (path: string, _options: RestoreOptions, command: Command) => {
      const options = command.optsWithGlobals<RestoreOptions>();
      const { signal, done } = interruption();
      const progress = showProgress();
      try {
        const { restoreBackup } = await import('./backup/restore-backup.js');
        const { manifest, migrated, held, notes } = await restoreBackup(path, {
          passphrase: passphraseOf(options),
          outgoing: options.outgoing,
          acceptsNewKey: options.newKey ?? false,
          verbose: options.verbose ?? false,
          progress,
          signal,
        });
        const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
        const facts = { takenAt: manifest.takenAt, rows, files: manifest.files.length, jobs: manifest.jobs.rows };
        const said = [
          ...notes,
          ...(held > 0 ? [`${held} webhooks and mails that waited are held: passerelle outgoing list`] : []),
          ...(manifest.missingFiles.length > 0
            ? [`${manifest.missingFiles.length} files were missing when the backup was taken already`]
            : []),
        ];
        print(
          { ...facts, migrated, held, notes: said },
          {
            json: options.json,
            text: () =>
              `Restored as of ${facts.takenAt}: ${rows} rows and ${facts.files} files, all compared; ` +
              `${migrated.length} migrations were run\n`,
          },
        );
        for (const line of said) note(line);
        if (said.length > 0) process.exitCode = exitCodes.attention;
      } catch (error) {
        if (signal.aborted && !(error instanceof CliError))
          throw new CliError('Interrupted; nothing was restored', exitCodes.interrupted, { cause: error });
        throw error;
      } finally {
        progress.done();
        done();
      }
    });
