import { Arg, Ctx, Extensions, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { MonitoringPeriod, MonitoringSummary } from './monitoring-summary.types.js';
import { summarise } from './summarise.js';

/** Beside what is selected: all of the period is read in any case. */
const points = 100;

@Resolver()
export class MonitoringSummaryResolver {
  @Query(() => MonitoringSummary, {
    description: 'How the server does: response times, counts and failures of a period. Needs `monitoring:read`.',
  })
  @Extensions({ complexity: ({ childComplexity }: { childComplexity: number }) => points + childComplexity })
  monitoringSummary(
    @Ctx() ctx: Context,
    @Arg('period', () => MonitoringPeriod, { defaultValue: MonitoringPeriod.HOUR, description: 'How far back.' })
    period: MonitoringPeriod,
  ): Promise<MonitoringSummary> {
    return summarise(ctx, period);
  }
}
