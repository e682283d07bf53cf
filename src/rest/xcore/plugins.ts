import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { type Route, route } from '../engine/route.js';
import { wordPairs } from '../engine/word-pairs.js';
import { duplicateIsConflict } from './envelope.js';
import { listOf, listOut, listQuery, listVariables, moment } from './lists.js';
import {
  XcoreDisablePluginOperation,
  XcoreEnablePluginOperation,
  XcoreInstallPluginOperation,
  type XcoreLaggingFragment,
  XcoreListPluginsOperation,
  type XcorePluginRowFragment,
  XcoreReadPluginOperation,
  XcoreReloadPluginOperation,
  XcoreUninstallPluginOperation,
} from './operations.gen.js';

const status = wordPairs({ installed: 'INSTALLED', active: 'ACTIVE', disabled: 'DISABLED', failed: 'FAILED' });

const Row = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  author: z.string(),
  active: z.boolean(),
  api_prefix: z.string().nullable(),
  tags: z.array(z.string()),
  loaded_at: moment.nullable(),
  status: status.Word,
  reason: z.string().optional().meta({ description: "Pourquoi il ne démarre pas, s'il a échoué" }),
});
const PluginRow = Row.meta({ id: 'Plugin' });
const PluginDetail = Row.extend({
  description: z.string(),
  routes: z.array(z.string()),
  dependencies: z.array(z.string()),
  last_reload: moment.nullable(),
}).meta({ id: 'PluginDetail' });

const Lagging = z
  .array(z.object({ id: z.string(), host: z.string(), role: z.string() }))
  .optional()
  .meta({ description: "Les processus qui n'ont pas suivi après 15 secondes ; absent quand tous ont suivi" });
const Activity = z.object({ id: z.string(), active: z.boolean(), lagging: Lagging }).meta({ id: 'PluginActivity' });

const rowOut = (plugin: XcorePluginRowFragment): z.input<typeof PluginRow> => ({
  id: plugin.id,
  name: plugin.name,
  version: plugin.version,
  author: plugin.author,
  active: plugin.status === 'ACTIVE',
  api_prefix: plugin.apiPrefix,
  tags: plugin.tags,
  loaded_at: plugin.loadedAt,
  status: status.toWord(plugin.status),
  ...(plugin.reason !== null && { reason: plugin.reason }),
});

/** Only when there are some: DECISIONS.md, section 8. */
const laggingOut = (lagging: readonly XcoreLaggingFragment[]): { lagging?: z.input<typeof Lagging> } =>
  lagging.length
    ? { lagging: lagging.map(({ processId, host, role }) => ({ id: processId, host, role: role.toLowerCase() })) }
    : {};

const PluginParams = z.object({
  plugin_id: z.string().meta({ description: 'Identifiant du plugin', example: 'erp_crm' }),
});

const NewPlugin = z.object({
  name: z.string().meta({ description: 'Identifiant, celui de son manifeste' }),
  source: z.string().meta({
    description: 'Un dossier ou une archive `.tgz` du serveur, un paquet npm, une adresse https en `.tgz` ou `.git`',
  }),
  version: z.string().nullish(),
  grants: z
    .array(z.string())
    .max(100)
    .nullish()
    .meta({ description: 'Capacités accordées ; absent : toutes celles demandées' }),
  settings: z.record(z.string(), z.unknown()).nullish(),
});

const fields = { id: 'name' };

/** POST as documented; PUT does the same (CONSUMERS.md, section 3). */
const enableRoutes = (['post', 'put'] as const).flatMap((method): Route[] => [
  route({
    method,
    path: '/system/plugins/:plugin_id/enable',
    section:
      method === 'post' ? 'xcore.md#post-systempluginsplugin_idenable' : 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: 'Activer un plugin',
    operationId: method === 'post' ? 'enablePlugin' : 'putEnablePlugin',
    credential: 'required',
    params: PluginParams,
    operation: XcoreEnablePluginOperation,
    toVariables: ({ params }) => ({ id: params.plugin_id }),
    response: Activity,
    toResponse: ({ enablePlugin: { plugin, lagging } }) => ({
      id: plugin.id,
      active: plugin.status === 'ACTIVE',
      ...laggingOut(lagging),
    }),
    examples: { response: { id: 'erp_crm', active: true } },
  }),
  route({
    method,
    path: '/system/plugins/:plugin_id/disable',
    section:
      method === 'post' ? 'xcore.md#post-systempluginsplugin_iddisable' : 'CONSUMERS.md#3-xcore-plugins-and-tasks',
    summary: 'Désactiver un plugin',
    operationId: method === 'post' ? 'disablePlugin' : 'putDisablePlugin',
    credential: 'required',
    params: PluginParams,
    operation: XcoreDisablePluginOperation,
    toVariables: ({ params }) => ({ id: params.plugin_id }),
    response: Activity,
    toResponse: ({ disablePlugin: { plugin, lagging } }) => ({
      id: plugin.id,
      active: plugin.status === 'ACTIVE',
      ...laggingOut(lagging),
    }),
    examples: { response: { id: 'erp_crm', active: false } },
  }),
]);

const example = {
  id: 'erp_core',
  name: 'ERP Core',
  version: '1.0.0',
  author: 'XCore Team',
  active: true,
  api_prefix: '/erp',
  tags: ['erp', 'core'],
  loaded_at: '2024-01-15T10:00:00Z',
  status: 'active',
} as const;

/** xcore.md, « Plugins ». */
export const pluginRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/system/plugins',
    section: 'xcore.md#get-systemplugins',
    summary: 'Lister tous les plugins',
    credential: 'required',
    query: listQuery(['id', 'name', 'installed_at']).extend({
      active_only: z
        .enum(['true', 'false', '1', '0'])
        .optional()
        .transform((word) => word === 'true' || word === '1')
        .meta({ description: 'Ne retourner que les plugins actifs' }),
    }),
    operation: XcoreListPluginsOperation,
    toVariables: ({ query: { active_only, ...query } }) => ({
      ...listVariables(query),
      filter: active_only ? { isActive: true } : {},
    }),
    response: listOf(PluginRow),
    toResponse: ({ plugins: { nodes, totalCount } }, { query }) => listOut(query, totalCount, nodes.map(rowOut)),
    examples: { response: { total: 5, skip: 0, limit: 20, items: [example], has_more: true } },
  }),
  route({
    method: 'post',
    path: '/system/plugins',
    section: 'xcore.md#post-systemplugins',
    summary: 'Installer un nouveau plugin',
    credential: 'required',
    body: NewPlugin,
    operation: XcoreInstallPluginOperation,
    toVariables: ({ body: { name, ...body } }) => ({ input: { id: name, ...body } }),
    fields,
    status: 201,
    onProblem: duplicateIsConflict,
    response: z
      .object({ id: z.string(), status: status.Word, message: z.string(), lagging: Lagging })
      .meta({ id: 'PluginInstallation' }),
    toResponse: ({ installPlugin: { plugin, lagging } }) => ({
      id: plugin.id,
      status: status.toWord(plugin.status),
      message:
        plugin.status === 'FAILED'
          ? `Plugin installé, mais il ne démarre pas : ${plugin.reason ?? ''}`
          : 'Plugin installé avec succès',
      ...laggingOut(lagging),
    }),
    examples: {
      body: { name: 'mon_plugin', source: 'https://github.com/user/plugin.git', version: '1.0.0' },
      response: { id: 'mon_plugin', status: 'installed', message: 'Plugin installé avec succès' },
    },
  }),
  route({
    method: 'get',
    path: '/system/plugins/:plugin_id',
    section: 'xcore.md#get-systempluginsplugin_id',
    summary: "Récupérer les détails d'un plugin",
    credential: 'required',
    params: PluginParams,
    operation: XcoreReadPluginOperation,
    toVariables: ({ params }) => ({ id: params.plugin_id }),
    response: PluginDetail,
    toResponse: ({ plugin }) => {
      if (!plugin) throw notFound('Plugin');
      return {
        ...rowOut(plugin),
        description: plugin.description,
        // One line a path, whatever its methods.
        routes: [...new Set(plugin.contribution?.routes.map(({ path }) => path))],
        dependencies: plugin.dependencies.map(({ pluginId }) => pluginId),
        last_reload: plugin.lastReload,
      };
    },
    examples: {
      response: {
        ...example,
        id: 'erp_crm',
        name: 'ERP CRM',
        description: 'Module CRM complet',
        api_prefix: '/erp/crm',
        tags: ['crm', 'customers'],
        routes: ['/erp/crm/customers', '/erp/crm/opportunities', '/erp/crm/dashboard'],
        dependencies: ['erp_core'],
        last_reload: '2024-01-15T12:00:00Z',
      },
    },
  }),
  route({
    method: 'post',
    path: '/system/plugins/:plugin_id/reload',
    section: 'xcore.md#post-systempluginsplugin_idreload',
    summary: 'Recharger un plugin',
    credential: 'required',
    params: PluginParams,
    operation: XcoreReloadPluginOperation,
    toVariables: ({ params }) => ({ id: params.plugin_id }),
    response: z
      .object({ id: z.string(), status: z.literal('reloaded'), message: z.string(), lagging: Lagging })
      .meta({ id: 'PluginReload' }),
    toResponse: ({ reloadPlugin: { plugin, lagging } }) => ({
      id: plugin.id,
      status: 'reloaded' as const,
      message: 'Plugin rechargé avec succès',
      ...laggingOut(lagging),
    }),
    examples: { response: { id: 'erp_crm', status: 'reloaded', message: 'Plugin rechargé avec succès' } },
  }),
  ...enableRoutes,
  route({
    method: 'delete',
    path: '/system/plugins/:plugin_id',
    section: 'xcore.md#delete-systempluginsplugin_id',
    summary: 'Désinstaller un plugin',
    credential: 'required',
    params: PluginParams,
    operation: XcoreUninstallPluginOperation,
    toVariables: ({ params }) => ({ id: params.plugin_id }),
    status: 204,
    // Where some have not followed there is something to say, which 204 has no place for.
    reply: ({ uninstallPlugin: { lagging } }, { params }) =>
      lagging.length ? { status: 200, json: { id: params.plugin_id, ...laggingOut(lagging) } } : {},
  }),
];
