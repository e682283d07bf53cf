/* A curl command for each operation of an OpenAPI document, as its routes are called with a token of one's own. */
import { exampleOf } from '../src/rest/engine/openapi-examples.ts';

/** A word of any POSIX shell. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

const lastOf = (reference) => reference.slice(reference.lastIndexOf('/') + 1);

/** What a field of a form is given: a file where it is one, otherwise the value of the example. */
function formFields({ schema, example }, options) {
  const { properties = {} } = schema.$ref ? options.schemas[lastOf(schema.$ref)] : schema;
  return Object.entries(properties).map(([name, property]) =>
    (property.items ?? property).format === 'binary'
      ? `${name}=@document.pdf`
      : `${name}=${textOf(example?.[name] ?? exampleOf(property, options, name))}`,
  );
}

const textOf = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The request's body as curl takes it. JSON is taken before forms. */
function bodyArguments({ content }, options) {
  const json = content['application/json'];
  if (json) {
    const example = json.example ?? exampleOf(json.schema, options);
    return [`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(example))}`];
  }
  const form = content['application/x-www-form-urlencoded'];
  if (form) return formFields(form, options).map((field) => `--data-urlencode ${quoted(field)}`);
  const multipart = content['multipart/form-data'];
  return multipart ? formFields(multipart, options).map((field) => `-F ${quoted(field)}`) : [];
}

/** Whether it answers a file, which belongs on the disk and not into the terminal. */
function answersFile({ responses }) {
  const types = Object.keys(responses['200']?.content ?? {});
  return types.length > 0 && !types.some((type) => /json|^text\//.test(type));
}

/**
 * The command. `$TOKEN` is left to the reader's shell; optional parameters are left out.
 * @param {object} document in OpenAPI, with absolute servers
 * @param {{ path: string, method: string, operation: object }} of
 */
export function curlOf(document, { path, method, operation }) {
  const { schemas = {}, parameters: shared = {} } = document.components;
  const options = { schemas, values: {} };
  const parameters = (operation.parameters ?? []).map((each) => (each.$ref ? shared[lastOf(each.$ref)] : each));
  const valueOf = ({ name, schema, example }) =>
    encodeURIComponent(textOf(example ?? exampleOf(schema, options, name)));
  const required = (place) => parameters.filter((each) => each.in === place && each.required);
  const address = required('path').reduce(
    (text, parameter) => text.replace(`{${parameter.name}}`, valueOf(parameter)),
    document.servers[0].url.replace(/\/$/, '') + path,
  );
  const query = required('query').map((parameter) => `${parameter.name}=${valueOf(parameter)}`);
  const body = operation.requestBody ? bodyArguments(operation.requestBody, options) : [];
  const isImplied = method === 'get' || (method === 'post' && body.length > 0);
  return [
    `curl ${isImplied ? '' : `-X ${method.toUpperCase()} `}${quoted(
      [address, ...query.slice(0, 1)].join('?') +
        query
          .slice(1)
          .map((each) => `&${each}`)
          .join(''),
    )}`,
    ...(operation.security?.length ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...body,
    ...(answersFile(operation) ? ['-OJ'] : []),
  ].join(' \\\n  ');
}
