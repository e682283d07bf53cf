import type { Listen } from '../db/database.js';
import type { Context } from './context.js';

/** What runs beside requests in a process that works. */
export interface Worker {
  /** Begins nothing more, and resolves when what was under way has ended. */
  stop: () => Promise<void>;
}

/** Begins to work as the server itself. Every process that works does it. */
export type StartWorker = (parts: { ctx: Context; listen: Listen }) => Promise<Worker>;
