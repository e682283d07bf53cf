import { Command } from 'commander';
import { CliError, exitCodes, wrongUsage } from './exit-codes.js';
import { interruption } from './interruption.js';
import { note, print, table } from './output.js';
import { showProgress } from './progress.js';
import { type RemoteOptions, requiredRemote, withRemoteOptions } from './remote.js';

interface ExportOptions extends RemoteOptions {
  only?: string[];
  withoutFiles?: boolean;
  json?: boolean;
}

export const exportCommand = (): Command =>
  withRemoteOptions(
    new Command('export')
      .description('Takes the data of the firm out in open formats: JSON Lines, CSV, files. Works remotely.')
      .argument('<path>', 'a folder that is made, or a .zip')
      .option('--only <kind...>', 'these kinds alone, such as clients invoices')
      .option('--without-files', 'documents without their files')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
It holds what the person of the token may see. An administrator sees nearly all; bank accounts and what is in them
belong to persons, and each takes out their own. The token needs the scope read. No passwords, tokens or other secrets
are in it; manifest.json says what is. A copy that can be restored as it was is another thing: passerelle backup.
Exit code 4: something was left out, which is said.
`,
    )
    .action(async (path: string, _options: ExportOptions, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>();
      const remote = requiredRemote(options);
      const { kinds } = await import('./firm-data/kinds.js');
      const unknown = options.only?.filter((name) => !kinds.some((kind) => kind.name === name)) ?? [];
      if (unknown.length)
        throw wrongUsage(`There is no kind ${unknown.join(', ')}: ${kinds.map(({ name }) => name).join(', ')}`);
      const { signal, done } = interruption();
      const progress = showProgress();
      try {
        const { writeExport } = await import('./firm-data/write-export.js');
        const manifest = await writeExport(path, {
          remote,
          only: options.only,
          withoutFiles: options.withoutFiles ?? false,
          progress,
          signal,
        });
        progress.done();
        print(
          { path, ...manifest },
          {
            json: options.json,
            text: () =>
              table(
                manifest.kinds.map(({ name, rows }) => [name, String(rows)]),
                ['kind', 'rows'],
              ),
          },
        );
        for (const { name, reason } of manifest.leftOut) note(`Left out: ${name} (${reason})`);
        for (const problem of manifest.problems) note(problem);
        if (manifest.leftOut.length + manifest.problems.length > 0) process.exitCode = exitCodes.attention;
      } catch (error) {
        if (signal.aborted && !(error instanceof CliError))
          throw new CliError('Interrupted; nothing was written', exitCodes.interrupted, { cause: error });
        throw error;
      } finally {
        progress.done();
        done();
      }
    });
