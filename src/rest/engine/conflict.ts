import type { Dialect, Problem, Reply } from './route.js';

/**
 * An `onProblem` for contracts that have 409 for a value that exists already, where the graph refuses the field
 * (`duplicate`). `message` replaces the problem's own.
 */
export const conflictOnDuplicate =
  (toError: Dialect['toError'], message?: string) =>
  (problem: Problem): Reply | undefined => {
    const isDuplicate =
      problem.code === 'BAD_USER_INPUT' &&
      problem.fields.length > 0 &&
      problem.fields.every(({ code }) => code === 'duplicate');
    if (!isDuplicate) return undefined;
    const conflict: Problem = { ...problem, status: 409, code: 'CONFLICT', message: message ?? problem.message };
    return { status: 409, json: toError(conflict) };
  };
