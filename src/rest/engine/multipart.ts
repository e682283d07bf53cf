import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { spool, type SpooledFile } from '../../storage/spool.js';
import { Refusal } from './problem.js';
import type { FilesRule } from './route.js';

export interface Multipart {
  fields: (readonly [name: string, value: string])[];
  files: { part: string; filename: string; content: SpooledFile }[];
  /** Whether more files came than the rule allows; those beyond it are dropped. */
  hasTooManyFiles: boolean;
  /** Names of the fields that were cut at the limit of a field's length. */
  cutFields: string[];
}

export interface MultipartOptions {
  /** Without it every file is read and dropped. Without `parts` a file may come under any name. */
  rule: (Pick<FilesRule, 'max' | 'limitBytes'> & { parts?: FilesRule['parts'] }) | undefined;
  spoolFolder: string;
  /** See `SpoolOptions`. */
  minFreeBytes?: number | undefined;
}

const maxFields = 200;
const fieldLimitBytes = 256 * 1024;
/** Of all fields together, which are kept in memory: as much as of a body without files. */
const fieldsLimitBytes = 1024 * 1024;
/** What a refused client may go on to send: a film of a telephone, and no endless stream. */
const droppedLimitBytes = 512 * 1024 * 1024;

/**
 * Reads a multipart request to its end and writes its files to the spool folder, since real clients send fields after
 * files. Rejects with a Refusal for a broken body, with PAYLOAD_TOO_LARGE for a file over the limit or fields beyond
 * theirs, and when the client goes away; no file is left then, and the rest of the request is read and dropped, for
 * browsers read no answer before they have sent everything. Half a gigabyte later the connection is closed.
 */
export async function receiveMultipart(
  request: IncomingMessage,
  { rule, spoolFolder, minFreeBytes }: MultipartOptions,
): Promise<Multipart> {
  const received: Multipart = { fields: [], files: [], hasTooManyFiles: false, cutFields: [] };
  const spooling: Promise<void>[] = [];
  let accepted = 0;
  let fieldsBytes = 0;

  const keep = (part: string, stream: Readable, sentName: string | undefined): void => {
    if (!rule || rule.parts?.includes(part) === false) return void stream.resume();
    accepted += 1;
    if (accepted > rule.max) {
      received.hasTooManyFiles = true;
      return void stream.resume();
    }
    const index = accepted - 1;
    spooling.push(
      spool(stream, { folder: spoolFolder, limitBytes: rule.limitBytes, minFreeBytes }).then(async (content) => {
        // An empty file field of a browser's form.
        if (!sentName && content.sizeBytes === 0) return content.discard();
        received.files[index] = { part, filename: displayName(sentName), content };
      }),
    );
  };

  const parser = openParser(request);
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on('field', (name, value, { valueTruncated }) => {
        fieldsBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
        if (fieldsBytes > fieldsLimitBytes)
          return reject(new Refusal('PAYLOAD_TOO_LARGE', 'The fields of the form are too long together'));
        if (valueTruncated) received.cutFields.push(name);
        received.fields.push([name, value]);
      });
      parser.on('file', (part, stream, { filename }) => {
        // A broken upload also breaks the streams that are dropped; without a listener that would be uncaught.
        stream.on('error', () => undefined);
        keep(part, stream, filename);
        spooling.at(-1)?.catch(reject);
      });
      for (const limit of ['fieldsLimit', 'partsLimit'] as const) {
        parser.on(limit, () => reject(new Refusal('PAYLOAD_TOO_LARGE', 'The form has too many parts')));
      }
      parser.on('error', () => reject(new Refusal('MALFORMED_REQUEST', 'The multipart body is malformed')));
      parser.on('close', resolve);
      request.on('close', () => {
        if (!request.complete) parser.destroy(new Error('The client went away'));
      });
      request.pipe(parser);
    });
    await Promise.all(spooling);
  } catch (error) {
    request.unpipe(parser);
    parser.destroy();
    dropRest(request);
    await Promise.allSettled(spooling);
    await Promise.all(received.files.map((file) => file?.content.discard()));
    throw error;
  }
  received.files = received.files.filter(Boolean);
  return received;
}

function dropRest(request: IncomingMessage): void {
  let droppedBytes = 0;
  request.on('data', (chunk: Buffer) => {
    droppedBytes += chunk.length;
    if (droppedBytes > droppedLimitBytes) request.destroy();
  });
  request.resume();
}

function openParser(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { fields: maxFields, fieldSize: fieldLimitBytes, parts: 2 * maxFields },
    });
  } catch {
    throw new Refusal('MALFORMED_REQUEST', 'The multipart body has no boundary');
  }
}

/** The last segment of the name, without control characters and bytes that weren't UTF-8. */
function displayName(sent: string | undefined): string {
  const base = (sent ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = base
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\uFFFD]/gu, '_')
    .trim()
    .slice(0, 255);
  return clean === '' || /^\.+$/.test(clean) ? 'file' : clean;
}
