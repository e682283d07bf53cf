import { dayIn } from '../../src/lib/zoned-day.js';

/** The day that it is for the firm, which counts in `TIME_ZONE`, Paris by default: late in the evening not that of UTC. */
export const firmDay = (moment: Date = new Date()): string => dayIn('Europe/Paris', moment);
