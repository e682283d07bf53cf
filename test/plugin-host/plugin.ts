import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { manifestShape } from '../../src/plugin-host/manifest.js';
import type {
  HostServices,
  PluginCall,
  PluginProcess,
  PluginProcessOptions,
} from '../../src/plugin-host/plugin-process.js';
import { startPlugin } from '../../src/plugin-host/start-plugin.js';

export interface TestPlugin extends PluginProcess<string> {
  /** Calls the resolver of a field of Query. */
  ask: (field: string, args?: Record<string, unknown>) => Promise<unknown>;
  failures: { reason: string; isOver: boolean }[];
  /** What was written into the log. */
  lines: string[];
}

export const root = (field: string, args: Record<string, unknown> = {}): PluginCall => ({
  kind: 'resolve',
  type: 'Query',
  field,
  parents: [null],
  args,
  viewer: { id: 7, permissions: ['documents:read'] },
});

/** Writes files into a folder of their own, which `removeFolders` removes. */
export function pluginFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
const folders: string[] = [];
export const removeFolders = (): void => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
};

const refused = (): Promise<never> => Promise.reject(new Error('The test has no such service'));

/** Starts a plugin whose definition has these resolvers of Query: JavaScript, beside which `api` and `args` stand. */
export async function startTestPlugin(
  files: Record<string, string>,
  {
    services,
    ...options
  }: Partial<Omit<PluginProcessOptions<string>, 'services'>> & { services?: Partial<HostServices<string>> } = {},
  start?: Parameters<typeof startPlugin>[1],
): Promise<TestPlugin> {
  const failures: TestPlugin['failures'] = [];
  const lines: string[] = [];
  const started = startPlugin<string>(
    {
      folder: pluginFolder(files),
      manifest: manifestShape.parse({ id: 'trial', name: 'Trial', version: '1.0.0' }),
      grants: [],
      services: { graph: refused, storage: refused, emit: refused, http: refused, settings: refused, ...services },
      log: pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }),
      onFailure: (failure) => failures.push(failure),
      ...options,
    },
    start,
  );
  const plugin = await started;
  const ask = async (field: string, args: Record<string, unknown> = {}): Promise<unknown> =>
    ((await plugin.call(root(field, args), 'of the caller')) as unknown[])[0];
  return { ...plugin, ask, failures, lines };
}

/** The `index.js` of a plugin with these resolvers of Query, each the body of an async function. */
export const withQueries = (bodies: Record<string, string>, before = ''): string => `
import { batch, definePlugin, refuse, reply } from '@passerelle/plugin';
${before}
export default definePlugin({
  resolvers: {
    Query: {
      ${Object.entries(bodies)
        .map(([name, body]) => `${name}: async (parent, args, api) => { ${body} },`)
        .join('\n      ')}
    },
  },
});
`;
