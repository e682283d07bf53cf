import { Command } from 'commander';
import { version } from '../config/version.js';
import { backupCommand } from './backup.js';
import { completionCommands } from './completion.js';
import { doctorCommand } from './doctor.js';
import { exitCodesText } from './exit-codes.js';
import { exportCommand } from './export.js';
import { importCommand } from './import.js';
import { listenCommand } from './listen.js';
import { migrateCommand } from './migrate.js';
import { outgoingCommand } from './outgoing.js';
import { pluginCommand } from './plugin.js';
import { queryCommand } from './query.js';
import { restoreCommand } from './restore.js';
import { taskCommand } from './task.js';
import { tokenCommand } from './token.js';
import { userCommand } from './user.js';

/**
 * The command line. The files of the commands import little: what a command needs of the server it imports when it
 * runs, so that help and completion are quick.
 */
export function program(): Command {
  const root = new Command('passerelle')
    .description("A firm's back office: its server, and what its operators do beside it.")
    .version(version)
    .option('--verbose', 'say more, and where an error came from')
    .helpCommand(true)
    .showHelpAfterError('(add --help for what there is)')
    .addHelpText('after', whereText);
  root.addCommand(startCommand());
  root.addCommand(migrateCommand());
  root.addCommand(routesCommand());
  root.addCommand(userCommand());
  root.addCommand(tokenCommand());
  root.addCommand(queryCommand());
  root.addCommand(listenCommand());
  root.addCommand(taskCommand());
  root.addCommand(pluginCommand());
  root.addCommand(doctorCommand());
  root.addCommand(exportCommand());
  root.addCommand(importCommand());
  root.addCommand(backupCommand());
  root.addCommand(restoreCommand());
  root.addCommand(outgoingCommand());
  root.addCommand(exitCodesCommand());
  for (const command of completionCommands(root)) root.addCommand(command, { hidden: command.name() !== 'completion' });
  for (const command of everyCommand(root)) command.exitOverride().allowExcessArguments(false);
  return root;
}

export function* everyCommand(command: Command): Generator<Command> {
  yield command;
  for (const inner of command.commands) yield* everyCommand(inner);
}

const whereText = `
Commands work in one of two ways, which the help of each names:
  directly   on the database and the files that the environment and .env name, as the server does
  remotely   by asking a running server: --url and --token, or PASSERELLE_URL and PASSERELLE_TOKEN

The embedded database admits one process: while a server has it open, commands that work directly are refused.

"passerelle help exit-codes" says what the exit codes mean.
`;

const startCommand = (): Command =>
  new Command('start')
    .description('Starts the server, as npm start does. Works directly.')
    .action(async () => void (await import('../main.js')));

const routesCommand = (): Command =>
  new Command('routes')
    .description('Lists every REST route: method, path, credential, GraphQL operation, section. Needs no database.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await import('reflect-metadata');
      const [{ routeList }, { print, table }] = await Promise.all([
        import('../app/route-list.js'),
        import('./output.js'),
      ]);
      const routes = routeList();
      print(routes, {
        ...options,
        json: options.json,
        text: () =>
          table(
            routes.map(({ method, path, credential, operation, section }) => [
              method,
              path,
              credential,
              operation ?? '-',
              section,
            ]),
          ),
      });
    });

/** There to be found by `help exit-codes`. */
const exitCodesCommand = (): Command =>
  Object.assign(
    new Command('exit-codes')
      .description('What the exit codes mean.')
      .action(() => void process.stdout.write(exitCodesText)),
    { helpInformation: () => exitCodesText },
  );
