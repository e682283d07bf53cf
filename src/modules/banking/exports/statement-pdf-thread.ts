/**
 * The thread in which a statement is drawn; see `render-statement.ts` for its other end.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { runThreadInBackground } from '../../../lib/background.js';
import { openArchivePdf } from '../../../print/archive-pdf.js';
import { drawStatement, periodOf } from './draw-statement.js';
import type { Statement } from './statement.js';

runThreadInBackground();
const statement = workerData as Statement;
const { pdf, finish } = openArchivePdf({
  title: `Relevé de compte ${periodOf(statement)}`,
  createdAt: statement.printedAt,
});
drawStatement(pdf, statement);
parentPort?.postMessage(await finish());
