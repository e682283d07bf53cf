/**
 * The thread in which a bank's file is read; see `parse-statement.ts` for its other end.
 *
 * Run from source, Node strips the types of what is loaded here and no more: what the readers import has no enums,
 * decorators or parameter properties.
 */
import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { StatementTask } from './parse-statement.js';

if (import.meta.url.endsWith('.ts')) {
  registerHooks({
    resolve: (specifier, context, next) => {
      const ownFile = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/');
      return next(ownFile ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
}

const { readStatement } = await import('./read-statement.js');
const { path, options } = workerData as StatementTask;
parentPort?.postMessage(readStatement(await readFile(path), options));
