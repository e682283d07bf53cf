/**
 * Directus runs scripts of its flows in isolated-vm, which is compiled when it is installed. No flow runs here: an empty module
 * stands in, so that the bench needs no compiler. `--import` it before Directus.
 */
import { registerHooks } from 'node:module';

const empty = new URL('no-scripts.cjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'isolated-vm' ? { url: empty, format: 'commonjs', shortCircuit: true } : next(specifier, context),
});
