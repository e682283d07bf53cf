import { AsyncLocalStorage } from 'node:async_hooks';
import type { Viewer } from '../viewer.js';

const standIn = new AsyncLocalStorage<Viewer>();
const ownRows = new WeakSet<object>();

/** The viewer that this module's policies decide for. */
export const readingAs = (viewer: Viewer): Viewer => standIn.getStore() ?? viewer;

/**
 * Runs one read as a person who proved within this request who they are (a login, a registration), while the request's
 * own viewer is still nobody. Only the policies of this module follow, and only inside `read`: other rows stay closed.
 */
export async function readAs<T extends object>(viewer: Viewer, read: () => Promise<T>): Promise<T> {
  const row = await standIn.run(viewer, read);
  ownRows.add(row);
  return row;
}

/** True for a person's row that was read as that person. */
export const isOwnRow = (row: object): boolean => ownRows.has(row);
