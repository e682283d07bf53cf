import {
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  type OperationDefinitionNode,
  typeFromAST,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';

/** What of JSON Schema the tools use. */
export interface JsonSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: false;
  items?: JsonSchema;
  enum?: string[];
  format?: string;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  default?: unknown;
}

/** The schema of a tool's arguments: always an object. */
export type ObjectSchema = JsonSchema & { type: 'object'; properties: Record<string, JsonSchema> };

/** Levels of input objects that are written out; what lies deeper is any object, which the graph still checks. */
const deepestInput = 6;

/**
 * The variables of an operation as the properties of an object: their types, which of them are required, defaults, and
 * descriptions, the operation's own or else those of their types. Throws for a variable that JSON cannot carry.
 */
export function schemaOfVariables(schema: GraphQLSchema, operation: OperationDefinitionNode): ObjectSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { variable, type, defaultValue, description } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const inputType = inputTypeOf(schema, type);
    properties[name] = withNote(schemaOf(inputType, deepestInput), description?.value, {
      ...(defaultValue && { default: valueFromASTUntyped(defaultValue) }),
    });
    if (isNonNullType(inputType) && !defaultValue) required.push(name);
  }
  return { type: 'object', properties, ...(required.length && { required }), additionalProperties: false };
}

const inputTypeOf = (schema: GraphQLSchema, type: TypeNode): GraphQLInputType =>
  typeFromAST(schema, type as never) as GraphQLInputType;

function schemaOf(type: GraphQLInputType, levels: number): JsonSchema {
  if (isNonNullType(type)) return schemaOf(type.ofType, levels);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, levels) };
  if (isScalarType(type)) return scalarSchema(type);
  if (isEnumType(type)) return enumSchema(type);
  const about = type.description ? { description: type.description } : {};
  if (levels === 0) return { type: 'object', ...about };
  const fields = Object.values(type.getFields());
  const required = fields.filter(isRequired).map(({ name }) => name);
  return {
    type: 'object',
    ...about,
    properties: Object.fromEntries(
      fields.map((field) => [
        field.name,
        withNote(schemaOf(field.type, levels - 1), field.description, {
          ...(field.defaultValue !== undefined && { default: field.defaultValue }),
        }),
      ]),
    ),
    ...(required.length && { required }),
    additionalProperties: false,
  };
}

const isRequired = ({ type, defaultValue }: GraphQLInputField): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** What is said where a type is used comes before what the type says of itself. */
const withNote = (schema: JsonSchema, note: string | null | undefined, more: JsonSchema): JsonSchema => ({
  ...schema,
  ...(note && { description: schema.description ? `${note} ${schema.description}` : note }),
  ...more,
});

function enumSchema(type: GraphQLEnumType): JsonSchema {
  const values = type.getValues();
  const meanings = values.filter(({ description }) => description).map((v) => `${v.name}: ${v.description}`);
  const description = [type.description, ...meanings].filter(Boolean).join(' ');
  return { type: 'string', enum: values.map(({ name }) => name), ...(description && { description }) };
}

function scalarSchema({ name, description }: GraphQLScalarType): JsonSchema {
  switch (name) {
    case 'Int':
      return { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
    case 'BigInt':
      return { type: 'integer' };
    case 'Float':
    case 'Decimal':
    case 'Degrees':
      return { type: 'number' };
    case 'Boolean':
      return { type: 'boolean' };
    case 'String':
    case 'ID':
      return { type: 'string' };
    case 'Date':
      return { type: 'string', format: 'date' };
    case 'DateTime':
      return { type: 'string', format: 'date-time' };
    case 'Position':
      return { type: 'string', pattern: '^[0-9]+$' };
    case 'Upload':
      throw new Error('a file (Upload) cannot be sent as JSON');
    default:
      return description ? { description } : {};
  }
}
