import type { Dialect, Problem, Reply } from './engine/route.js';

/** An `onProblem` for contracts that know 409 for what exists already, where the graph names the field that is taken. */
export const conflictWhenTaken =
  (toError: Dialect['toError'], message?: string) =>
  (problem: Problem): Reply | undefined => {
    const onlyTaken =
      problem.code === 'BAD_USER_INPUT' &&
      problem.fields.length > 0 &&
      problem.fields.every(({ code }) => code === 'duplicate');
    return onlyTaken
      ? {
          status: 409,
          json: toError({ ...problem, status: 409, code: 'CONFLICT', message: message ?? problem.message }),
        }
      : undefined;
  };
