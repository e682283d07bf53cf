import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { Client } from '../../clients/client.entity.js';
import type { Intervention } from '../intervention.entity.js';
import { InterventionConnection, type InterventionFilter, InterventionListArgs } from '../intervention.inputs.js';
import { MaintenanceContract } from './maintenance-contract.entity.js';
import {
  CreateMaintenanceContractInput,
  DeleteMaintenanceContractInput,
  MaintenanceContractConnection,
  type MaintenanceContractFilter,
  MaintenanceContractListArgs,
  MaintenanceContractPayload,
  UpdateMaintenanceContractInput,
} from './maintenance-contract.inputs.js';
import { maintenanceContractReads } from './maintenance-contract.reads.js';
import { createContract, deleteContract, updateContract } from './save-contract.js';

const payload = payloadOf('maintenanceContract', maintenanceContractReads);

@Resolver(() => MaintenanceContract)
export class MaintenanceContractResolver {
  @Planned
  @Query(() => MaintenanceContractConnection, {
    description: 'The contracts that are not in the trash; needs `interventions:read`.',
  })
  maintenanceContracts(
    @Ctx() { viewer, read }: Context,
    @Args(() => MaintenanceContractListArgs) args: ListArgs<MaintenanceContractFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<MaintenanceContract>> {
    requirePermission(viewer, 'interventions:read');
    return read.list(maintenanceContractReads, args, info);
  }

  @Planned
  @Query(() => MaintenanceContract, {
    nullable: true,
    description: 'A contract; null when there is none. Needs `interventions:read`.',
  })
  async maintenanceContract(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MaintenanceContract | undefined> {
    requirePermission(viewer, 'interventions:read');
    return read.one(maintenanceContractReads, id, info);
  }

  @Extensions({ needs: ['visitTime'] })
  @FieldResolver(() => String, { description: 'When a visit begins, on the clock of its time zone: `09:00`.' })
  visitTime(@Root() { visitTime }: MaintenanceContract): string {
    return visitTime.slice(0, 5);
  }

  @FieldResolver(() => InterventionConnection, { description: 'The visits that were made.' })
  visits(@Args(() => InterventionListArgs) _args: ListArgs<InterventionFilter>): Connection<Intervention> {
    return answeredByReader();
  }

  @Mutation(() => MaintenanceContractPayload, {
    description: 'Makes a contract, with the interventions of the visits that its horizon reaches.',
  })
  async createMaintenanceContract(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateMaintenanceContractInput, { description: 'The contract.' })
    input: CreateMaintenanceContractInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MaintenanceContractPayload> {
    return payload(ctx, await createContract(ctx, input), info);
  }

  @Mutation(() => MaintenanceContractPayload, {
    description: 'Changes a contract, for the visits that are not made yet.',
  })
  async updateMaintenanceContract(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateMaintenanceContractInput, { description: 'The changes.' })
    input: UpdateMaintenanceContractInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MaintenanceContractPayload> {
    return payload(ctx, await updateContract(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Puts a contract into the trash; the visits that were made stay.' })
  async deleteMaintenanceContract(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteMaintenanceContractInput, { description: 'Which contract.' }) {
      id,
    }: DeleteMaintenanceContractInput,
  ): Promise<DeletedPayload> {
    return deleted('MaintenanceContract', await deleteContract(ctx, id));
  }
}

@Resolver(() => Client)
export class ClientContractsResolver {
  @FieldResolver(() => MaintenanceContractConnection, { description: 'Visits to it that come back.' })
  maintenanceContracts(
    @Args(() => MaintenanceContractListArgs) _args: ListArgs<MaintenanceContractFilter>,
  ): Connection<MaintenanceContract> {
    return answeredByReader();
  }
}
