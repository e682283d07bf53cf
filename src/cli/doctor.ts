import { Command } from 'commander';
import { exitCodes } from './exit-codes.js';
import { print } from './output.js';
import { type RemoteOptions, remoteOf, withRemoteOptions } from './remote.js';

export interface Finding {
  /** What was looked at. */
  check: string;
  status: 'ok' | 'warn' | 'fail';
  /** What was found. */
  message: string;
  /** What to do about it. */
  advice?: string;
}

interface DoctorOptions extends RemoteOptions {
  json?: boolean;
  verbose?: boolean;
}

export const doctorCommand = (): Command =>
  withRemoteOptions(
    new Command('doctor')
      .description('Looks at everything that the server needs, and says what to do where something is wrong.')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      `
Works directly, also beside a running server; with --url it looks at that server too. It sends no mail, and what it
writes to try the disk and S3 it removes again. Exit code 1 when something fails, 4 when something wants looking at.
`,
    )
    .action(async (_options: DoctorOptions, command: Command) => {
      const options = command.optsWithGlobals<DoctorOptions>();
      const { examine } = await import('./doctor/examine.js');
      const findings = await examine(remoteOf(options), options);
      print(findings, { json: options.json, text: () => findings.map(linesOf).join('') });
      const has = (status: Finding['status']): boolean => findings.some((finding) => finding.status === status);
      process.exitCode = has('fail') ? exitCodes.failed : has('warn') ? exitCodes.attention : exitCodes.done;
    });

const linesOf = ({ check, status, message, advice }: Finding): string =>
  `${status.padEnd(4)}  ${check.padEnd(14)}  ${message}\n${advice === undefined ? '' : `${' '.repeat(22)}${advice}\n`}`;
