import { z } from 'zod';
import type { FieldCode } from '../../lib/error-catalog.js';
import { type OversizedPart, oversizedPart } from '../../lib/input-size.js';
import type { PreparedRoute } from './prepare.js';
import { invalid } from './problem.js';
import type { Dialect, FieldIssue, RawInput, ReceivedFile, RouteInput } from './route.js';

export interface RawParts extends RawInput {
  files: readonly ReceivedFile[] | undefined;
  /** What was found while the request was read, such as a repeated parameter. */
  issues: readonly FieldIssue[];
  /** Gets the keys of the body that are not used. */
  ignoredKeys: string[];
}

/**
 * Reads query and body as the dialect's consumers mean them, parses params, query and body by the route's shapes, then
 * runs the route's `check`. Throws a Refusal with every issue of the shapes, or else with every issue of `check`.
 */
export function parseInput(raw: RawParts, { route, readers }: PreparedRoute, dialect: Dialect): RouteInput {
  const oversized = oversizedPart(raw.body);
  if (oversized) throw invalid([tooManyValues(oversized, dialect)]);
  const issues: FieldIssue[] = [...raw.issues];
  const isJson = raw.request.bodyType === 'json';
  const readBody = isJson ? readers.json : readers.form;
  const body = readBody?.(raw.body) ?? { value: raw.body, unknownKeys: [] };
  const read = { params: raw.params, query: readers.query?.(raw.query).value, body: body.value };
  for (const name of isJson ? body.unknownKeys.filter(readers.refuses) : [])
    issues.push({ name, code: 'not_allowed', message: dialect.words.unknownKey });
  for (const key of body.unknownKeys) raw.ignoredKeys.push(key);

  const parsed = (part: 'params' | 'query' | 'body'): unknown => {
    const shape = route[part];
    if (!shape) return undefined;
    const value = read[part];
    const result = shape.safeParse(value, { error: inWordsOf(dialect, value) });
    const found = result.success
      ? nullCharacters(result.data, dialect)
      : result.error.issues.map((issue) => issueOf(issue, value, part));
    for (const issue of found) issues.push(issue);
    return result.data;
  };
  const input: RouteInput = {
    params: parsed('params'),
    query: parsed('query'),
    body: parsed('body'),
    files: raw.files,
    request: raw.request,
  };
  if (issues.length > 0) throw invalid(withoutRepetition(issues));

  const failed = route.check?.(input) ?? [];
  if (failed.length > 0) throw invalid(failed);
  return input;
}

const tooManyValues = ({ path, message }: OversizedPart, { words }: Dialect): FieldIssue => ({
  name: path.join('.') || 'body',
  code: 'too_long',
  message: words.field('too_long') ?? message,
});

/** Whether a shape accepts a list. */
function takesList(shape: z.core.$ZodType | undefined): boolean {
  if (!shape) return false;
  const { def } = shape._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'array':
    case 'set':
    case 'tuple':
      return true;
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
    case 'nonoptional':
      return takesList(def.innerType);
    case 'pipe':
      // `z.preprocess` begins with a transform, which doesn't show what it accepts.
      return takesList(def.in) || takesList(def.out);
    case 'union':
      return def.options.some(takesList);
    default:
      return false;
  }
}

/** The shape of one field; undefined when `shape` isn't an object or has no such field. */
function fieldShape(shape: z.core.$ZodType | undefined, name: string): z.core.$ZodType | undefined {
  if (shape instanceof z.ZodPipe) return fieldShape(shape.def.in, name);
  if (!(shape instanceof z.ZodObject)) return undefined;
  return Object.hasOwn(shape.shape, name) ? (shape.shape[name] as z.core.$ZodType) : undefined;
}

/**
 * Parameters or form fields as an object. A field whose shape accepts a list collects every occurrence; any other field
 * keeps the first, and each further one is an issue. Names are compared in NFC.
 */
export function collectPairs(
  pairs: Iterable<readonly [name: string, value: string]>,
  shape: z.core.$ZodType | undefined,
  dialect: Dialect,
): { values: Record<string, unknown>; issues: FieldIssue[] } {
  const values = new Map<string, string | string[]>();
  const issues: FieldIssue[] = [];
  for (const [sentName, value] of pairs) {
    const name = sentName.normalize('NFC');
    const known = fieldShape(shape, name);
    const earlier = values.get(name);
    if (takesList(known)) values.set(name, [...(earlier ?? []), value]);
    else if (earlier === undefined) values.set(name, value);
    else if (known)
      issues.push({ name, code: 'invalid', message: dialect.words.field('invalid') ?? 'Given more than once' });
  }
  // A null prototype: `__proto__` is a name like any other.
  return { values: Object.assign(Object.create(null), Object.fromEntries(values)) as Record<string, unknown>, issues };
}

function inWordsOf({ words }: Dialect, value: unknown): z.core.$ZodErrorMap {
  return (issue) => (isMissing(issue, value) ? words.field('required') : undefined) ?? words.locale(issue);
}

function issueOf(issue: z.core.$ZodIssue, value: unknown, part: string): FieldIssue {
  return { name: issue.path.map(String).join('.') || part, code: codeOf(issue, value), message: issue.message };
}

function codeOf(issue: z.core.$ZodIssue, value: unknown): FieldCode {
  if (isMissing(issue, value)) return 'required';
  switch (issue.code) {
    case 'invalid_format':
      return 'invalid_format';
    case 'invalid_value':
      return 'not_allowed';
    case 'too_small':
      return measuresLength(issue.origin) ? 'too_short' : 'too_small';
    case 'too_big':
      return measuresLength(issue.origin) ? 'too_long' : 'too_large';
    default:
      return 'invalid';
  }
}

const measuresLength = (origin: string): boolean => ['string', 'array', 'set', 'map', 'file'].includes(origin);

/** By the value as it was sent, since an absent field that is coerced to a number is reported as NaN. */
function isMissing(issue: { code?: string | undefined; path?: PropertyKey[] | undefined }, value: unknown): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value' && issue.code !== 'invalid_union') return false;
  let found = value;
  for (const key of issue.path ?? []) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return true;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found === undefined;
}

/** An issue for each U+0000, which PostgreSQL's text can't hold. */
function nullCharacters(value: unknown, dialect: Dialect): FieldIssue[] {
  const message = dialect.words.field('invalid_format') ?? 'Must not contain the character U+0000';
  const search = (value: unknown, path: readonly string[]): FieldIssue[] => {
    if (typeof value === 'string')
      return value.includes('\0') ? [{ name: path.join('.'), code: 'invalid_format', message }] : [];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => [
      ...(key.includes('\0') ? search(key, path) : []),
      ...search(inner, [...path, key]),
    ]);
  };
  return search(value, []);
}

/** Without equal issues: a coerced value may fail several checks in the same way. */
function withoutRepetition(issues: readonly FieldIssue[]): FieldIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.name} ${issue.code} ${issue.message}`, issue])).values()];
}
