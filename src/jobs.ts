import { escalationJob } from './domain/approvals/escalate-approvals.js';
import type { Job } from './jobs/queue.js';

/** Every job of the core. */
export const jobs: readonly Job[] = [escalationJob];
