import { Command } from 'commander';
import { note, print, table } from './output.js';

interface MigrateOptions {
  json?: boolean;
  verbose?: boolean;
}

export function migrateCommand(): Command {
  const migrate = new Command('migrate').description('Brings the database up to date, or says whether it is.');
  migrate.addCommand(
    new Command('status')
      .description('Says which migrations are done and which are pending. Works directly.')
      .option('--json', 'print JSON')
      .addHelpText('after', '\nExit code 4 when some are pending, 1 when the database is newer than this program.')
      .action(async (_options: MigrateOptions, command: Command) => {
        const options = command.optsWithGlobals<MigrateOptions>();
        const { migrationStatus } = await import('./migrations.js');
        const status = await migrationStatus(options);
        print(status, {
          json: options.json,
          text: () =>
            table([
              ...status.done.map(({ name, at }) => [name, `done ${at}`]),
              ...status.pending.map((name) => [name, 'pending']),
              ...status.unknown.map((name) => [name, 'unknown: of a newer version of this program']),
            ]),
        });
        if (status.unknown.length > 0) process.exitCode = 1;
        else if (status.pending.length > 0) process.exitCode = 4;
      }),
  );
  migrate.addCommand(
    new Command('up')
      .description('Runs the pending migrations, as the server does when it starts. Works directly.')
      .option('--json', 'print JSON')
      .action(async (_options: MigrateOptions, command: Command) => {
        const options = command.optsWithGlobals<MigrateOptions>();
        const { migrateUp, migrationStatus } = await import('./migrations.js');
        const { pending } = await migrationStatus(options);
        if (pending.length > 0) await migrateUp(options);
        else if (!options.json) note('Nothing is pending.');
        print({ done: pending }, { json: options.json, text: () => table(pending.map((name) => [name, 'done'])) });
      }),
  );
  return migrate;
}
