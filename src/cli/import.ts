import { Command } from 'commander';
import { CliError, exitCodes } from './exit-codes.js';
import type { ImportProblem } from './firm-data/bring-in.js';
import { interruption } from './interruption.js';
import { note, print, table } from './output.js';
import { showProgress } from './progress.js';
import { type RemoteOptions, requiredRemote, withRemoteOptions } from './remote.js';

interface ImportOptions extends RemoteOptions {
  dryRun?: boolean;
  withIssued?: boolean;
  json?: boolean;
}

export const importCommand = (): Command =>
  withRemoteOptions(
    new Command('import')
      .description('Brings an export into a server, which may have data already. Works remotely.')
      .argument('<folder>', 'an export; a zip has to be unpacked')
      .option('--dry-run', 'say what would be made, and make nothing')
      .option('--with-issued', 'issued invoices too, each as a draft without its number')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
Brought in: document types, tags, correspondents, documents with their files, clients, categories, bank accounts,
transfers, transactions, invoices as drafts. Exported only: people, custom fields and their values, approvals and their
rules, received invoices, interventions, maintenance contracts, appointments, reports, recurrences, budgets, payments,
issued invoices and credit notes (--with-issued brings the invoices as drafts), tasks.

All is made as the person of the token, whose documents and accounts they are then. What is there already is known by
its name, e-mail, hash or day and amount, so that a second import makes nothing. A row is made whole or not at all; one
that is refused is told with file and line, and the rest goes in: exit code 4. --dry-run asks none of the server's own
rules.
`,
    )
    .action(async (folder: string, _options: ImportOptions, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>();
      const remote = requiredRemote(options);
      const { signal, done } = interruption();
      const progress = showProgress();
      const problems: ImportProblem[] = [];
      try {
        const { bringIn } = await import('./firm-data/bring-in.js');
        const { kinds, notes } = await bringIn(folder, {
          remote,
          dryRun: options.dryRun ?? false,
          withIssued: options.withIssued ?? false,
          progress,
          signal,
          onProblem: (problem) => {
            if (options.json) problems.push(problem);
            note(`${problem.file}:${problem.line}: ${problem.message}`);
          },
        });
        progress.done();
        const heads = ['kind', options.dryRun ? 'would be made' : 'made', 'here already', 'left out', 'refused'];
        print(
          { kinds, notes, problems },
          {
            json: options.json,
            text: () =>
              table(
                kinds.map(({ kind, made, here, leftOut, refused }) => [
                  kind,
                  ...[made, here, leftOut, refused].map(String),
                ]),
                heads,
              ),
          },
        );
        for (const line of notes) note(line);
        if (kinds.some(({ refused }) => refused > 0) || notes.length > 0) process.exitCode = exitCodes.attention;
      } catch (error) {
        if (signal.aborted && !(error instanceof CliError))
          throw new CliError('Interrupted; what was made stays, and the same command goes on', exitCodes.interrupted, {
            cause: error,
          });
        throw error;
      } finally {
        progress.done();
        done();
      }
    });
