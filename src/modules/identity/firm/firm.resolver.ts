import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { Firm } from './firm.types.js';

@Resolver()
export class FirmResolver {
  @Query(() => Firm, { nullable: true, description: 'The firm that the server is of; null for nobody.' })
  firm(@Ctx() { viewer, services }: Context): Firm | undefined {
    if (viewer.userId === undefined) return undefined;
    const { currency, timeZone } = services.config;
    return { currency, timeZone };
  }
}
