/**
 * The thread in which a bank's file is read; see `parse-statement.ts` for its other end.
 */
import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { runThreadInBackground } from '../../../lib/background.js';
import type { StatementTask } from './parse-statement.js';
import { readStatement } from './read-statement.js';

runThreadInBackground();
const { path, options } = workerData as StatementTask;
parentPort?.postMessage(readStatement(await readFile(path), options));
