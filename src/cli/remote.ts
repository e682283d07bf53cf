import { type Command, Option } from 'commander';
import { readEnvironment } from '../config/environment.js';
import { CliError, exitCodes, refused, wrongUsage } from './exit-codes.js';

/** A running server that is asked. */
export interface Remote {
  /** Without a trailing slash. */
  url: string;
  token: string | undefined;
}

export interface RemoteOptions {
  url?: string;
  token?: string;
}

const timeoutMs = 60_000;

/** Adds `--url` and `--token`. */
export const withRemoteOptions = (command: Command): Command =>
  command
    .addOption(new Option('--url <url>', 'ask the server there; without it PASSERELLE_URL'))
    .addOption(
      new Option(
        '--token <token>',
        'its credential, better in PASSERELLE_TOKEN: other users see the words of a command',
      ),
    );

/** The server that the options or the environment name; undefined: none. */
export function remoteOf({ url, token }: RemoteOptions): Remote | undefined {
  const environment = readEnvironment();
  const wanted = url ?? (environment['PASSERELLE_URL'] || undefined);
  if (wanted === undefined) return undefined;
  if (!/^https?:\/\//.test(wanted) || !URL.canParse(wanted))
    throw wrongUsage('--url (PASSERELLE_URL) must be an http:// or https:// address');
  return { url: wanted.replace(/\/+$/, ''), token: token ?? (environment['PASSERELLE_TOKEN'] || undefined) };
}

/** The same, for commands that cannot do without. */
export function requiredRemote(options: RemoteOptions): Remote {
  const remote = remoteOf(options);
  if (!remote) throw wrongUsage('This asks a running server: --url or PASSERELLE_URL says which');
  return remote;
}

export interface GraphqlAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/** Runs an operation. Throws when the server cannot be reached, or answers something else than GraphQL. */
export async function askGraphql(
  { url, token }: Remote,
  query: string,
  variables: Record<string, unknown> = {},
  patienceMs = timeoutMs,
): Promise<GraphqlAnswer> {
  return readAnswer(url, () =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    }),
  );
}

/** The answer to a request of GraphQL. Throws as `askGraphql` does. */
export async function readAnswer(url: string, request: () => Promise<Response>): Promise<GraphqlAnswer> {
  const response = await request().catch((cause: Error) => {
    throw refused(`Nobody answers at ${url} (${reasonOf(cause)})`, cause);
  });
  const text = await response.text();
  try {
    const answer = JSON.parse(text) as GraphqlAnswer;
    if (answer.data !== undefined || Array.isArray(answer.errors)) return answer;
  } catch {
    // What it is instead, is said below.
  }
  throw refused(`${url} answered ${response.status}, and no GraphQL`);
}

/** Like `askGraphql`, and throws when the answer has errors. */
export async function askFor<T>(
  remote: Remote,
  query: string,
  variables: Record<string, unknown> = {},
  patienceMs = timeoutMs,
): Promise<T> {
  const { data, errors } = await askGraphql(remote, query, variables, patienceMs);
  if (errors?.length) {
    const codes = errors.map(({ extensions }) => extensions?.['code']);
    const isRefused = codes.some((code) => ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'].includes(String(code)));
    // A plugin that does not start was well asked for.
    const isWrong = errors.every(
      ({ extensions }) => extensions?.['code'] === 'BAD_USER_INPUT' && extensions['reason'] !== 'plugin.broken',
    );
    throw new CliError(
      [...new Set(errors.map(wordsOf))].join('; '),
      isRefused ? exitCodes.refused : isWrong ? exitCodes.usage : exitCodes.failed,
    );
  }
  return data as T;
}

/** With each field that is wrong, where the message does not say it. */
function wordsOf({ message, extensions }: NonNullable<GraphqlAnswer['errors']>[number]): string {
  const fields = (extensions?.['fields'] ?? []) as { path: string[]; message: string }[];
  const told = fields.filter((field) => !message.includes(field.message));
  return told.length ? `${message} (${told.map((f) => `${f.path.join('.')}: ${f.message}`).join('; ')})` : message;
}

/** In a word or two why a connection failed. */
export function reasonOf(error: Error): string {
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  return error.name === 'TimeoutError' ? 'no answer in time' : (code ?? error.message);
}
