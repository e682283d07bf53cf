import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { Planned } from '../../../kernel/planned.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { Alert } from './alert.entity.js';
import { AlertConnection, type AlertFilter, AlertListArgs } from './alert.inputs.js';
import { monitoringPermission } from './alert.policy.js';
import { alertReads } from './alert.reads.js';

@Resolver(() => Alert)
export class AlertResolver {
  @Planned
  @Query(() => AlertConnection, {
    description: 'What is and was wrong with the server, newest first. Needs `monitoring:read`.',
  })
  alerts(
    @Ctx() { viewer, read }: Context,
    @Args(() => AlertListArgs) args: ListArgs<AlertFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Alert>> {
    requirePermission(viewer, monitoringPermission);
    return read.list(alertReads, args, info);
  }

  @Planned
  @Query(() => Alert, { nullable: true, description: 'One alert; null when there is none. Needs `monitoring:read`.' })
  async alert(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID of the alert.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Alert | undefined> {
    requirePermission(viewer, monitoringPermission);
    return read.one(alertReads, id, info);
  }
}
