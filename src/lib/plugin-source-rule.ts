import { normalize } from 'node:path';

/** What an entry of PLUGIN_SOURCES may be. */
export const isSourceRule = (entry: string): boolean =>
  /^npm:(?:@[a-z0-9][a-z0-9._-]*\/(?:\*|[a-z0-9][a-z0-9._-]*)|[a-z0-9][a-z0-9._-]*)$/.test(entry) ||
  (entry.startsWith('/') && normalize(entry) === entry) ||
  (entry.startsWith('https://') && entry.endsWith('/') && URL.canParse(entry) && new URL(entry).href === entry);
