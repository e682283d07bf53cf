/** Answers made up from their schemas, where a route gives no example of its own. */

/** A JSON schema as it stands in the document. */
export interface JsonSchema {
  $ref?: string;
  description?: string;
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  examples?: readonly unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  minItems?: number;
  properties?: Readonly<Record<string, JsonSchema>>;
  items?: JsonSchema;
  allOf?: readonly JsonSchema[];
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
}

export interface ExampleOptions {
  /** Looked up by their names in `#/components/schemas/`. */
  schemas: Readonly<Record<string, JsonSchema>>;
  /** Values by the names of the properties that they are good for. */
  values: Readonly<Record<string, unknown>>;
}

const deepest = 8;

/**
 * A value that fits the schema: its own example, or else the value that is known for a property of this name and fits
 * its type, or else the simplest. Every property of an object is there, so that a reader sees them all.
 */
export function exampleOf(schema: JsonSchema, options: ExampleOptions, name = '', depth = 0): unknown {
  if (schema.$ref !== undefined) {
    const referred = options.schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] ?? {};
    return exampleOf(referred, options, name, depth + 1);
  }
  if (schema.examples?.length) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  const inner = (part: JsonSchema): unknown => exampleOf(part, options, name, depth);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return inner(alternatives.find(({ type }) => type !== 'null') ?? {});
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map(inner));
  const known = options.values[name];
  if (known !== undefined && fits(known, schema)) return known;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  return simplest(schema, options, name, depth);
}

function simplest(schema: JsonSchema, options: ExampleOptions, name: string, depth: number): unknown {
  switch (typeOf(schema)) {
    case 'object':
      return Object.fromEntries(
        Object.entries(depth < deepest ? (schema.properties ?? {}) : {}).map(([key, property]) => [
          key,
          exampleOf(property, options, key, depth + 1),
        ]),
      );
    case 'array':
      return depth < deepest ? [exampleOf(schema.items ?? {}, options, singular(name), depth + 1)] : [];
    case 'string':
      return (formats[schema.format ?? ''] ?? 'texte').padEnd(schema.minLength ?? 0, 'x');
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-02-03',
  'date-time': '2026-02-03T10:00:00Z',
  uuid: '3f2b8c1e-5d4a-4b6f-9a7c-1e2d3f4a5b6c',
  email: 'claire.moreau@example.com',
  uri: 'https://example.com/',
};

/** Of a schema of several types the first that is not null. */
const typeOf = ({ type }: JsonSchema): string | undefined =>
  typeof type === 'string' ? type : type?.find((each) => each !== 'null');

const singular = (name: string): string => name.replace(/s$/, '');

function fits(value: unknown, schema: JsonSchema): boolean {
  if (schema.enum) return schema.enum.includes(value);
  switch (typeOf(schema)) {
    case 'integer':
      return Number.isInteger(value) && Number(value) >= (schema.minimum ?? -Infinity);
    case 'number':
    case 'boolean':
      return typeof value === typeOf(schema);
    case 'string':
      return typeof value === 'string' && (schema.format === undefined || schema.format in formats === false);
    case 'array':
      return Array.isArray(value);
    default:
      return false;
  }
}
