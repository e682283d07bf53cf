import { parse as parseQueryString } from 'node:querystring';
import type { z } from 'zod';
import { deepestJson, isDeeperThan } from '../../lib/json-depth.js';
import { collectPairs } from './parse-input.js';
import { Refusal } from './problem.js';
import type { BodyType, Dialect, FieldIssue, Route } from './route.js';

export const bodyTypesOf = (route: Route): readonly BodyType[] =>
  route.bodyTypes ?? (route.files ? ['multipart'] : route.body ? ['json'] : []);

/**
 * The type of a body, by its `Content-Type`; without one, the route's first type. Throws a Refusal for a type or a
 * charset that the route doesn't accept.
 */
export function bodyTypeOf(contentType: string | undefined, route: Route): BodyType {
  const accepted = bodyTypesOf(route);
  const [mediaType = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const type = mediaType.trim() === '' ? accepted[0] : bodyTypeNamed(mediaType.trim());
  if (!type || !accepted.includes(type)) {
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', `Send ${accepted.map((type) => mediaTypes[type]).join(' or ')}`);
  }
  const charset = parameters.map((text) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(text)?.[1]).find(Boolean);
  if (type !== 'multipart' && charset && !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'Send UTF-8');
  }
  return type;
}

export const mediaTypes: Record<BodyType, string> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
};

function bodyTypeNamed(mediaType: string): BodyType | undefined {
  if (/^application\/(?:[\w.+-]+\+)?json$/.test(mediaType)) return 'json';
  return (Object.keys(mediaTypes) as BodyType[]).find((type) => mediaTypes[type] === mediaType);
}

/**
 * The JSON value, its keys in NFC (`é` may arrive as two characters). Throws a Refusal for what isn't JSON in UTF-8.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  let text: string;
  let value: unknown;
  try {
    // `fatal`, since bytes that aren't UTF-8 would otherwise become U+FFFD without a sign.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Refusal('MALFORMED_JSON', 'The body is not valid JSON');
  }
  // A client that is asked for JSON and has nothing to say sends `null`.
  if (value === null) return {};
  return isPlain(text, bytes.length) && !isDeeperThan(value, deepestJson) ? value : withComposedKeys(value, 0);
}

export function parseForm(
  bytes: Uint8Array,
  shape: z.core.$ZodType | undefined,
  dialect: Dialect,
): { values: Record<string, unknown>; issues: FieldIssue[] } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('MALFORMED_REQUEST', 'The body is not UTF-8');
  }
  return collectPairs(pairsOf(text), shape, dialect);
}

/** The parameters of a query string or form, every occurrence of each. Brackets stay part of a name. */
export function* pairsOf(queryString: string): Generator<[name: string, value: string]> {
  for (const [name, value] of Object.entries(parseQueryString(queryString))) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) yield [name, each];
  }
}

/** Whether no key can need composing: all is ASCII. `__proto__` would be left out. */
const isPlain = (text: string, lengthBytes: number): boolean =>
  text.length === lengthBytes && !text.includes('\\u') && !text.includes('__proto__');

function withComposedKeys(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepestJson) throw new Refusal('MALFORMED_JSON', `The body is nested deeper than ${deepestJson} levels`);
  if (Array.isArray(value)) return value.map((item) => withComposedKeys(item, depth + 1));
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, inner]) => [key.normalize('NFC'), withComposedKeys(inner, depth + 1)]));
}
