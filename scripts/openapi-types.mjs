/**
 * The types of an OpenAPI document in the shape that `openapi-fetch` takes: `paths`, `components`, `operations`, as
 * openapi-typescript writes them. That program itself needs the compiler API of TypeScript 5, which this project's
 * TypeScript no longer has; `test/clients/openapi.test.ts` has the compiler prove that both say the same.
 *
 * It knows what our own documents use, and throws for the rest.
 */

const telling = 'type properties required items additionalProperties enum const anyOf $ref';
/** These say nothing to a type. */
const silent =
  'format description maxLength minLength pattern minimum maximum exclusiveMinimum examples default maxItems minItems ' +
  'propertyNames';
const known = new Set(`${telling} ${silent}`.split(' '));

const json = JSON.stringify;
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : json(name));
const indented = (lines) => lines.flatMap((text) => text.split('\n')).map((line) => `  ${line}`);
const block = (lines) => (lines.length ? `{\n${indented(lines).join('\n')}\n}` : 'Record<string, never>');

/** `components["schemas"]["Tag"]` for `#/components/schemas/Tag`. */
const refType = (ref) =>
  ref
    .slice(2)
    .split('/')
    .map((part, index) => (index === 0 ? part : `[${json(part)}]`))
    .join('');

function comment(text) {
  return text ? [`/** ${text.replaceAll('*/', '*\\/').replace(/\s*\n\s*/g, ' ')} */`] : [];
}

const union = (types) => [...new Set(types)].join(' | ');

function typeOf(schema) {
  const unknown = Object.keys(schema).filter((name) => !known.has(name));
  if (unknown.length) throw new Error(`openapi-types: no type for ${unknown.join(', ')} of ${json(schema)}`);
  if (schema.$ref) return refType(schema.$ref);
  if (schema.const !== undefined) return json(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => json(value)));
  if (schema.anyOf) return union(schema.anyOf.map(typeOf));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })));
  switch (schema.type) {
    case undefined:
      return 'unknown';
    case 'integer':
      return 'number';
    case 'array':
      return `(${schema.items ? typeOf(schema.items) : 'unknown'})[]`;
    case 'object':
      return objectType(schema);
    default:
      return schema.type;
  }
}

function objectType({ properties = {}, required = [], additionalProperties }) {
  const lines = Object.entries(properties).flatMap(([name, property]) => [
    ...comment(property.description),
    `${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(property)};`,
  ]);
  const rest = additionalProperties === undefined || additionalProperties === false ? undefined : additionalProperties;
  if (!rest) return block(lines);
  const index = `[key: string]: ${rest === true ? 'unknown' : typeOf(rest)};`;
  return lines.length ? `${block(lines)} & ${block([index])}` : block([index]);
}

const contentLines = (content) => [
  `content: ${block(Object.entries(content).map(([type, { schema = {} }]) => `${json(type)}: ${typeOf(schema)};`))};`,
];

function responseType(response) {
  if (response.$ref) return refType(response.$ref);
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) => {
    if (header.$ref) return `${key(name)}: ${refType(header.$ref)};`;
    return `${key(name)}${header.required ? '' : '?'}: ${typeOf(header.schema)};`;
  });
  return block([
    `headers: ${block([...headers, '[name: string]: unknown;'])};`,
    ...(response.content ? contentLines(response.content) : ['content?: never;']),
  ]);
}

/** The parameters of one place (`query`), of which none may be required. */
function parametersIn(place, parameters) {
  const own = parameters.filter((parameter) => parameter.in === place);
  if (!own.length) return `${place}?: never;`;
  const lines = own.flatMap(({ ref, name, required, description, schema }) => [
    ...comment(description),
    `${key(name)}${required ? '' : '?'}: ${ref ?? typeOf(schema)};`,
  ]);
  return `${place}${own.some(({ required }) => required) ? '' : '?'}: ${block(lines)};`;
}

function operationType(operation, document) {
  const parameters = (operation.parameters ?? []).map((parameter) =>
    parameter.$ref
      ? { ...document.components.parameters[parameter.$ref.split('/').at(-1)], ref: refType(parameter.$ref) }
      : parameter,
  );
  const body = operation.requestBody;
  const responses = Object.entries(operation.responses).map(
    ([status, response]) => `${/^\d+$/.test(status) ? status : json(status)}: ${responseType(response)};`,
  );
  return block([
    `parameters: ${block(['query', 'header', 'path', 'cookie'].map((place) => parametersIn(place, parameters)))};`,
    body ? `requestBody${body.required ? '' : '?'}: ${block(contentLines(body.content))};` : 'requestBody?: never;',
    `responses: ${block(responses)};`,
  ]);
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** The whole module's text. */
export function openApiTypes(document) {
  const operations = [];
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const lines = ['parameters: {\n  query?: never;\n  header?: never;\n  path?: never;\n  cookie?: never;\n};'];
    for (const method of methods) {
      const operation = item[method];
      if (!operation) {
        lines.push(`${method}?: never;`);
        continue;
      }
      lines.push(...comment(operation.summary), `${method}: operations[${json(operation.operationId)}];`);
      operations.push(`${key(operation.operationId)}: ${operationType(operation, document)};`);
    }
    return `${json(path)}: ${block(lines)};`;
  });
  const { schemas = {}, responses = {}, parameters = {}, headers = {} } = document.components;
  const named = (of, type) => block(Object.entries(of).map(([name, each]) => `${key(name)}: ${type(each)};`));
  const components = [
    `schemas: ${block(Object.entries(schemas).flatMap(([name, schema]) => [...comment(schema.description), `${key(name)}: ${typeOf(schema)};`]))};`,
    `responses: ${named(responses, responseType)};`,
    `parameters: ${named(parameters, ({ schema }) => typeOf(schema))};`,
    'requestBodies: never;',
    `headers: ${named(headers, ({ schema }) => typeOf(schema))};`,
    'pathItems: never;',
  ];
  return [
    `export interface paths ${block(paths)}`,
    'export type webhooks = Record<string, never>;',
    `export interface components ${block(components)}`,
    'export type $defs = Record<string, never>;',
    `export interface operations ${block(operations)}`,
    '',
  ].join('\n\n');
}
