import { readdirSync, readFileSync } from 'node:fs';
import type { OperationSource } from './tools.js';

const folder = new URL('./operations/', import.meta.url);

let read: readonly OperationSource[] | undefined;

/** The operations of `src/mcp/operations/`, read once. */
export const coreOperations = (): readonly OperationSource[] =>
  (read ??= readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => ({ name: `mcp/operations/${file}`, text: readFileSync(new URL(file, folder), 'utf8') })));
