import type { Logger } from 'pino';
import type { Context } from '../kernel/context.js';
import type { DemoFirm } from '../kernel/demo.js';
import { scopes, theSystem, type Viewer } from '../kernel/viewer.js';
import { readablePassword } from '../modules/identity/sessions/passwords.js';
import { modules } from './modules.js';
import type { App } from './start.js';

/**
 * Fills an empty database with a made-up firm, marked as such, by the same commands that people use: each module fills
 * its part, and `log` tells of each. Returns what its people sign in with.
 */
export async function fillDemoFirm(
  { contextFor }: Pick<App, 'contextFor'>,
  { isWhole, log }: Pick<DemoFirm, 'isWhole'> & { log: Logger },
): Promise<DemoPeople> {
  const password = readablePassword();
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
  const firm: DemoFirm = { isWhole, password, people, as, asServer: () => contextOf(theSystem) };
  for (const { name, demo } of modules) {
    if (!demo) continue;
    await demo(firm);
    log.info({ module: name }, 'the made-up firm is being filled in');
  }
  return { usernames: [...people.keys()], password };
}

export interface DemoPeople {
  usernames: readonly string[];
  /** Of each of them: print it once. */
  password: string;
}
