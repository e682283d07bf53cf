import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
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
import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../../kernel/event-subscription.js';
import { fieldworkEvents } from '../../clients/fieldwork-events.js';
import type { InterventionEvents } from '../events.js';
import { MaintenanceContract } from './maintenance-contract.entity.js';
import { maintenanceContractReads } from './maintenance-contract.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a maintenance contract.' })
class MaintenanceContractEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the contract, which may be gone by now.' })
  maintenanceContractId!: string;

  @Field(() => ID, { description: 'UUID of its client.' })
  clientId!: string;

  @Field(() => [String], { description: 'Names of the fields that changed.' })
  fields!: string[];
}

interface Args {
  after?: string | null;
  maintenanceContractId?: string | null;
  clientId?: string | null;
}

type Data = Pick<InterventionEvents['maintenance_contract.updated'], 'clientId'> &
  Partial<InterventionEvents['maintenance_contract.updated']>;

@Resolver(() => MaintenanceContractEvent)
export class MaintenanceContractEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => MaintenanceContractEvent, {
    description:
      'What happens to maintenance contracts, for whoever has `interventions:read`; in commit order, from now on or ' +
      'after a position.',
    subscribe: ({ args, context }: { args: Args; context: Context }) => {
      const { after, maintenanceContractId: id, clientId } = args;
      const subject = { resource: 'interventions', subjectType: 'MaintenanceContract' } as const;
      return fieldworkEvents({ ...subject, after, id, carrying: { clientId } }, context);
    },
  })
  maintenanceContractEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('maintenanceContractId', () => ID, { nullable: true, description: 'Only of this contract.' })
    _maintenanceContractId?: string | null,
    @Arg('clientId', () => ID, { nullable: true, description: 'Only of contracts of this client.' })
    _clientId?: string | null,
  ): MaintenanceContractEvent {
    const { clientId, fields = [] } = event.data as Data;
    return { ...deliveredOf(event), maintenanceContractId: event.subjectId, clientId, fields };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => MaintenanceContract, {
    nullable: true,
    description: 'The contract as it is now; null when it is gone.',
  })
  maintenanceContract(
    @Root() event: MaintenanceContractEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<MaintenanceContract | undefined> {
    return read.one(maintenanceContractReads, event.maintenanceContractId, info);
  }
}
