import type { IncomingMessage } from 'node:http';
import { hasBody } from '../../lib/has-body.js';
import type { SpooledFile } from '../../storage/spool.js';
import { receiveMultipart } from './multipart.js';
import { collectPairs } from './parse-input.js';
import { bodyTypeOf, bodyTypesOf, parseForm, parseJson } from './request-body.js';
import type { BodyType, Dialect, FieldIssue, ReceivedFile, Route } from './route.js';

export interface ReceivedBody {
  body: unknown;
  files: readonly ReceivedFile[] | undefined;
  bodyType: BodyType | undefined;
  issues: readonly FieldIssue[];
  /** To be discarded when the request is answered. */
  spooled: readonly SpooledFile[];
}

export interface ReceiveOptions {
  route: Route;
  dialect: Dialect;
  spoolFolder: string;
  minFreeBytes?: number | undefined;
  makeUpload(filename: string, content: SpooledFile): unknown;
  /** The whole body, decompressed. Rejects with a Refusal. */
  readBytes(): Promise<Uint8Array>;
}

/**
 * Reads the body and files that the route accepts; a route that accepts none leaves them unread. Rejects with a
 * Refusal.
 */
export async function receiveBody(request: IncomingMessage, options: ReceiveOptions): Promise<ReceivedBody> {
  const { route, dialect } = options;
  const nothing: ReceivedBody = { body: {}, files: undefined, bodyType: undefined, issues: [], spooled: [] };
  if (bodyTypesOf(route).length === 0) return nothing;
  if (!hasBody(request)) return { ...nothing, ...filesOf([], options) };

  const bodyType = bodyTypeOf(request.headers['content-type'], route);
  switch (bodyType) {
    case 'json':
      return { ...nothing, bodyType, body: parseJson(await options.readBytes()), ...filesOf([], options) };
    case 'form': {
      const { values, issues } = parseForm(await options.readBytes(), route.body, dialect);
      const files = filesOf([], options);
      return { ...nothing, ...files, bodyType, body: values, issues: [...issues, ...files.issues] };
    }
    case 'multipart': {
      const received = await receiveMultipart(request, { rule: route.files, ...options });
      const { values, issues } = collectPairs(received.fields, route.body, dialect);
      const files = filesOf(received.files, options);
      const cut = received.cutFields.map((name) => issue(dialect, name, 'too_long', 'Too long'));
      const many = received.hasTooManyFiles
        ? [issue(dialect, route.files?.parts[0] ?? 'files', 'too_long', `At most ${route.files?.max} files`)]
        : [];
      return { ...files, bodyType, body: values, issues: [...issues, ...files.issues, ...cut, ...many] };
    }
  }
}

function filesOf(
  received: readonly { part: string; filename: string; content: SpooledFile }[],
  { route, dialect, makeUpload }: ReceiveOptions,
): Pick<ReceivedBody, 'files' | 'issues' | 'spooled'> {
  if (!route.files) return { files: undefined, issues: [], spooled: [] };
  const isMissing = route.files.required && received.length === 0;
  return {
    files: received.map(({ part, filename, content }) => ({
      part,
      filename,
      sizeBytes: content.sizeBytes,
      upload: makeUpload(filename, content),
    })),
    issues: isMissing ? [issue(dialect, route.files.parts[0] ?? 'file', 'required', 'This field is required')] : [],
    spooled: received.map(({ content }) => content),
  };
}

const issue = ({ words }: Dialect, name: string, code: FieldIssue['code'], message: string): FieldIssue => ({
  name,
  code,
  message: words.field(code) ?? message,
});
