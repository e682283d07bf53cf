import { isBuilt } from './is-built.js';

/** A module of ours as the entry of a thread or process of its own. */
export interface OwnModule {
  file: URL;
  /** Node's options that it needs. None of the parent's own: loaders such as tsx have no business there. */
  execArgv: readonly string[];
}

/** `module` is its address without an extension: `new URL('x-worker', import.meta.url)`. */
export const ownModule = (module: URL): OwnModule =>
  isBuilt
    ? { file: new URL(`${module.href}.js`), execArgv: [] }
    : { file: new URL(`${module.href}.ts`), execArgv: ['--import', new URL('own-sources.ts', import.meta.url).href] };
