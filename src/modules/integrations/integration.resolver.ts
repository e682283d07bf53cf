import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { Json } from '../../kernel/scalars.js';
import { requirePermission } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import type { Configuration } from './configuration.js';
import { createIntegration } from './create-integration.js';
import { deleteIntegration } from './delete-integration.js';
import { documentedWords, integrationKinds } from './integration-kinds.js';
import { Integration, IntegrationKind, IntegrationStatus } from './integration.entity.js';
import {
  CreateIntegrationInput,
  DeleteIntegrationInput,
  IntegrationConnection,
  type IntegrationFilter,
  IntegrationHealth,
  IntegrationKindInfo,
  IntegrationListArgs,
  IntegrationPayload,
  SyncIntegrationInput,
  UpdateIntegrationInput,
} from './integration.inputs.js';
import { integrationReads } from './integration.reads.js';
import { syncIntegration } from './sync-integration.js';
import { updateIntegration } from './update-integration.js';

const payload = payloadOf('integration', integrationReads);

@Resolver(() => Integration)
export class IntegrationResolver {
  @Planned
  @Query(() => IntegrationConnection, {
    description: 'The programs that the firm is connected to, newest first; needs `integrations:read`.',
  })
  integrations(
    @Ctx() { viewer, read }: Context,
    @Args(() => IntegrationListArgs) args: ListArgs<IntegrationFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Integration>> {
    requirePermission(viewer, 'integrations:read');
    return read.list(integrationReads, args, info);
  }

  @Planned
  @Query(() => Integration, {
    nullable: true,
    description: 'An integration; null when there is none. Needs `integrations:read`.',
  })
  async integration(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Integration | undefined> {
    requirePermission(viewer, 'integrations:read');
    return read.one(integrationReads, id, info);
  }

  @Query(() => [IntegrationKindInfo], {
    description: 'Each kind of integration, and what the server can do with it; needs `integrations:read`.',
  })
  integrationKinds(@Ctx() { viewer, services }: Context): IntegrationKindInfo[] {
    requirePermission(viewer, 'integrations:read');
    const supportedEvents = documentedWords(services);
    return Object.values(IntegrationKind).map((kind) => ({
      kind,
      ...integrationKinds[kind],
      supportedEvents: integrationKinds[kind].isAvailable ? supportedEvents : [],
    }));
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Json, { description: 'Its configuration, with secrets masked as `***`.' })
  async configuration(@Root() { id }: Pick<Integration, 'id'>, @Ctx() { load }: Context): Promise<Configuration> {
    return (await load.integrationConfigurations.load(id)) ?? gone();
  }

  @Extensions({ needs: ['endpointId'] })
  @FieldResolver(() => IntegrationStatus, { description: 'Whether it is told of events.' })
  async status(
    @Root() { endpointId }: Pick<Integration, 'endpointId'>,
    @Ctx() { load }: Context,
  ): Promise<IntegrationStatus> {
    if (endpointId == null) return IntegrationStatus.UNAVAILABLE;
    const isActive = (await load.integrationsActive.load(endpointId)) ?? gone();
    return isActive ? IntegrationStatus.ACTIVE : IntegrationStatus.INACTIVE;
  }

  @Extensions({ needs: ['endpointId'] })
  @FieldResolver(() => IntegrationHealth, {
    nullable: true,
    description: 'How deliveries go; null for a kind that is only kept.',
  })
  async health(
    @Root() { endpointId }: Pick<Integration, 'endpointId'>,
    @Ctx() { load }: Context,
  ): Promise<IntegrationHealth | null> {
    if (endpointId == null) return null;
    return (await load.integrationHealth.load(endpointId)) ?? gone();
  }

  @Mutation(() => IntegrationPayload, {
    description:
      'Connects a program, of which a person may have 20. Zapier, n8n and one’s own programs are told of events by a ' +
      'webhook; the other kinds are only kept. This and all changes need `integrations:write`, and the scope ' +
      '`integrations`.',
  })
  async createIntegration(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateIntegrationInput, { description: 'The integration.' }) input: CreateIntegrationInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<IntegrationPayload> {
    return payload(ctx, await createIntegration(ctx, input), info);
  }

  @Mutation(() => IntegrationPayload, {
    description:
      'Changes an integration. Where its events go only its owner says (FORBIDDEN `integration.not_own`); CONFLICT ' +
      'for switching on a kind that is only kept.',
  })
  async updateIntegration(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateIntegrationInput, { description: 'The changes.' }) input: UpdateIntegrationInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<IntegrationPayload> {
    return payload(ctx, await updateIntegration(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes an integration with what waits to be delivered to it.' })
  async deleteIntegration(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteIntegrationInput, { description: 'Which integration.' }) { id }: DeleteIntegrationInput,
  ): Promise<DeletedPayload> {
    return deleted('Integration', await deleteIntegration(ctx, id));
  }

  @Mutation(() => IntegrationPayload, {
    description: 'Sends a test event, soon. CONFLICT when it is switched off, and for a kind that is only kept.',
  })
  async syncIntegration(
    @Ctx() ctx: Context,
    @Arg('input', () => SyncIntegrationInput, { description: 'Which integration.' }) { id }: SyncIntegrationInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<IntegrationPayload> {
    return payload(ctx, await syncIntegration(ctx, id), info);
  }
}

/** Deleted since it was read. */
function gone(): never {
  throw notFound('Integration');
}
