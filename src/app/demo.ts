import type { Context } from '../kernel/context.js';
import { scopes, theSystem, type Viewer } from '../kernel/viewer.js';
import { modules } from './modules.js';
import type { App } from './start.js';

/**
 * Fills an empty database with a made-up firm, marked as such, by the same commands that people use: each module fills
 * its part.
 */
export async function fillDemoFirm({ contextFor }: Pick<App, 'contextFor'>): Promise<void> {
  const people = new Map<string, number>();
  const contextOf = (viewer: Viewer): Context =>
    contextFor(viewer, { credential: undefined, requestId: 'demo', ip: undefined, userAgent: undefined });
  const as = (username: string): Context => {
    const userId = people.get(username);
    if (userId === undefined) throw new Error(`The demonstration has no ${username}`);
    return contextOf({
      userId,
      permissions: new Set(['*:*']),
      scopes: new Set(scopes),
      credential: { kind: 'none' },
    });
  };
  for (const { demo } of modules) await demo?.({ people, as, asServer: () => contextOf(theSystem) });
}
