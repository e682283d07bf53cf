import { readdirSync, readFileSync } from 'node:fs';
import type { OperationSource } from './tools.js';

const folder = new URL('./operations/', import.meta.url);

/** The operations of `src/mcp/operations/`. */
export const coreOperations = (): OperationSource[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .toSorted()
    .map((file) => ({ name: `mcp/operations/${file}`, text: readFileSync(new URL(file, folder), 'utf8') }));
