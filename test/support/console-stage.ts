import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { launchBrowser, openScreen, type Screen, type ScreenOptions } from './console.js';
import { type Person, startTestServer, type TestServer, type TestServerOptions } from './harness.js';

export interface ConsoleStage {
  server: TestServer;
  browser: Browser;
  person: Person;
  /** What the graph answers the person; an error fails the test. */
  ask: (query: string, variables?: object) => Promise<any>;
  /** A window of the person on a page of the console. */
  open: (path: string, options?: ScreenOptions) => Promise<Screen>;
}

/**
 * A server, a browser and a person of these roles (default: the administrator) for the tests of a `describe`, which end
 * with them. Call it where `beforeAll` may be called: server, browser and person are there from then on.
 */
export function consoleStage({ roles, ...options }: TestServerOptions & { roles?: string[] } = {}): ConsoleStage {
  const stage: Partial<ConsoleStage> = {};
  const begun = <Name extends 'server' | 'browser' | 'person'>(name: Name): ConsoleStage[Name] => {
    const found = stage[name];
    if (!found) throw new Error(`The ${name} is there from beforeAll on`);
    return found;
  };
  beforeAll(async () => {
    stage.server = await startTestServer(options);
    stage.person = roles ? await stage.server.person({ roles }) : stage.server.admin;
    stage.browser = await launchBrowser();
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.server?.stop();
  });
  return {
    get server() {
      return begun('server');
    },
    get browser() {
      return begun('browser');
    },
    get person() {
      return begun('person');
    },
    ask: async (query, variables = {}) => {
      const { data, errors } = await begun('server').graphql(query, variables, begun('person').token);
      expect(errors).toBeUndefined();
      return data;
    },
    open: (path, options) => openScreen(begun('browser'), begun('server'), begun('person'), path, options),
  };
}
