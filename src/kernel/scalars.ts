import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { isCalendarDate } from '../lib/calendar-day.js';
import { badField } from '../lib/errors.js';
import type { SpooledFile } from '../storage/spool.js';

const refuse = (name: string, expected: string): never => {
  throw new GraphQLError(`${name} must be ${expected}`);
};

/** ISO 8601 with the zone and without milliseconds: what every dialect prints. */
export const toIsoSeconds = (value: Date): string => `${value.toISOString().slice(0, 19)}Z`;

/** Serialized as `2026-02-03T10:00:00Z`, without milliseconds; parsed from any ISO 8601 date-time with a zone. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment in UTC, such as `2026-02-03T10:00:00Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value instanceof Date ? toIsoSeconds(value) : String(value)),
  parseValue: (value) => parseDateTime(value),
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function parseDateTime(value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.valueOf())) return value;
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
  if (typeof value !== 'string' || !pattern.test(value) || !isCalendarDate(value.slice(0, 10))) {
    return refuse('DateTime', 'a moment such as 2026-02-03T10:00:00Z');
  }
  const moment = new Date(value);
  // Near the ends of the calendar, UTC may give a year of five digits or before 1, which no client expects.
  const isInRange =
    !Number.isNaN(moment.valueOf()) && /^\d{4}-/.test(moment.toISOString()) && moment.getUTCFullYear() > 0;
  return isInRange ? moment : refuse('DateTime', 'a moment such as 2026-02-03T10:00:00Z');
}

const parseDay = (value: unknown): string =>
  typeof value === 'string' && isCalendarDate(value) ? value : refuse('Date', 'a day such as 2026-02-03');

/** A calendar day: a string inside and outside, so that no time zone can shift it. */
export const CalendarDate = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar day, such as `2026-02-03`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : String(value)),
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(node.kind === Kind.STRING ? node.value : undefined),
});

function parseAmount(value: unknown): string {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  return typeof text === 'string' && /^-?\d{1,12}(\.\d{1,4})?$/.test(text)
    ? text
    : refuse('Decimal', 'a number of at most 12 digits and 4 decimals');
}

/** Inside the exact text of PostgreSQL's numeric, outside a JSON number. */
export const Decimal = new GraphQLScalarType<string, number>({
  name: 'Decimal',
  description: 'An exact decimal number such as an amount of money: `1234.5`. Kept exactly; written as a JSON number.',
  specifiedByURL: 'https://www.w3.org/TR/xmlschema-2/#decimal',
  serialize: (value) => Number(value),
  parseValue: parseAmount,
  parseLiteral: (node) =>
    parseAmount(
      node.kind === Kind.FLOAT || node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined,
    ),
});

const parseDegrees = (value: unknown): string => {
  const number = typeof value === 'string' && /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Math.abs(number) <= 180
    ? number.toFixed(6)
    : refuse('Degrees', 'a number between -180 and 180');
};

/** Inside the text of PostgreSQL's numeric(9, 6), outside a JSON number. */
export const Degrees = new GraphQLScalarType<string, number>({
  name: 'Degrees',
  description:
    'Degrees of latitude or longitude (WGS 84), such as `48.856614`: rounded to six decimals, which is 11 cm.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc5870#section-3.4.2',
  serialize: (value) => Number(value),
  parseValue: parseDegrees,
  parseLiteral: (node) =>
    parseDegrees(
      node.kind === Kind.FLOAT || node.kind === Kind.INT
        ? Number(node.value)
        : node.kind === Kind.STRING
          ? node.value
          : undefined,
    ),
});

const parseWhole = (value: unknown): number => {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number)
    ? number
    : refuse('BigInt', 'an integer between -(2^53 - 1) and 2^53 - 1');
};

/** For bytes and counts, which may outgrow 32 bits. */
export const BigInteger = new GraphQLScalarType<number, number>({
  name: 'BigInt',
  description:
    'An integer between -(2^53 - 1) and 2^53 - 1, such as a size in bytes. Written as a JSON number without fraction ' +
    'or exponent, which every reader of JSON has exactly (RFC 7493, section 2.2).',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc7493',
  serialize: parseWhole,
  parseValue: parseWhole,
  parseLiteral: (node) => parseWhole(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
});

const parsePosition = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,18}$/.test(text) ? text : refuse('Position', 'a position in the event log');
};

/** A place in the event log. A string, since it may outgrow 2^53. */
export const Position = new GraphQLScalarType<string, string>({
  name: 'Position',
  description: 'A place in the event log, strictly increasing in commit order; pass it as `after` to resume.',
  specifiedByURL: 'https://www.w3.org/TR/xmlschema-2/#nonNegativeInteger',
  serialize: (value) => String(value),
  parseValue: parsePosition,
  parseLiteral: (node) => parsePosition(node.kind === Kind.STRING || node.kind === Kind.INT ? node.value : undefined),
});

/** A value whose form is described elsewhere, such as WebAuthn's. Not checked here: the command that takes it does. */
export const Json = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value, in the form that the field describes.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

/** A file that was received by multipart and is complete in the spool folder. */
export class UploadedFile {
  readonly #content: SpooledFile;
  #isTaken = false;

  constructor(
    /** As the client named it: for display only. */
    readonly filename: string,
    content: SpooledFile,
  ) {
    this.#content = content;
  }

  /** For the one use that it has. Throws BAD_USER_INPUT for a second one, as one variable may stand in two places. */
  take(): SpooledFile {
    if (this.#isTaken) throw badField('file', 'duplicate', 'Each file can be used once');
    this.#isTaken = true;
    return this.#content;
  }

  /** What makes it the same file, for comparisons. */
  toJSON(): object {
    return { filename: this.filename, sha256: this.#content.sha256 };
  }
}

/** Only the server itself makes an UploadedFile, of a file that it has received, so no JSON can pass for one. */
export const Upload = new GraphQLScalarType<UploadedFile, never>({
  name: 'Upload',
  description: 'A file, sent as multipart/form-data by the GraphQL multipart request specification: null in its place.',
  specifiedByURL: 'https://github.com/jaydenseric/graphql-multipart-request-spec',
  serialize: () => refuse('Upload', 'used as input only'),
  parseValue: (value) => (value instanceof UploadedFile ? value : refuse('Upload', 'sent as multipart/form-data')),
  parseLiteral: () => refuse('Upload', 'sent as multipart/form-data'),
});
