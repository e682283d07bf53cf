import { constraintOf, isUniqueViolation } from '../../../db/sql-client.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';

/** Returns the unique constraint that a write violated; undefined for any other error. */
export const violatedConstraint = (error: unknown): string | undefined =>
  isUniqueViolation(error) ? constraintOf(error) : undefined;

export const duplicate = (path: string): FieldProblem => ({
  path: [path],
  code: 'duplicate',
  message: 'is already taken',
});

/**
 * Runs a write. A violated unique constraint becomes a problem of the field that `paths` names for it, also when a
 * check before the write found nothing because somebody else was quicker. Every other error is thrown as it is.
 */
export async function withDuplicates<T>(paths: Readonly<Record<string, string>>, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const path = paths[violatedConstraint(error) ?? ''];
    throw path === undefined ? error : badInput([duplicate(path)]);
  }
}
