import { Args, Ctx, Extensions, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Decimal } from '../../kernel/scalars.js';
import { Client } from '../clients/client.entity.js';
import { Intervention } from './intervention.entity.js';
import { InterventionConnection, type InterventionFilter, InterventionListArgs } from './intervention.inputs.js';

@Resolver(() => Intervention)
export class InterventionFieldsResolver {
  @FieldResolver(() => InterventionConnection, { description: 'What continues it.' })
  followUps(@Args(() => InterventionListArgs) _args: ListArgs<InterventionFilter>): Connection<Intervention> {
    return answeredByReader();
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Int, { description: 'Time that was worked at it, by all together, in minutes.' })
  async workedMinutes(@Root() { id }: Intervention, @Ctx() { load }: Context): Promise<number> {
    return (await load.interventionTotals.load(id)).workedMinutes;
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Decimal, { description: 'What the material that was used up costs, before tax.' })
  async partsTotal(@Root() { id }: Intervention, @Ctx() { load }: Context): Promise<string> {
    return (await load.interventionTotals.load(id)).partsTotal;
  }
}

@Resolver(() => Client)
export class ClientInterventionsResolver {
  @FieldResolver(() => InterventionConnection, { description: 'What was and is to be done for it.' })
  interventions(@Args(() => InterventionListArgs) _args: ListArgs<InterventionFilter>): Connection<Intervention> {
    return answeredByReader();
  }
}
