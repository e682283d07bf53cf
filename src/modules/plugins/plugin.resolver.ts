import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Planned } from '../../kernel/planned.js';
import { givenFilter } from '../../kernel/read-model.js';
import { BigInteger, Json } from '../../kernel/scalars.js';
import { requirePermission } from '../../kernel/viewer.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { secretSettings } from './plugin-settings.js';
import { Plugin } from './plugin.entity.js';
import {
  PluginConnection,
  PluginContribution,
  PluginDependency,
  type PluginFilter,
  PluginListArgs,
  PluginRoute,
  PluginVersion,
} from './plugin.inputs.js';
import { readPlugins } from './plugin.policy.js';
import { pluginReads } from './plugin.reads.js';

@Resolver(() => Plugin)
export class PluginResolver {
  @Planned
  @Query(() => PluginConnection, { description: 'The plugins that are installed, by id. Needs `plugins:read`.' })
  plugins(
    @Ctx() { viewer, read }: Context,
    @Args(() => PluginListArgs) args: ListArgs<PluginFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Plugin>> {
    requirePermission(viewer, readPlugins);
    return read.list(pluginReads, { ...args, filter: givenFilter(args.filter) }, info);
  }

  @Planned
  @Query(() => Plugin, { nullable: true, description: 'One plugin; null when there is none. Needs `plugins:read`.' })
  async plugin(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Plugin | undefined> {
    requirePermission(viewer, readPlugins);
    return read.one(pluginReads, id, info);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [String], { description: 'Capabilities that its manifest asks for.' })
  async capabilities(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<string[]> {
    return (await load.pluginManifests.load(id)).manifest.capabilities;
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [PluginDependency], { description: 'Each plugin that must be active before it.' })
  async dependencies(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<PluginDependency[]> {
    const { manifest } = await load.pluginManifests.load(id);
    return Object.entries(manifest.dependencies).map(([pluginId, range]) => ({ pluginId, range }));
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => PluginContribution, {
    nullable: true,
    description: 'What it brings; null when it has not said so yet.',
  })
  async contribution(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<PluginContribution | null> {
    const { manifest, contribution } = await load.pluginManifests.load(id);
    return contribution && shown(manifest, contribution);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [PluginVersion], { description: 'Each version that is kept, the newest first.' })
  async versions(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<PluginVersion[]> {
    const versions = await load.pluginVersions.load(id);
    return versions.map((version) => ({ ...version, installedAt: new Date(version.installedAt) }));
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Json, { nullable: true, description: 'JSON Schema of its settings; null when it has none.' })
  async settingsSchema(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<unknown> {
    return (await load.pluginManifests.load(id)).manifest.settings ?? null;
  }

  @Extensions({ needs: ['settings'] })
  @FieldResolver(() => Json, { description: 'Its settings, by name; secrets are never shown.' })
  settings(@Root() { settings }: Plugin): unknown {
    return settings;
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => [String], { description: 'Names of its settings that are secrets.' })
  async secretSettings(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<string[]> {
    return secretSettings((await load.pluginManifests.load(id)).manifest);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => BigInteger, { description: 'What its own tables take, in bytes.' })
  storageBytes(@Root() { id }: Plugin, @Ctx() { load }: Context): Promise<number> {
    return load.pluginStorageBytes.load(id);
  }
}

function shown(manifest: Manifest, contribution: Contribution): PluginContribution {
  const { dialect } = contribution;
  const below = (prefix: string, routes: Contribution['routes']): PluginRoute[] =>
    routes.map(({ method, path, summary }) => ({ method, path: `${prefix}${path}`, summary }));
  return {
    sdl: contribution.sdl,
    routes: [
      ...below(manifest.api_prefix ?? '', contribution.routes),
      ...below(dialect?.prefix ?? '', dialect?.routes ?? []),
    ],
    dialectPrefix: dialect?.prefix ?? null,
    taskIds: contribution.tasks.map(({ id }) => id),
    actions: [...contribution.actions],
    events: [...contribution.events],
    handledEvents: [...contribution.handles],
    migrations: contribution.migrations.map(({ name }) => name),
    pages: contribution.pages.map(({ path, title }) => ({ path, title })),
  };
}
