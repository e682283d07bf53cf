import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Planned } from '../../kernel/planned.js';
import { requirePermission } from '../../kernel/viewer.js';
import type { Ingest } from './ingest.entity.js';
import { IngestConnection, IngestListArgs } from './ingest.inputs.js';
import { ingestReads } from './ingest.reads.js';

@Resolver()
export class IngestResolver {
  @Planned
  @Query(() => IngestConnection, { description: 'What is and was taken in. For those who edit all documents.' })
  ingests(
    @Ctx() { viewer, read }: Context,
    @Args(() => IngestListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Ingest>> {
    requirePermission(viewer, 'documents:write');
    return read.list(ingestReads, args, info);
  }
}
