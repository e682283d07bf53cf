import semver from 'semver';
import { z } from 'zod';

/** Of plugins, and of the tasks and tables that they bring. DECISIONS.md, section 3. */
export const slug = z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/, 'is 1 to 50 of a-z 0-9 _ -, a letter first');

/** What a plugin may ask for. Nothing else of the server is within its reach. */
export const capability = z.string().refine(isCapability, {
  error: 'is graph:read, graph:write, storage, events:read, events:write or http:<host>',
});

/**
 * - `graph:read`, `graph:write`: operations of the graph, as whoever the plugin is called for.
 * - `storage`: tables of its own.
 * - `events:read`: what happens, for its handlers. `events:write`: events of its own.
 * - `http:<host>`: requests over https to this host; `http:*.example.org` means every host below it.
 */
function isCapability(text: string): boolean {
  return (
    ['graph:read', 'graph:write', 'storage', 'events:read', 'events:write'].includes(text) ||
    /^http:(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}$/.test(text)
  );
}

const version = z
  .string()
  .max(100)
  .refine((text) => semver.valid(text) === text, 'is a version such as 1.2.0');
const range = z
  .string()
  .max(200)
  .refine((text) => semver.validRange(text) !== null, 'is a range such as ^1.2.0');

/** `/erp/crm`: segments of lower-case letters, digits, `_` and `-`. What is taken or reserved is asked elsewhere. */
const apiPrefix = z
  .string()
  .max(100)
  .regex(/^(\/[a-z0-9][a-z0-9_-]*)+$/, 'is a path such as /crm, in a-z 0-9 _ -');

/** A file of the plugin's folder. */
const ownFile = z
  .string()
  .max(200)
  .regex(/^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]*\.m?js$/, 'is a .js or .mjs file in the folder of the plugin');

/** `plugin.json`. DECISIONS.md, section 9. Keys that it does not know are ignored. */
export const manifestShape = z.object({
  id: slug,
  name: z.string().trim().min(1).max(100),
  version,
  author: z.string().max(200).default(''),
  description: z.string().max(2_000).default(''),
  /** Below which its `routes` are served; needed by a plugin that has some. */
  api_prefix: apiPrefix.optional(),
  tags: z.array(z.string().min(1).max(50)).max(50).default([]),
  /** Plugins that must be active before this one, with the versions that will do. */
  dependencies: z.record(slug, range).default({}),
  capabilities: z.array(capability).max(50).default([]),
  /**
   * JSON Schema of an object. A property with `"writeOnly": true` is a secret: it is sealed, and never shown again.
   */
  settings: z.record(z.string(), z.unknown()).optional(),
  main: ownFile.default('index.js'),
});

export type Manifest = z.output<typeof manifestShape>;
