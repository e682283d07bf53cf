import type { Job } from './jobs/queue.js';

/** Every job of the core. */
export const jobs: readonly Job[] = [];
