import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { AccountShare } from './account-share.entity.js';
import { AccountSharePayload, ShareBankAccountInput, UnshareBankAccountInput } from './bank-account.inputs.js';
import { accountShareReads } from './bank-account.reads.js';
import { shareBankAccount, unshareBankAccount } from './share-bank-account.js';

const payload = payloadOf('accountShare', accountShareReads);

@Resolver(() => AccountShare)
export class AccountShareResolver {
  @Mutation(() => AccountSharePayload, {
    description: 'Shares a joint account of one’s own with another person, or changes what they may do.',
  })
  async shareBankAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => ShareBankAccountInput, { description: 'With whom.' }) input: ShareBankAccountInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AccountSharePayload> {
    return payload(ctx, await shareBankAccount(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Ends a share: of an account of one’s own, or one’s own of another’s account.',
  })
  async unshareBankAccount(
    @Ctx() ctx: Context,
    @Arg('input', () => UnshareBankAccountInput, { description: 'The share.' }) input: UnshareBankAccountInput,
  ): Promise<DeletedPayload> {
    return deleted('AccountShare', await unshareBankAccount(ctx, input));
  }

  @FieldResolver(() => String, { description: 'Address of the person whom it is shared with.' })
  @Extensions({ needs: ['id'] })
  email(@Root() { id }: AccountShare, @Ctx() { load }: Context): Promise<string> {
    return load.shareEmails.load(id);
  }
}
