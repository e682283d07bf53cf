/**
 * Loaded first in threads and processes that run from source, where Node strips the types and no more: an import of
 * ours says `.js`, and means the `.ts` file. What they load has no enums, decorators or parameter properties.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => {
    const ownFile = specifier.startsWith('.') && !context.parentURL?.includes('/node_modules/');
    return next(ownFile ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
