import type { Operation } from './requests.js';

export interface Body {
  body: string | FormData;
  /** The form says its own. */
  contentType: { 'content-type'?: string };
}

/** JSON, or a form where a variable has files (https://github.com/jaydenseric/graphql-multipart-request-spec). */
export function bodyOf({ query, variables }: Operation): Body {
  const files: { path: string; file: Blob }[] = [];
  const plain = withoutFiles(variables, 'variables', files);
  const operations = JSON.stringify({ query, variables: plain });
  if (!files.length) return { body: operations, contentType: { 'content-type': 'application/json' } };
  const form = new FormData();
  form.append('operations', operations);
  form.append('map', JSON.stringify(Object.fromEntries(files.map(({ path }, index) => [index, [path]]))));
  for (const [index, { file }] of files.entries()) {
    // A File brings its name along.
    if ('name' in file) form.append(String(index), file);
    else form.append(String(index), file, 'file');
  }
  return { body: form, contentType: {} };
}

/** The value with null in the place of each file. */
function withoutFiles(value: unknown, path: string, files: { path: string; file: Blob }[]): unknown {
  if (value instanceof Blob) {
    files.push({ path, file: value });
    return null;
  }
  if (Array.isArray(value)) return value.map((each, index) => withoutFiles(each, `${path}.${index}`, files));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutFiles(each, `${path}.${key}`, files)]),
  );
}
