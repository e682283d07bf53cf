import { Ctx, FieldResolver, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { Firm } from '../identity/firm/firm.types.js';
import { missingSellerFacts, SellerFact } from './seller-facts.js';

@Resolver(() => Firm)
export class SellerFactsResolver {
  @FieldResolver(() => [SellerFact], {
    nullable: true,
    description:
      'What invoices would be issued without, as the operator has not set it (`SELLER`). Null for a credential that ' +
      'may issue none.',
  })
  missingSellerFacts(@Ctx() { viewer, services }: Context): SellerFact[] | null {
    return viewer.scopes.has('write') ? missingSellerFacts(services.config) : null;
  }
}
