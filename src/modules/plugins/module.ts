import type { Module } from '../../kernel/module.js';
import { pluginEvents } from './events.js';
import { packageFilesSql } from './packages/package-store.js';
import { pluginPersonalData } from './personal-data.js';
import { mayHearOfPlugin, PluginEventResolver } from './plugin-event.resolver.js';
import { PluginMutationsResolver } from './plugin-mutations.resolver.js';
import { Plugin } from './plugin.entity.js';
import { pluginLoaders } from './plugin.loaders.js';
import { pluginReads } from './plugin.reads.js';
import { PluginResolver } from './plugin.resolver.js';

export const pluginsModule: Module = {
  name: 'plugins',
  entities: [Plugin],
  reads: [pluginReads],
  resolvers: [PluginResolver, PluginMutationsResolver, PluginEventResolver],
  loaders: pluginLoaders,
  events: pluginEvents,
  hears: { Plugin: mayHearOfPlugin },
  personalData: pluginPersonalData,
  files: [{ query: packageFilesSql }],
};
