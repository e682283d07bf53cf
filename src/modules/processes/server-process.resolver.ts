import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Planned } from '../../kernel/planned.js';
import { requirePermission } from '../../kernel/viewer.js';
import { ServerProcess } from './server-process.entity.js';
import { ServerProcessConnection, type ServerProcessFilter, ServerProcessListArgs } from './server-process.inputs.js';
import { processesPermission } from './server-process.policy.js';
import { serverProcessReads } from './server-process.reads.js';

@Resolver(() => ServerProcess)
export class ServerProcessResolver {
  @Planned
  @Query(() => ServerProcessConnection, {
    description: 'The processes that serve this installation, newest first. Needs `monitoring:read`.',
  })
  processes(
    @Ctx() { viewer, read }: Context,
    @Args(() => ServerProcessListArgs) args: ListArgs<ServerProcessFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ServerProcess>> {
    requirePermission(viewer, processesPermission);
    return read.list(serverProcessReads, args, info);
  }
}
