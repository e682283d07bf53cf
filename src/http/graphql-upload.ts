import type { IncomingMessage } from 'node:http';
import { UploadedFile } from '../kernel/scalars.js';
import { badInput, DomainError } from '../lib/errors.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { type MultipartOptions, receiveMultipart } from '../rest/engine/multipart.js';
import { Refusal } from '../rest/engine/problem.js';
import { uploadLimits } from '../storage/spool.js';

export interface GraphqlUpload {
  /** The operation, with the files in their places. */
  operation: Record<string, unknown>;
  /** Discards the files that nothing has taken over; to be called when the request is answered. */
  discard: () => Promise<void>;
}

export const isMultipart = ({ headers }: IncomingMessage): boolean =>
  /^\s*multipart\/form-data\s*(?:;|$)/i.test(headers['content-type'] ?? '');

/**
 * Receives an operation with files, by the GraphQL multipart request specification
 * (https://github.com/jaydenseric/graphql-multipart-request-spec): `operations` is the JSON of one request, `map` says
 * for each part with a file the paths where it belongs, which are null in `operations`. The parts may come in any
 * order. Throws BAD_USER_INPUT for what is not that, and PAYLOAD_TOO_LARGE or
 * UNAVAILABLE (`files.no_space`); no file is left then.
 */
export async function receiveUpload(
  request: IncomingMessage,
  receivedAt: Pick<MultipartOptions, 'spoolFolder' | 'minFreeBytes'>,
): Promise<GraphqlUpload> {
  const { files: max, fileBytes: limitBytes } = uploadLimits;
  const received = await receiveMultipart(request, { rule: { max, limitBytes }, ...receivedAt }).catch((error) => {
    if (!(error instanceof Refusal)) throw error;
    throw error.code === 'PAYLOAD_TOO_LARGE' ? new DomainError(error.code, error.message) : malformed(error.message);
  });
  const discard = async (): Promise<void> => {
    await Promise.all(received.files.map(({ content }) => content.discard()));
  };
  try {
    if (received.hasTooManyFiles)
      throw badInput([{ path: ['map'], code: 'too_long', message: `At most ${max} files in a request` }]);
    if (received.cutFields.length) throw new DomainError('PAYLOAD_TOO_LARGE', 'A field of the form is too long');
    const fields = new Map(received.fields);
    const operation = jsonObject('operations', fields.get('operations'));
    const files = new Map(received.files.map((file) => [file.part, file]));
    for (const [part, paths] of Object.entries(jsonObject('map', fields.get('map')))) {
      const file = files.get(part);
      if (!file) throw malformed(`The map names the part ${quoted(part)}, which has not come`);
      place(operation, paths, new UploadedFile(file.filename, file.content));
    }
    return { operation, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** What a client sent, as far as it is shown. */
const quoted = (sent: unknown): string => JSON.stringify(String(sent).slice(0, 100));

const malformed = (message: string): DomainError =>
  new DomainError('BAD_USER_INPUT', message, { reason: 'malformed_multipart' });

function jsonObject(name: string, text: string | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    // Refused below.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isDeeperThan(value, deepestJson))
    throw malformed(`The part ${JSON.stringify(name)} must be a JSON object of at most ${deepestJson} levels`);
  return value as Record<string, unknown>;
}

function place(operation: object, paths: unknown, file: UploadedFile): void {
  if (!Array.isArray(paths)) throw malformed('The map has a list of paths for each part');
  for (const path of paths as unknown[]) {
    const keys = String(path).split('.');
    const last = keys.pop() as string;
    let parent: unknown = operation;
    for (const key of keys) parent = ownValue(parent, key);
    if (keys[0] !== 'variables' || ownValue(parent, last) !== null)
      throw malformed(`The map's path ${quoted(path)} is no null among the variables`);
    (parent as Record<string, unknown>)[last] = file;
  }
}

/** Undefined where there is none. */
const ownValue = (parent: unknown, key: string): unknown =>
  typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    ? (parent as Record<string, unknown>)[key]
    : undefined;
