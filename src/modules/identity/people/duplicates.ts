import { badInput, type FieldProblem } from '../../../lib/errors.js';

/** The constraint that a write broke, undefined for any other error. Works whether or not MikroORM wrapped the error. */
export function brokenUnique(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  if (code === '23505' && typeof constraint === 'string') return constraint;
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? brokenUnique(cause) : undefined;
}

export const duplicate = (path: string): FieldProblem => ({
  path: [path],
  code: 'duplicate',
  message: 'is already taken',
});

/** Runs a write; a broken unique constraint becomes the field error that `paths` names, also when the check before it lost a race. */
export async function withDuplicates<T>(paths: Readonly<Record<string, string>>, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const path = paths[brokenUnique(error) ?? ''];
    throw path === undefined ? error : badInput([duplicate(path)]);
  }
}
