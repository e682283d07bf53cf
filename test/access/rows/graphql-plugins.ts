import { unique } from '../objects.js';
import { nextVersion } from '../plugin-objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

const reads = { who: ['plugins:read'], otherWho: 'manager', expect: cells.grantedRead } as const;
const manages = { who: ['plugins:read', 'plugins:manage'], otherWho: 'manager', expect: cells.grantedWrite } as const;

export const pluginQueryRows: Record<string, GraphqlRow> = {
  plugin: {
    ...reads,
    document: byId('plugin', 'name settings capabilities contribution { sdl } versions { version } storageBytes'),
    variables: ({ make }) => make.plugin(),
    shows: text('name'),
  },
  plugins: {
    ...reads,
    document: '{ plugins(first: 100, orderBy: INSTALLED_AT_DESC) { nodes { name } } }',
    variables: ({ make }) => make.plugin(),
    shows: text('name'),
  },
};

const selection = 'plugin { id status }';

export const pluginMutationRows: Record<string, GraphqlRow> = {
  installPlugin: {
    ...manages,
    usesUp: true,
    document: change('installPlugin', 'InstallPluginInput', selection),
    variables: input(({ make }) => make.pluginFolder()),
  },
  enablePlugin: {
    ...manages,
    document: change('enablePlugin', 'EnablePluginInput', selection),
    variables: input(async ({ make }) => ({ id: (await make.plugin()).id })),
  },
  disablePlugin: {
    ...manages,
    document: change('disablePlugin', 'DisablePluginInput', selection),
    variables: input(async ({ make }) => ({ id: (await make.plugin()).id })),
  },
  reloadPlugin: {
    ...manages,
    document: change('reloadPlugin', 'ReloadPluginInput', selection),
    variables: input(async ({ make }) => ({ id: (await make.plugin()).id })),
  },
  upgradePlugin: {
    ...manages,
    document: change('upgradePlugin', 'UpgradePluginInput', selection),
    variables: input(async ({ make }) => {
      const { id, source } = await make.plugin();
      await nextVersion(source, id);
      return { id };
    }),
  },
  rollbackPlugin: {
    ...manages,
    document: change('rollbackPlugin', 'RollbackPluginInput', selection),
    variables: input(async ({ make }) => ({ id: (await make.plugin({ former: true })).id })),
  },
  grantPlugin: {
    ...manages,
    document: change('grantPlugin', 'GrantPluginInput', selection),
    variables: input(async ({ make }) => ({ id: (await make.plugin()).id, grants: [] })),
  },
  updatePluginSettings: {
    ...manages,
    document: change('updatePluginSettings', 'UpdatePluginSettingsInput', selection),
    variables: input(async ({ make }) => ({
      id: (await make.plugin()).id,
      settings: { greeting: unique('Bonjour') },
    })),
  },
  uninstallPlugin: {
    ...manages,
    document: change('uninstallPlugin', 'UninstallPluginInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.plugin()).id })),
  },
};
