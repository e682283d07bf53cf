import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { can } from '../../../kernel/viewer.js';
import { authenticationPoints } from '../../../quota/points.js';
import { userReads } from '../identity.reads.js';
import { isOwnRow } from '../people/read-as-owner.js';
import { User } from '../people/user.entity.js';
import { UserPayload } from '../people/user.inputs.js';
import { confirmSecondFactor } from './confirm-second-factor.js';
import { disableSecondFactor } from './disable-second-factor.js';
import { regenerateRecoveryCodes } from './regenerate-recovery-codes.js';
import {
  ConfirmSecondFactorInput,
  DisableSecondFactorInput,
  RecoveryCodesPayload,
  RegenerateRecoveryCodesInput,
  SecondFactor,
  SetUpSecondFactorPayload,
} from './second-factor.inputs.js';
import { setUpSecondFactor } from './set-up-second-factor.js';

const payload = payloadOf('user', userReads);

@Resolver(() => User)
export class SecondFactorResolver {
  @Extensions({ needs: ['id'] })
  @FieldResolver(() => SecondFactor, { nullable: true, description: 'The second factor, when it is on. Private.' })
  async secondFactor(@Root() user: User, @Ctx() { viewer, load }: Context): Promise<SecondFactor | null> {
    const isOwn = isOwnRow(user) || (viewer.userId === Number(user.id) && viewer.scopes.has('read'));
    return isOwn || can(viewer, 'users:read') ? load.secondFactors.load(Number(user.id)) : null;
  }

  @Mutation(() => SetUpSecondFactorPayload, {
    complexity: authenticationPoints,
    description: 'A secret for an authenticator app; it counts once it is confirmed. Only in person.',
  })
  async setUpSecondFactor(@Ctx() ctx: Context): Promise<SetUpSecondFactorPayload> {
    const { secret, otpauthUrl } = await setUpSecondFactor(ctx);
    const { toDataURL } = await import('qrcode');
    return { secret, otpauthUrl, qrCode: await toDataURL(otpauthUrl) };
  }

  @Mutation(() => RecoveryCodesPayload, {
    complexity: authenticationPoints,
    description: 'Turns the second factor on with a first code of the app. Only in person.',
  })
  async confirmSecondFactor(
    @Ctx() ctx: Context,
    @Arg('input', () => ConfirmSecondFactorInput, { description: 'The code.' }) { code }: ConfirmSecondFactorInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecoveryCodesPayload> {
    const { userId, recoveryCodes } = await confirmSecondFactor(ctx, code);
    return { recoveryCodes, ...(await payload(ctx, userId, info)) };
  }

  @Mutation(() => UserPayload, {
    complexity: authenticationPoints,
    description: "Turns one's own second factor off, or with `users:write` that of who lost it. Only in person.",
  })
  async disableSecondFactor(
    @Ctx() ctx: Context,
    @Arg('input', () => DisableSecondFactorInput, { description: 'Whose, and the proof.' })
    input: DisableSecondFactorInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UserPayload> {
    const { userId } = await disableSecondFactor(ctx, input);
    return payload(ctx, userId, info);
  }

  @Mutation(() => RecoveryCodesPayload, {
    complexity: authenticationPoints,
    description: 'Ten new recovery codes; the earlier ones are void. Only in person.',
  })
  async regenerateRecoveryCodes(
    @Ctx() ctx: Context,
    @Arg('input', () => RegenerateRecoveryCodesInput, { description: 'The proof.' })
    input: RegenerateRecoveryCodesInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RecoveryCodesPayload> {
    const { userId, recoveryCodes } = await regenerateRecoveryCodes(ctx, input);
    return { recoveryCodes, ...(await payload(ctx, userId, info)) };
  }
}
