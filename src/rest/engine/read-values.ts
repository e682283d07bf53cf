/**
 * Reads what consumers send as they mean it, before the shapes check it: by the shape that a value stands for, so that
 * no route says it anew. A value that its shape accepts is never changed.
 */
import { z } from 'zod';
import { stripAccents } from '../../lib/fold.js';
import { dayOf, momentAfter, momentOf } from '../../lib/moments.js';
import type { Habits } from './habits.js';

type Shape = z.core.$ZodType;

/** A value with the paths of its keys that no shape names. */
export interface ReadValue {
  value: unknown;
  unknownKeys: readonly string[];
}

export interface ReadOptions extends Pick<Habits, 'looseValues' | 'unaccentedEnums'> {
  /** Whether all values come as text, as in forms: `true` is then a boolean. */
  isText?: boolean;
}

const upperBounds = z.registry<{ isUpperBound: true }>();

/**
 * A moment up to which something is asked, for filters that exclude their end: a bare day is read as the start of the
 * next one.
 */
export const untilMoment = () => z.iso.datetime({ offset: true }).register(upperBounds, { isUpperBound: true });

/** Undefined: such values stay as they are. */
type Read = ((value: unknown, notes: Notes) => unknown) | undefined;

interface Notes {
  path: string[];
  unknownKeys: string[];
}

/** Makes the reader of a shape; to be made once. It never throws. */
export function readerOf(shape: Shape, options: ReadOptions): (value: unknown) => ReadValue {
  const read = readOf(shape, options);
  return (value) => {
    const notes: Notes = { path: [], unknownKeys: [] };
    return { value: read ? read(value, notes) : value, unknownKeys: notes.unknownKeys };
  };
}

/** The names of all keys in a shape, at any depth. */
export function keysIn(shape: Shape | undefined, found = new Set<string>(), seen = new Set<Shape>()): Set<string> {
  if (!shape || seen.has(shape)) return found;
  seen.add(shape);
  const { def } = shape._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'object') for (const name of Object.keys(def.shape)) found.add(name);
  for (const inner of partsOf(def)) keysIn(inner, found, seen);
  return found;
}

function partsOf(def: z.core.$ZodTypeDef): readonly Shape[] {
  const known = def as z.core.$ZodTypes['_zod']['def'];
  switch (known.type) {
    case 'object':
      return Object.values(known.shape);
    case 'array':
      return [known.element];
    case 'union':
      return known.options;
    case 'record':
      return [known.valueType];
    case 'pipe':
      return [known.in, known.out];
    default:
      return 'innerType' in known ? [known.innerType as Shape] : [];
  }
}

function readOf(shape: Shape, options: ReadOptions): Read {
  const { def } = shape._zod as z.core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'string':
      return readText(shape, options);
    case 'number':
      return options.looseValues && !(def as { coerce?: boolean }).coerce ? readNumber : undefined;
    case 'boolean':
      return options.looseValues && options.isText ? readBoolean : undefined;
    case 'enum':
      return options.unaccentedEnums ? readEnum(Object.values(def.entries)) : undefined;
    case 'object':
      return readObject(def, options);
    case 'array':
      return readList(readOf(def.element, options));
    case 'record':
      return readRecord(readOf(def.valueType, options));
    case 'union':
      return readUnion(def.options, options);
    case 'pipe':
      return readOf(def.in._zod.def.type === 'transform' ? def.out : def.in, options);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
      return readOptional(shape, def.innerType, options);
    case 'readonly':
    case 'nonoptional':
      return readOf(def.innerType, options);
    default:
      return undefined;
  }
}

const accepts = (shape: Shape, value: unknown): boolean => z.core.safeParse(shape, value).success;

function readText(shape: Shape, { looseValues }: ReadOptions): Read {
  const { format } = (shape as z.core.$ZodString)._zod.def as { format?: string };
  const isUpperBound = upperBounds.get(shape as z.ZodType) !== undefined;
  const convert =
    format === 'datetime' ? (isUpperBound ? momentAfter : momentOf) : format === 'date' ? dayOf : undefined;
  if (convert)
    return (value) => (typeof value !== 'string' || accepts(shape, value) ? value : (convert(value) ?? value));
  return looseValues && (format === 'uuid' || format === 'guid') ? idOf : undefined;
}

/** What a nested object that comes back whole stands for: its id. */
function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'id')
    ? (value as { id: unknown }).id
    : value;
}

function readNumber(sent: unknown): unknown {
  const value = idOf(sent);
  if (typeof value !== 'string' || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(value.trim())) return value;
  return Number(value);
}

function readBoolean(value: unknown): unknown {
  if (value === 'true' || value === '1' || value === 'on') return true;
  return value === 'false' || value === '0' || value === 'off' ? false : value;
}

function readEnum(entries: readonly unknown[]): Read {
  const plain = new Map(entries.filter((entry) => typeof entry === 'string').map((text) => [stripAccents(text), text]));
  return (value) =>
    typeof value !== 'string' || entries.includes(value) ? value : (plain.get(stripAccents(value.trim())) ?? value);
}

function readList(read: Read): Read {
  if (!read) return undefined;
  return (value, notes) =>
    Array.isArray(value) ? value.map((item, index) => within(notes, String(index), () => read(item, notes))) : value;
}

function readRecord(read: Read): Read {
  if (!read) return undefined;
  return (value, notes) =>
    isPlain(value)
      ? withEntries(Object.entries(value).map(([name, inner]) => [name, within(notes, name, () => read(inner, notes))]))
      : value;
}

function readObject({ shape, catchall }: z.core.$ZodObjectDef, options: ReadOptions): Read {
  const reads = new Map(Object.entries(shape).map(([name, inner]) => [name, readOf(inner, options)]));
  const isOpen = catchall !== undefined && catchall._zod.def.type !== 'never';
  return (value, notes) => {
    if (!isPlain(value)) return value;
    const entries: [string, unknown][] = [];
    for (const [name, inner] of Object.entries(value)) {
      const read = reads.get(name);
      if (!reads.has(name) && !isOpen) notes.unknownKeys.push([...notes.path, name].join('.'));
      const meant = read ? within(notes, name, () => read(inner, notes)) : inner;
      if (meant !== undefined || inner === undefined) entries.push([name, meant]);
    }
    return withEntries(entries);
  };
}

/** The first option that accepts the value wins, then the first that accepts it as it is read for that option. */
function readUnion(shapes: readonly Shape[], options: ReadOptions): Read {
  const reads = shapes.map((shape) => ({ shape, read: readOf(shape, options) }));
  if (reads.every(({ read }) => !read)) return undefined;
  return (value, notes) => {
    const accepting = reads.find(({ shape }) => accepts(shape, value));
    if (accepting) {
      // For the keys that it does not name; the value stays.
      accepting.read?.(value, notes);
      return value;
    }
    for (const { shape, read } of reads) {
      const unknownKeys: string[] = [];
      const meant = read ? read(value, { ...notes, unknownKeys }) : value;
      if (!accepts(shape, meant)) continue;
      for (const key of unknownKeys) notes.unknownKeys.push(key);
      return meant;
    }
    return value;
  };
}

/** `''` and null of a field that may be left out: null where the shape takes it, otherwise as if it were left out. */
function readOptional(shape: Shape, innerType: Shape, options: ReadOptions): Read {
  const inner = readOf(innerType, options);
  if (!options.looseValues) return inner;
  const takesNull = accepts(shape, null);
  const takesEmpty = accepts(shape, '');
  const isOptional = accepts(shape, undefined);
  return (value, notes) => {
    const isNothing = (value === '' && !takesEmpty) || (value === null && !takesNull);
    if (isNothing && (takesNull || isOptional)) return takesNull ? null : undefined;
    return inner && value !== null && value !== undefined ? inner(value, notes) : value;
  };
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A null prototype: `__proto__` is a name like any other. */
const withEntries = (entries: readonly (readonly [string, unknown])[]): Record<string, unknown> => {
  const made = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) made[name] = value;
  return made;
};

function within<T>(notes: Notes, name: string, work: () => T): T {
  notes.path.push(name);
  try {
    return work();
  } finally {
    notes.path.pop();
  }
}
