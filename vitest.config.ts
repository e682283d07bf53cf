import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

const inBrowser = ['test/console/**/*.test.ts', 'test/pages/browser.test.ts'];

export default defineConfig({
  // Vite would take graphql's ES build and its dependants the CommonJS one, and the two do not know each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['reflect-metadata', './test/support/no-leftovers.ts'],
    reporters: ['default', './test/support/slowest-files.ts'],
    pool: 'forks',
    // Two more than the cores of a small machine: many files mostly wait.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    // Files share a process, so that the server's modules are loaded once; each starts and stops its own servers.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['test/**/*.test.ts'],
          // Those of test/clients need packages of their own: `npm run test:clients`.
          exclude: ['**/node_modules/**', 'test/clients/**', ...inBrowser],
          sequence: { groupOrder: 0 },
        },
      },
      // Browsers take the whole machine: they come when the others are done, and two at a time.
      { extends: true, test: { name: 'browser', include: inBrowser, maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
});
