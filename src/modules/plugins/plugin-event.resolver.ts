import type { GraphQLResolveInfo } from 'graphql';
import {
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import {
  AfterPosition,
  DeliveredEvent,
  deliveredOf,
  EventSubscription,
  type MayHear,
} from '../../kernel/event-subscription.js';
import { can, requirePermission } from '../../kernel/viewer.js';
import { Plugin } from './plugin.entity.js';
import { readPlugins } from './plugin.policy.js';
import { pluginReads } from './plugin.reads.js';

@ObjectType({ simpleResolvers: true, description: 'A plugin was changed, failed, or is being installed.' })
class PluginEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Id of the plugin.' })
  pluginId!: string;

  @Field(() => String, { nullable: true, description: 'Version that it is about; null while it is being fetched.' })
  version!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How far an installation or an upgrade is: `fetching`, `trying`; null for all other events.',
  })
  step!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it failed; null for all other events.' })
  reason!: string | null;
}

export const mayHearOfPlugin: MayHear = (_event, { viewer }) => can(viewer, readPlugins);

@Resolver(() => PluginEvent)
export class PluginEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => PluginEvent, {
    description: 'What becomes of plugins, in commit order, from now on or after a position. Needs `plugins:read`.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: Context }) =>
      pluginEventsFor(args.after, context),
  })
  pluginEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): PluginEvent {
    const { version = null, step = null, reason = null } = event.data as Partial<PluginEvent>;
    return { ...deliveredOf(event), pluginId: event.subjectId, version, step, reason };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Plugin, { nullable: true, description: 'The plugin as it is now; null when it is gone.' })
  plugin(
    @Root() { pluginId }: PluginEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Plugin | undefined> {
    return read.one(pluginReads, pluginId, info);
  }
}

const pluginEventsFor = (after: string | null | undefined, { viewer }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber: requirePermission(viewer, readPlugins),
    concerns: ({ subjectType }) => subjectType === 'Plugin',
    // The permission may have been taken back since the last event.
    mayHear: mayHearOfPlugin,
  });
