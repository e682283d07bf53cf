import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type ExitCode, exitCodes, wrongUsage } from './exit-codes.js';
import { askGraphql, type GraphqlAnswer, type RemoteOptions, remoteOf, withRemoteOptions } from './remote.js';

interface QueryOptions extends RemoteOptions {
  variables?: string;
  as?: string;
  verbose?: boolean;
}

export const queryCommand = (): Command =>
  withRemoteOptions(
    new Command('query')
      .description('Runs a GraphQL query or mutation and prints its answer as JSON. Works directly or remotely.')
      .argument('<operation>', 'the text; @<file> takes it from a file, - from the standard input')
      .option('--variables <json>', 'a JSON object; @<file> takes it from a file')
      .option('--as <person>', 'directly: as whom, by user name or e-mail'),
  )
    .addHelpText(
      'after',
      `
Directly it runs with the rights of the person of --as, who must be active; what only a session may do is refused.
Exit code 1 when the answer has errors.

  passerelle query --as admin '{ documents(first: 3) { nodes { title } } }'
`,
    )
    .action(async (operation: string, _options: QueryOptions, command: Command) => {
      const options = command.optsWithGlobals<QueryOptions>();
      const text = operation === '-' ? readFileSync(0, 'utf8') : textOf(operation);
      const variables = variablesOf(options.variables);
      const remote = remoteOf(options);
      if (remote && options.as !== undefined)
        throw wrongUsage('--as is for working directly: a server knows the person by the token');
      if (!remote && options.as === undefined) throw wrongUsage('--as says as whom; or --url asks a running server');
      const answer = remote
        ? await askGraphql(remote, text, variables)
        : await (
            await import('./query-directly.js')
          ).queryDirectly(text, variables, { ...options, as: options.as ?? '' });
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
      process.exitCode = codeOf(answer);
    });

const codeOf = ({ errors }: GraphqlAnswer): ExitCode => {
  if (!errors?.length) return exitCodes.done;
  const isRefused = errors.every(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
  return isRefused ? exitCodes.refused : exitCodes.failed;
};

function textOf(given: string): string {
  if (!given.startsWith('@')) return given;
  try {
    return readFileSync(given.slice(1), 'utf8');
  } catch (error) {
    throw wrongUsage(`${given.slice(1)} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function variablesOf(given: string | undefined): Record<string, unknown> {
  if (given === undefined) return {};
  try {
    const value: unknown = JSON.parse(textOf(given));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw wrongUsage('--variables is a JSON object');
}
