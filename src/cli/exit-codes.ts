/** What the exit code of `passerelle` means. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  attention: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodesText = `Exit codes

    0  done
    1  the work failed, or what was checked is not right
    2  wrong usage: an option, an argument or a value
    3  nothing was done: configuration, a server or database that cannot be reached, in use, or a refused credential
    4  done, with something that wants looking at
  130  interrupted by Ctrl-C
`;

/** Ends the command with one line of text. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    message: string,
    readonly exitCode: ExitCode = exitCodes.failed,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const refused = (message: string, cause?: unknown): CliError =>
  new CliError(message, exitCodes.refused, { cause });

export const wrongUsage = (message: string): CliError => new CliError(message, exitCodes.usage);
