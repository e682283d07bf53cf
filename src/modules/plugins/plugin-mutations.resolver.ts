import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, Info, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { deleted, payloadOf } from '../../kernel/payload.js';
import { badField } from '../../lib/errors.js';
import type { PluginChange } from './change-plugin.js';
import { disablePlugin, uninstallPlugin } from './disable-plugin.js';
import { enablePlugin } from './enable-plugin.js';
import { installPlugin } from './install-plugin.js';
import {
  DisablePluginInput,
  EnablePluginInput,
  GrantPluginInput,
  InstallPluginInput,
  type LaggingProcess,
  PluginPayload,
  ReloadPluginInput,
  RollbackPluginInput,
  UninstallPluginInput,
  UninstallPluginPayload,
  UpdatePluginSettingsInput,
  UpgradePluginInput,
} from './plugin.inputs.js';
import { pluginReads } from './plugin.reads.js';
import { reloadPlugin } from './reload-plugin.js';
import { grantPlugin, updatePluginSettings } from './update-plugin.js';
import { rollbackPlugin, upgradePlugin } from './upgrade-plugin.js';

const payload = payloadOf('plugin', pluginReads);

/** A process is started, and others are waited for. */
const costly = Extensions({
  complexity: ({ childComplexity }: { childComplexity: number }) => 200 + childComplexity,
}) as MethodDecorator;

const needs = 'Needs `plugins:manage`, and of a credential the scope `admin`.';

@Resolver()
export class PluginMutationsResolver {
  @costly
  @Mutation(() => PluginPayload, {
    description:
      `Fetches a plugin, tries it out aside and keeps it; it is served once it is enabled. One that does not start ` +
      `is kept as failed. Its own programs of installation never run. ${needs}`,
  })
  async installPlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => InstallPluginInput, { description: 'The plugin.' }) { settings, ...input }: InstallPluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(
      ctx,
      await installPlugin(ctx, { ...input, settings: settings == null ? null : objectOf(settings) }),
      info,
    );
  }

  @costly
  @Mutation(() => PluginPayload, {
    description: `Serves what a plugin brings, in every process. One that does not start is failed then. ${needs}`,
  })
  async enablePlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => EnablePluginInput, { description: 'Which plugin.' }) { id }: EnablePluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await enablePlugin(ctx, id), info);
  }

  @costly
  @Mutation(() => PluginPayload, {
    description: `Serves nothing of a plugin any more; its settings and tables stay. ${needs}`,
  })
  async disablePlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => DisablePluginInput, { description: 'Which plugin.' }) { id }: DisablePluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await disablePlugin(ctx, id), info);
  }

  @costly
  @Mutation(() => PluginPayload, {
    description:
      'Starts a plugin anew; one from a folder or an archive of the server is read from there again. A failed one ' +
      `that starts is active; an active one whose new files do not start stays as it was. ${needs}`,
  })
  async reloadPlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => ReloadPluginInput, { description: 'Which plugin.' }) { id }: ReloadPluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await reloadPlugin(ctx, id), info);
  }

  @costly
  @Mutation(() => PluginPayload, {
    description: `Has another version take the place of the one that is installed, which is kept. ${needs}`,
  })
  async upgradePlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => UpgradePluginInput, { description: 'Which version.' }) input: UpgradePluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await upgradePlugin(ctx, input), info);
  }

  @costly
  @Mutation(() => PluginPayload, {
    description: `Has a former version take the place of the installed one; its tables stay as they are. ${needs}`,
  })
  async rollbackPlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => RollbackPluginInput, { description: 'Which version.' }) input: RollbackPluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await rollbackPlugin(ctx, input), info);
  }

  @costly
  @Mutation(() => PluginPayload, { description: `Says which capabilities a plugin has. ${needs}` })
  async grantPlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => GrantPluginInput, { description: 'Which ones.' }) input: GrantPluginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await grantPlugin(ctx, input), info);
  }

  @costly
  @Mutation(() => PluginPayload, { description: `Changes settings of a plugin; secrets are never shown. ${needs}` })
  async updatePluginSettings(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdatePluginSettingsInput, { description: 'Which ones.' })
    { id, settings }: UpdatePluginSettingsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PluginPayload> {
    return answer(ctx, await updatePluginSettings(ctx, { id, settings: objectOf(settings) }), info);
  }

  @costly
  @Mutation(() => UninstallPluginPayload, {
    description: `Removes a plugin, with its tables unless they are to be kept. Its events stay in the log. ${needs}`,
  })
  async uninstallPlugin(
    @Ctx() ctx: Context,
    @Arg('input', () => UninstallPluginInput, { description: 'Which plugin.' }) { id, keepData }: UninstallPluginInput,
  ): Promise<UninstallPluginPayload> {
    const change = await uninstallPlugin(ctx, { id, keepData: keepData ?? false });
    return { ...deleted('Plugin', id), lagging: laggingOf(change) };
  }
}

async function answer(ctx: Context, change: PluginChange, info: GraphQLResolveInfo): Promise<PluginPayload> {
  return { ...(await payload(ctx, change.id, info)), lagging: laggingOf(change) };
}

const laggingOf = ({ lagging }: PluginChange): LaggingProcess[] =>
  lagging.map(({ id, host, role }) => ({ processId: id, host, role: role as LaggingProcess['role'] }));

function objectOf(settings: unknown): Record<string, unknown> {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw badField('settings', 'invalid_format', 'is an object');
  return settings as Record<string, unknown>;
}
