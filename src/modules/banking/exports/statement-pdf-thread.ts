/**
 * The thread in which a statement is drawn; see `render-statement.ts` for its other end.
 *
 * Run from source, Node strips the types of what is loaded here and no more: what draws has no enums, decorators or
 * parameter properties.
 */
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Statement } from './statement.js';

if (import.meta.url.endsWith('.ts')) {
  registerHooks({
    resolve: (specifier, context, next) => {
      const ownFile = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/');
      return next(ownFile ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
}

const { openArchivePdf } = await import('../../../print/archive-pdf.js');
const { drawStatement, periodOf } = await import('./draw-statement.js');
const statement = workerData as Statement;
const { pdf, finish } = openArchivePdf({
  title: `Relevé de compte ${periodOf(statement)}`,
  createdAt: statement.printedAt,
});
drawStatement(pdf, statement);
parentPort?.postMessage(await finish());
