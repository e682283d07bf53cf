import type { FieldProblem } from '../../lib/errors.js';
import type { Sealer } from '../../lib/sealing.js';

/** A header that the owner adds to what is sent. A null value stands for the one that is kept. */
export interface CustomHeader {
  name: string;
  value?: string | null | undefined;
}

/** What is shown of a value that is kept sealed. */
export const mask = '***';

const most = { headers: 20, nameLength: 100, valueLength: 1_000 } as const;

/** Set by the server, or by the connection itself. */
const reserved = new RegExp(
  '^(host|content-.*|webhook-.*|x-webhook-signature|connection|keep-alive|proxy-.*|transfer-encoding|te|trailer|' +
    'upgrade|expect|user-agent|accept-encoding)$',
  'i',
);

/** RFC 9110, section 5.6.2: a token. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Returns them in order, with the kept values where none is given. Adds every problem. */
export function checkedHeaders(
  headers: readonly CustomHeader[],
  kept: ReadonlyMap<string, string>,
  problems: FieldProblem[],
): Map<string, string> {
  const checked = new Map<string, string>();
  if (headers.length > most.headers)
    problems.push({ path: ['headers'], code: 'too_long', message: `at most ${most.headers} headers` });
  const byName = new Map([...kept].map(([name, value]) => [name.toLowerCase(), value]));
  const seen = new Set<string>();
  for (const [index, { name: given, value }] of headers.slice(0, most.headers).entries()) {
    const refuse = (part: string, code: FieldProblem['code'], message: string): void =>
      void problems.push({ path: ['headers', String(index), part], code, message });
    const name = given.trim();
    if (name.length > most.nameLength) refuse('name', 'too_long', `must have at most ${most.nameLength} characters`);
    else if (!token.test(name)) refuse('name', 'invalid_format', 'must be the name of a header');
    else if (reserved.test(name)) refuse('name', 'not_allowed', 'is set by the server');
    else if (seen.has(name.toLowerCase())) refuse('name', 'duplicate', 'is there twice');
    seen.add(name.toLowerCase());
    const text = (value ?? byName.get(name.toLowerCase()))?.trim();
    if (text === undefined) refuse('value', 'required', 'is required');
    else if (text.length > most.valueLength)
      refuse('value', 'too_long', `must have at most ${most.valueLength} characters`);
    // What ends a line would begin another header.
    else if (!/^[\t\x20-\x7e]*$/.test(text)) refuse('value', 'invalid_format', 'must be printable ASCII on one line');
    else checked.set(name, text);
  }
  return checked;
}

/** The values as they are stored, readable for this endpoint only; null for none. */
export const sealHeaders = (sealer: Sealer, endpointId: number, headers: ReadonlyMap<string, string>): string | null =>
  headers.size ? sealer.seal(JSON.stringify([...headers]), purposeOf(endpointId)) : null;

/** Throws when they were sealed with another key: ENCRYPTION_KEY has changed. */
export function openHeaders(sealer: Sealer, endpointId: number, sealed: string | null): Map<string, string> {
  if (sealed === null) return new Map();
  const text = sealer.open(sealed, purposeOf(endpointId));
  if (text === undefined)
    throw new Error(`The headers of webhook ${endpointId} were sealed with another ENCRYPTION_KEY`);
  return new Map(JSON.parse(text) as [string, string][]);
}

const purposeOf = (endpointId: number): string => `webhook headers:${endpointId}`;
