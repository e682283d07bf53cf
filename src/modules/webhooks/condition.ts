/** Conditions on what is sent: what may stand in one, and whether it holds. Nothing here reads the database. */
import { isDeepStrictEqual } from 'node:util';
import { registerEnumType } from 'type-graphql';
import type { FieldProblem } from '../../lib/errors.js';

export enum WebhookConditionOperator {
  EQUALS = 'equals',
  NOT_EQUALS = 'not_equals',
  CONTAINS = 'contains',
  NOT_CONTAINS = 'not_contains',
  STARTS_WITH = 'starts_with',
  GREATER_THAN = 'greater_than',
  LESS_THAN = 'less_than',
  IN = 'in',
  EXISTS = 'exists',
}

registerEnumType(WebhookConditionOperator, {
  name: 'WebhookConditionOperator',
  description:
    'How a condition compares. All but `EXISTS` are false where the field is missing or null. A number equals, and ' +
    'compares with, the text that is written like it, and a truth value the word.',
  valuesConfig: {
    EQUALS: { description: 'It is the value.' },
    NOT_EQUALS: { description: 'It is something else.' },
    CONTAINS: { description: 'The value stands in the text, or is one of the list.' },
    NOT_CONTAINS: { description: 'It is a text or a list, and the value is not in it.' },
    STARTS_WITH: { description: 'The text begins with the value.' },
    GREATER_THAN: { description: 'The number is more, the date or the moment later.' },
    LESS_THAN: { description: 'The number is less, the date or the moment earlier.' },
    IN: { description: 'It is one of the values.' },
    EXISTS: { description: 'It is there and not null; with the value `false`: it is not.' },
  },
});

/** As it is stored and shown. */
export interface Condition {
  /** Dotted, from the root of what is sent: `data.statut`. */
  field: string;
  operator: WebhookConditionOperator;
  value?: unknown;
}

const { EQUALS, NOT_EQUALS, CONTAINS, NOT_CONTAINS, STARTS_WITH, GREATER_THAN, LESS_THAN, IN, EXISTS } =
  WebhookConditionOperator;

const most = { conditions: 20, fieldLength: 200, valueLength: 1_000, values: 100 } as const;

/** The conditions as they are stored. Adds every problem. */
export function checkedConditions(conditions: readonly Condition[], problems: FieldProblem[]): Condition[] {
  if (conditions.length > most.conditions)
    problems.push({ path: ['conditions'], code: 'too_long', message: `at most ${most.conditions} conditions` });
  return conditions.slice(0, most.conditions).map(({ field, operator, value = null }, index) => {
    const refuse = (name: string, code: FieldProblem['code'], message: string): void =>
      void problems.push({ path: ['conditions', String(index), name], code, message });
    const path = field.trim().normalize('NFC');
    if (path.length > most.fieldLength) refuse('field', 'too_long', `must have at most ${most.fieldLength} characters`);
    else if (!/^[^\s.\p{Cc}]+(\.[^\s.\p{Cc}]+)*$/u.test(path))
      refuse('field', 'invalid_format', 'must be names with dots between them, such as data.status');
    const problem = valueProblem(operator, value);
    if (problem) refuse('value', ...problem);
    return { field: path, operator, value };
  });
}

function valueProblem(
  operator: WebhookConditionOperator,
  value: unknown,
): [code: FieldProblem['code'], message: string] | undefined {
  const text = JSON.stringify(value);
  if (text.length > most.valueLength) return ['too_long', `must have at most ${most.valueLength} characters`];
  // PostgreSQL cannot keep it.
  if (text.includes(String.raw`\u0000`)) return ['invalid_format', 'must not contain the character U+0000'];
  if (operator === EXISTS)
    return value === null || typeof value === 'boolean' || value === 'true' || value === 'false'
      ? undefined
      : ['invalid', 'must be true or false'];
  if (value === null) return ['required', 'must say what is compared'];
  if (operator === IN)
    return Array.isArray(value) && value.length > 0 && value.length <= most.values
      ? undefined
      : ['invalid', `must be a list of 1 to ${most.values} values`];
  if ((operator === GREATER_THAN || operator === LESS_THAN) && sizeOf(value) === undefined)
    return ['invalid', 'must be a number, a date or a moment'];
  if (operator === STARTS_WITH && !isScalar(value)) return ['invalid', 'must be a text'];
  return undefined;
}

/** Whether all conditions hold of what is sent. */
export const allHold = (conditions: readonly Condition[], message: unknown): boolean =>
  conditions.every((condition) => holds(condition, message));

function holds({ field, operator, value }: Condition, message: unknown): boolean {
  const actual = valueAt(message, field.split('.'));
  if (operator === EXISTS) return (actual !== undefined) === (value !== false && value !== 'false');
  if (actual === undefined) return false;
  switch (operator) {
    case EQUALS:
      return isSame(actual, value);
    case NOT_EQUALS:
      return !isSame(actual, value);
    case CONTAINS:
      return isIn(actual, value) ?? false;
    case NOT_CONTAINS:
      return !(isIn(actual, value) ?? true);
    case STARTS_WITH:
      return isScalar(actual) && String(actual).startsWith(String(value));
    case GREATER_THAN:
      return compare(actual, value) === 1;
    case LESS_THAN:
      return compare(actual, value) === -1;
    case IN:
      return Array.isArray(value) && value.some((one) => isSame(actual, one));
  }
}

/** Undefined for what is missing or null. */
function valueAt(message: unknown, path: readonly string[]): unknown {
  let at = message;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at ?? undefined;
}

type Scalar = string | number | boolean;

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value));

/** Texts are compared as they are, so that `007` is not `7`; a number on either side has both read as numbers. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === typeof other) return isDeepStrictEqual(one, other);
  if (!isScalar(one) || !isScalar(other)) return false;
  if (typeof one === 'number' || typeof other === 'number')
    return isNumeric(one) && isNumeric(other) && Number(one) === Number(other);
  return String(one) === String(other);
}

/** Undefined where nothing can be in it. */
function isIn(actual: unknown, value: unknown): boolean | undefined {
  if (Array.isArray(actual)) return actual.some((one) => isSame(one, value));
  return isScalar(actual) ? isScalar(value) && String(actual).includes(String(value)) : undefined;
}

/** 1: the first is more; undefined: they do not compare. */
function compare(one: unknown, other: unknown): -1 | 0 | 1 | undefined {
  const [left, right] = [sizeOf(one), sizeOf(other)];
  if (left?.kind !== right?.kind || !left || !right) return undefined;
  return left.size > right.size ? 1 : left.size < right.size ? -1 : 0;
}

function sizeOf(value: unknown): { kind: 'number' | 'moment'; size: number } | undefined {
  if (isNumeric(value)) return { kind: 'number', size: Number(value) };
  if (
    typeof value !== 'string' ||
    !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(value)
  )
    return undefined;
  // Without a zone it is in UTC, as everywhere.
  const size = Date.parse(/T.*(Z|[+-]\d{2}:\d{2})$/.test(value) || !value.includes('T') ? value : `${value}Z`);
  return Number.isNaN(size) ? undefined : { kind: 'moment', size };
}
