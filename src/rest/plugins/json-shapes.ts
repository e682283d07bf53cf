import { z } from 'zod';

/** Of a plugin's schemas, each. */
const maxSchemaBytes = 64 * 1024;
/** An expression of somebody else's could hold up the server for as long as it likes. */
const refusedKeywords = ['pattern', 'patternProperties', 'propertyNames'];

export class BadShape extends Error {
  override readonly name = 'BadShape';
}

/** The shape of a JSON Schema of an object. Throws BadShape with what is wrong with it. */
export function shapeOf(schema: object, what: string): z.ZodObject {
  const text = JSON.stringify(schema);
  if (text.length > maxSchemaBytes) throw new BadShape(`${what}: at most ${maxSchemaBytes} bytes of JSON Schema`);
  const refused = keywordIn(schema, 0);
  if (refused !== undefined) throw new BadShape(`${what}: ${refused}`);
  let shape: z.ZodType;
  try {
    shape = z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema);
  } catch (error) {
    throw new BadShape(`${what}: ${(error as Error).message}`);
  }
  if (!(shape instanceof z.ZodObject)) throw new BadShape(`${what} must be a JSON Schema of an object`);
  return shape;
}

const deepest = 20;

function keywordIn(schema: unknown, depth: number): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  if (depth > deepest) return `nests deeper than ${deepest} levels`;
  for (const [key, inner] of Object.entries(schema)) {
    if (!Array.isArray(schema) && refusedKeywords.includes(key) && typeof inner !== 'object')
      return `${key} is not taken: check it in the plugin`;
    if (!Array.isArray(schema) && (key === 'patternProperties' || key === 'propertyNames'))
      return `${key} is not taken: check it in the plugin`;
    const found = keywordIn(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The same for params and query strings, where all values come as text: numbers and booleans are read from it. */
export function textShapeOf(schema: object, what: string): z.ZodObject {
  const shape = shapeOf(schema, what);
  return z.object(
    Object.fromEntries(
      Object.entries(shape.shape).map(([name, field]) => {
        const isOptional = field instanceof z.ZodOptional;
        const inner = (isOptional ? field.unwrap() : field) as z.ZodType;
        const read = readFor(inner);
        const own = read ? z.preprocess(read, inner) : inner;
        return [name, isOptional ? own.optional() : own];
      }),
    ),
  );
}

function readFor(shape: z.ZodType): ((value: unknown) => unknown) | undefined {
  switch (shape.def.type) {
    case 'number':
    case 'int':
      return (value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value);
    case 'boolean':
      return (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value);
    case 'default':
      return readFor((shape as z.ZodDefault<z.ZodType>).unwrap());
    default:
      return undefined;
  }
}
