/** A run waits so long for a process that begins it; then another one is asked. */
export const startLeaseSeconds = 30;
/** A process has a run for so long beyond its last word: what was heard of it counts as dead then. */
export const runLeaseSeconds = 15;
/** How often it says that it still has it. */
export const heartbeatMs = 4_000;
