import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requirePermission } from '../../kernel/viewer.js';
import { changeIntervention } from './change-intervention.js';
import { createIntervention } from './create-intervention.js';
import { deleteIntervention } from './delete-intervention.js';
import { Intervention } from './intervention.entity.js';
import {
  ChangeInterventionStatusInput,
  CreateInterventionInput,
  DeleteInterventionInput,
  InterventionConnection,
  type InterventionFilter,
  InterventionListArgs,
  InterventionPayload,
  UpdateInterventionInput,
} from './intervention.inputs.js';
import { interventionReads } from './intervention.reads.js';

const payload = payloadOf('intervention', interventionReads);

@Resolver(() => Intervention)
export class InterventionResolver {
  @Planned
  @Query(() => InterventionConnection, {
    description: 'The interventions that are not in the trash; needs `interventions:read`.',
  })
  interventions(
    @Ctx() { viewer, read }: Context,
    @Args(() => InterventionListArgs) args: ListArgs<InterventionFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Intervention>> {
    requirePermission(viewer, 'interventions:read');
    return read.list(interventionReads, args, info);
  }

  @Planned
  @Query(() => Intervention, {
    nullable: true,
    description: 'An intervention; null when there is none. Needs `interventions:read`.',
  })
  async intervention(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Intervention | undefined> {
    requirePermission(viewer, 'interventions:read');
    return read.one(interventionReads, id, info);
  }

  @Mutation(() => InterventionPayload, {
    description: 'Plans an intervention; needs `interventions:write`, as all changes do.',
  })
  async createIntervention(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateInterventionInput, { description: 'The intervention.' }) input: CreateInterventionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InterventionPayload> {
    return payload(ctx, await createIntervention(ctx, input), info);
  }

  @Mutation(() => InterventionPayload, { description: 'Changes an intervention.' })
  async updateIntervention(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateInterventionInput, { description: 'The changes.' }) input: UpdateInterventionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InterventionPayload> {
    return payload(ctx, await changeIntervention(ctx, input), info);
  }

  @Mutation(() => InterventionPayload, {
    description:
      'Moves an intervention on: planned → in progress → validated → archived, or from any of them to archived. ' +
      'Anything else, also where it stands already, is BAD_USER_INPUT with the reason `intervention.transition`.',
  })
  async changeInterventionStatus(
    @Ctx() ctx: Context,
    @Arg('input', () => ChangeInterventionStatusInput, { description: 'Where to.' })
    input: ChangeInterventionStatusInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InterventionPayload> {
    const { startedAt, finishedAt, ...move } = input;
    const given = { ...move, startedAt: startedAt ?? undefined, finishedAt: finishedAt ?? undefined };
    return payload(ctx, await changeIntervention(ctx, given, { mustMove: true }), info);
  }

  @Mutation(() => DeletedPayload, {
    description:
      'Puts an intervention into the trash with its appointments, media and reports. One that is under way or ' +
      'validated is kept: BAD_USER_INPUT with the reason `intervention.kept`.',
  })
  async deleteIntervention(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteInterventionInput, { description: 'Which intervention.' }) {
      id,
    }: DeleteInterventionInput,
  ): Promise<DeletedPayload> {
    return deleted('Intervention', await deleteIntervention(ctx, id));
  }
}
