import { Command } from 'commander';
import { CliError, wrongUsage } from './exit-codes.js';
import { note, print, table } from './output.js';
import { askFor, type RemoteOptions, requiredRemote, withRemoteOptions } from './remote.js';

interface ListedPlugin {
  id: string;
  name: string;
  status: string;
  reason: string | null;
  version: string;
  source: string;
  apiPrefix: string | null;
  contribution: { dialectPrefix: string | null } | null;
  grants: string[];
  capabilities: string[];
}

interface ShownPlugin extends ListedPlugin {
  settings: object;
  versions: { version: string; installedAt: string; isInstalled: boolean }[];
}

interface ChangedPlugin {
  plugin?: ListedPlugin;
  deletedId?: string;
  lagging: { processId: string; host: string }[];
}

interface PluginOptions extends RemoteOptions {
  json?: boolean;
  source?: string;
  at?: string;
  grant?: string[];
  set?: string[];
  enable?: boolean;
  keepData?: boolean;
}

const fields = 'id name status reason version source apiPrefix contribution { dialectPrefix } grants capabilities';
const changed = `plugin { ${fields} } lagging { processId host }`;
const change = (name: string): string => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  return `mutation ($input: ${type}!) { ${name}(input: $input) { ${changed} } }`;
};

/** What is asked of the server; a test compares it with the schema. */
export const pluginOperations = {
  list: `query { plugins(first: 100) { nodes { ${fields} } } }`,
  show: `query ($id: ID!) { plugin(id: $id) { ${fields} settings versions { version installedAt isInstalled } } }`,
  install: change('installPlugin'),
  enable: change('enablePlugin'),
  disable: change('disablePlugin'),
  reload: change('reloadPlugin'),
  upgrade: change('upgradePlugin'),
  rollback: change('rollbackPlugin'),
  grant: change('grantPlugin'),
  set: change('updatePluginSettings'),
  uninstall: `mutation ($input: UninstallPluginInput!) {
    uninstallPlugin(input: $input) { deletedId lagging { processId host } }
  }`,
};

/** A package is fetched, and all processes are waited for. */
const changeTimeoutMs = 180_000;

export function pluginCommand(): Command {
  const plugin = new Command('plugin').description('What extends the server. All but new work remotely.');
  for (const command of [newCommand(), listCommand(), showCommand(), ...changeCommands()]) plugin.addCommand(command);
  return plugin;
}

const pluginAction = (name: string, description: string): Command =>
  withRemoteOptions(new Command(name).description(description).option('--json', 'print JSON'));

const listCommand = (): Command =>
  pluginAction('list', 'Lists the plugins that are installed.').action(async (_options, command: Command) => {
    const options = command.optsWithGlobals<PluginOptions>();
    const { plugins } = await askFor<{ plugins: { nodes: ListedPlugin[] } }>(
      requiredRemote(options),
      pluginOperations.list,
    );
    print(plugins.nodes, { json: options.json, text: () => pluginsTable(plugins.nodes) });
  });

const showCommand = (): Command =>
  pluginAction('show', 'Shows one plugin, with its settings; secrets are left out.')
    .argument('<id>')
    .action(async (id: string, _options: PluginOptions, command: Command) => {
      const options = command.optsWithGlobals<PluginOptions>();
      const { plugin } = await askFor<{ plugin: ShownPlugin | null }>(requiredRemote(options), pluginOperations.show, {
        id,
      });
      if (!plugin) throw new CliError(`There is no plugin ${id}`);
      print(plugin, { json: options.json, text: () => table(factsOf(plugin)) });
    });

const factsOf = (plugin: ShownPlugin): string[][] => [
  ['id', plugin.id],
  ['name', plugin.name],
  ['state', plugin.status.toLowerCase()],
  ['reason', plugin.reason ?? ''],
  ['version', plugin.version],
  ['kept', plugin.versions.map(({ version }) => version).join(', ')],
  ['source', plugin.source],
  ['prefix', prefixOf(plugin)],
  ['asks for', plugin.capabilities.join(', ')],
  ['granted', plugin.grants.join(', ')],
  ...Object.entries(plugin.settings).map(([name, value]) => [name, JSON.stringify(value)]),
];

const prefixOf = ({ apiPrefix, contribution }: ListedPlugin): string =>
  [apiPrefix, contribution?.dialectPrefix].filter(Boolean).join(', ');

/** What each takes beside the id is in the order of its arguments. */
function changeCommands(): Command[] {
  const grants = ['--grant <capability...>', 'capabilities that it gets; without it'] as const;
  return [
    pluginAction('install', 'Fetches a plugin, tries it out and keeps it.')
      .argument('<id>', 'as its manifest says it')
      .argument('<source>', 'a folder or a .tgz of the server, a package of npm, an https address of a .tgz or a .git')
      .option('--at <version>', 'a version or a range; for npm also a tag; for git also a branch or a commit')
      .option(grants[0], `${grants[1]} all that it asks for`)
      .option('--set <name=value...>', 'settings; a value is JSON, or else a text')
      .option('--enable', 'serve it at once')
      .action(async (id: string, source: string, _options: PluginOptions, command: Command) => {
        const options = command.optsWithGlobals<PluginOptions>();
        const { at: version, grant, set, enable } = options;
        const settings = set && settingsOf(set);
        const input = { id, source, version, grants: grant, settings };
        const done = await makeChange(options, 'install', input);
        const isFailed = done.plugin?.status === 'FAILED';
        const shown = enable && !isFailed ? await makeChange(options, 'enable', { id }) : done;
        showChange(shown, options);
        if (isFailed) throw new CliError(`The plugin ${id} does not start (${done.plugin?.reason})`);
      }),
    changeCommand('enable', 'Serves what a plugin brings.'),
    changeCommand('disable', 'Serves nothing of a plugin any more; its settings and tables stay.'),
    changeCommand('reload', 'Starts a plugin anew; one from a folder of the server is read again.'),
    changeCommand(
      'upgrade',
      'Has another version take the place of the one that is installed.',
      ({ source, at, grant }) => ({ source, version: at, grants: grant }),
    )
      .option('--source <source>', 'where it is from; without it from where it came')
      .option('--at <version>', 'as at the installation; without it the newest')
      .option(grants[0], `${grants[1]} those that it has`),
    changeCommand('rollback', 'Goes back to a former version.', ({ at }) => ({ version: at })).option(
      '--at <version>',
      'its number; without it the one before',
    ),
    pluginAction('grant', 'Gives a plugin these capabilities, and no others.')
      .argument('<id>')
      .argument('[capabilities...]')
      .action(async (id: string, capabilities: string[], _options: PluginOptions, command: Command) => {
        const options = command.optsWithGlobals<PluginOptions>();
        showChange(await makeChange(options, 'grant', { id, grants: capabilities }), options);
      }),
    pluginAction('set', 'Changes settings of a plugin; the others stay.')
      .argument('<id>')
      .argument('<name=value...>', 'a value is JSON, or else a text; null takes the setting away')
      .action(async (id: string, given: string[], _options: PluginOptions, command: Command) => {
        const options = command.optsWithGlobals<PluginOptions>();
        showChange(await makeChange(options, 'set', { id, settings: settingsOf(given) }), options);
      }),
    changeCommand('uninstall', 'Removes a plugin, with its tables.', ({ keepData }) => ({ keepData })).option(
      '--keep-data',
      'its tables stay, for another installation of it',
    ),
  ];
}

/** A change that takes the id of a plugin, and of its options what `inputOf` gives. */
const changeCommand = (
  name: keyof typeof pluginOperations,
  says: string,
  inputOf: (options: PluginOptions) => Record<string, unknown> = () => ({}),
): Command =>
  pluginAction(name, says)
    .argument('<id>')
    .action(async (id: string, _options: PluginOptions, command: Command) => {
      const options = command.optsWithGlobals<PluginOptions>();
      showChange(await makeChange(options, name, { id, ...inputOf(options) }), options);
    });

async function makeChange(
  options: PluginOptions,
  name: keyof typeof pluginOperations,
  input: Record<string, unknown>,
): Promise<ChangedPlugin> {
  const remote = requiredRemote(options);
  const answer = await askFor<Record<string, ChangedPlugin>>(
    remote,
    pluginOperations[name],
    { input },
    changeTimeoutMs,
  );
  const [done] = Object.values(answer);
  if (!done) throw new CliError('The server answered nothing');
  return done;
}

function showChange(done: ChangedPlugin, { json }: PluginOptions): void {
  print(done, { json, text: () => (done.plugin ? pluginsTable([done.plugin]) : `Removed ${done.deletedId}\n`) });
  for (const { processId, host } of done.lagging) note(`The process ${processId} on ${host} has not followed yet`);
}

function settingsOf(given: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw wrongUsage(`A setting is name=value, not ${text}`);
      return [text.slice(0, at), valueOf(text.slice(at + 1))];
    }),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const pluginsTable = (plugins: readonly ListedPlugin[]): string =>
  table(
    plugins.map((p) => [p.id, p.version, p.status.toLowerCase(), prefixOf(p), p.reason ?? p.name]),
    ['id', 'version', 'state', 'prefix', ''],
  );

const newCommand = (): Command =>
  new Command('new')
    .description('Writes a plugin that works, with a test that passes, into a new folder. Needs no database.')
    .argument('<folder>', 'called as the plugin: a-z 0-9 _ -, a letter first')
    .option('--json', 'print JSON')
    .action(async (folder: string, { json }: { json?: boolean }) => {
      const { writeSkeleton } = await import('../plugin-host/skeleton.js');
      const made = await writeSkeleton(folder).catch((error: Error) => {
        throw wrongUsage(error.message);
      });
      print(made, {
        json,
        text: () => `${made.files.map((file) => `${folder}/${file}\n`).join('')}Try it: cd ${folder} && npm test\n`,
      });
    });
