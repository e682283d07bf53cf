import { afterAll } from 'vitest';
import { running } from './running.js';

/** Files share a process: one that leaves something running would slow or disturb those after it. */
afterAll(() => {
  const left = [...running.values()];
  running.clear();
  if (left.length) throw new Error(`Still running at the end of the file: ${left.join(', ')}`);
});
