import { Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { interventionStatistics } from './intervention-statistics.js';
import { InterventionKind, InterventionStatus } from './intervention.entity.js';

@ObjectType({ simpleResolvers: true, description: 'How many interventions stand so.' })
class InterventionStatusCount {
  @Field(() => InterventionStatus, { description: 'Where they stand.' })
  status!: InterventionStatus;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many interventions are of a kind.' })
class InterventionKindCount {
  @Field(() => InterventionKind, { description: 'What is done.' })
  kind!: InterventionKind;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many interventions there are, those in the trash aside.' })
class InterventionStatistics {
  @Field(() => Int, { description: 'All of them.' })
  total!: number;

  @Field(() => Int, { description: 'Those that were made in the last seven days.' })
  thisWeek!: number;

  @Field(() => [InterventionStatusCount], { description: 'One for each status, also of none.' })
  byStatus!: InterventionStatusCount[];

  @Field(() => [InterventionKindCount], { description: 'One for each kind, also of none.' })
  byKind!: InterventionKindCount[];
}

@Resolver()
export class InterventionStatisticsResolver {
  @Query(() => InterventionStatistics, {
    description: 'How many interventions there are; needs `interventions:read`.',
  })
  async interventionStatistics(@Ctx() ctx: Context): Promise<InterventionStatistics> {
    return interventionStatistics(ctx);
  }
}
