import { openAsBlob } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError, exitCodes } from '../exit-codes.js';
import { askGraphql, type GraphqlAnswer, readAnswer, type Remote } from '../remote.js';

export interface Refusal {
  code: string;
  message: string;
}

export type Asked<T> = { data: T } | { refusal: Refusal };

export interface Asking {
  remote: Remote;
  signal: AbortSignal;
}

const patienceMs = 120_000;

/**
 * Runs an operation of one root field, and waits where the quota asks for it. What the server refuses is returned;
 * throws when it cannot be reached, or does not take the credential.
 */
export const ask = <T>(asking: Asking, query: string, variables: object): Promise<Asked<T>> =>
  patiently(asking, () => askGraphql(asking.remote, query, { ...variables }, patienceMs));

/** The same with a file, which becomes the first of the variable `input.files`. */
export const askWithFile = <T>(
  asking: Asking,
  query: string,
  input: object,
  file: { path: string; name: string },
): Promise<Asked<T>> =>
  patiently(asking, async () => {
    const { url, token } = asking.remote;
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { input: { ...input, files: [null] } } }));
    form.set('map', JSON.stringify({ file: ['variables.input.files.0'] }));
    form.set('file', await openAsBlob(file.path), file.name);
    return readAnswer(url, () =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...(token && { authorization: `Bearer ${token}` }), 'x-apollo-operation-name': 'upload' },
        body: form,
        signal: AbortSignal.any([asking.signal, AbortSignal.timeout(10 * patienceMs)]),
      }),
    );
  });

async function patiently<T>({ signal }: Asking, request: () => Promise<GraphqlAnswer>): Promise<Asked<T>> {
  for (;;) {
    signal.throwIfAborted();
    const { data, errors } = await request();
    const [error] = errors ?? [];
    if (!error) return { data: data as T };
    const extensions = error.extensions ?? {};
    const code = String(extensions['code']);
    if (code === 'UNAUTHENTICATED') throw new CliError(error.message, exitCodes.refused);
    if (code !== 'RATE_LIMITED') return { refusal: { code, message: wordsOf(error) } };
    const { retryAfterSeconds = 5 } = (extensions['details'] ?? extensions) as { retryAfterSeconds?: number };
    await sleep(retryAfterSeconds * 1000, undefined, { signal });
  }
}

function wordsOf({ message, extensions }: NonNullable<GraphqlAnswer['errors']>[number]): string {
  const fields = (extensions?.['fields'] ?? []) as { path: string[]; message: string }[];
  return fields.length ? fields.map((field) => `${field.path.join('.')}: ${field.message}`).join('; ') : message;
}
