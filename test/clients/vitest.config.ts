import { defineConfig, mergeConfig } from 'vitest/config';
import main from '../../vitest.config.js';

const { projects: _, ...test } = main.test ?? {};

export default mergeConfig(
  { ...main, test },
  defineConfig({ test: { include: ['test/clients/**/*.test.ts'], exclude: ['**/node_modules/**'] } }),
);
