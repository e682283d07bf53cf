import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { authenticationPoints } from '../../../quota/points.js';
import { passkeyReads } from '../identity.reads.js';
import { ownersReader, readAsOwner } from '../people/read-as-owner.js';
import { registerWithoutPassword } from '../people/register-without-password.js';
import { beginPasskeyLogin } from './begin-passkey-login.js';
import { beginPasskeyRegistration } from './begin-passkey-registration.js';
import { completePasskeyLogin } from './complete-passkey-login.js';
import { completePasskeyRegistration } from './complete-passkey-registration.js';
import { deletePasskey } from './delete-passkey.js';
import { Passkey } from './passkey.entity.js';
import {
  BeginPasskeyLoginInput,
  BeginPasskeyRegistrationInput,
  CompletePasskeyLoginInput,
  CompletePasskeyLoginPayload,
  CompletePasskeyRegistrationInput,
  DeletePasskeyInput,
  PasskeyOptionsPayload,
  PasskeyPayload,
  RegisterWithoutPasswordInput,
  RegisterWithoutPasswordPayload,
} from './passkey.inputs.js';

const payload = payloadOf('passkey', passkeyReads);

@Resolver(() => Passkey)
export class PasskeyResolver {
  @Query(() => [Passkey], { description: "One's own passkeys, at most 50, the oldest first. Only in person." })
  async passkeys(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<Passkey[]> {
    const { userId } = requireInPerson(ctx.viewer);
    const own = await ctx.db.all<{ id: number }>(sql`select id from passkeys where user_id = ${userId} order by id`);
    return ctx.read.many(
      passkeyReads,
      own.map(({ id }) => id),
      info,
    );
  }

  @Mutation(() => RegisterWithoutPasswordPayload, {
    complexity: authenticationPoints,
    description: 'Makes an account for oneself that a passkey will open, while registration is open.',
  })
  async registerWithoutPassword(
    @Ctx() ctx: Context,
    @Arg('input', () => RegisterWithoutPasswordInput, { description: 'The account.' })
    input: RegisterWithoutPasswordInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RegisterWithoutPasswordPayload> {
    const { userId, ...opened } = await registerWithoutPassword(ctx, input);
    return { ...opened, user: await readAsOwner(ctx, userId, info) };
  }

  @Mutation(() => PasskeyOptionsPayload, {
    complexity: authenticationPoints,
    description: 'Begins to make a passkey. In person, or with the token of a registration.',
  })
  async beginPasskeyRegistration(
    @Ctx() ctx: Context,
    @Arg('input', () => BeginPasskeyRegistrationInput, { description: 'For whom.' })
    input: BeginPasskeyRegistrationInput,
  ): Promise<PasskeyOptionsPayload> {
    return { options: await beginPasskeyRegistration(ctx, input) };
  }

  @Mutation(() => PasskeyPayload, {
    complexity: authenticationPoints,
    description: 'Adds the passkey that the browser made. In person, or with the token of a registration.',
  })
  async completePasskeyRegistration(
    @Ctx() ctx: Context,
    @Arg('input', () => CompletePasskeyRegistrationInput, { description: 'The passkey.' })
    input: CompletePasskeyRegistrationInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PasskeyPayload> {
    const { userId, passkeyId } = await completePasskeyRegistration(ctx, input);
    return payload({ read: ownersReader(ctx, userId) }, passkeyId, info);
  }

  @Mutation(() => PasskeyOptionsPayload, {
    complexity: authenticationPoints,
    description: 'Begins to sign in by a passkey. Does not tell whether the address exists.',
  })
  async beginPasskeyLogin(
    @Ctx() ctx: Context,
    @Arg('input', () => BeginPasskeyLoginInput, { description: 'Who.' }) input: BeginPasskeyLoginInput,
  ): Promise<PasskeyOptionsPayload> {
    return { options: await beginPasskeyLogin(ctx, input) };
  }

  @Mutation(() => CompletePasskeyLoginPayload, {
    complexity: authenticationPoints,
    description: 'Signs in by the proof of a passkey: for programs by tokens, for a browser by a cookie.',
  })
  async completePasskeyLogin(
    @Ctx() ctx: Context,
    @Arg('input', () => CompletePasskeyLoginInput, { description: 'The proof.' }) input: CompletePasskeyLoginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CompletePasskeyLoginPayload> {
    const { userId, ...opened } = await completePasskeyLogin(ctx, input);
    return { ...opened, user: await readAsOwner(ctx, userId, info) };
  }

  @Mutation(() => DeletedPayload, {
    description: "Deletes one of one's own passkeys, unless it is the only way in. Only in person.",
  })
  async deletePasskey(
    @Ctx() ctx: Context,
    @Arg('input', () => DeletePasskeyInput, { description: 'Which passkey.' }) { id }: DeletePasskeyInput,
  ): Promise<DeletedPayload> {
    return deleted('Passkey', await deletePasskey(ctx, id));
  }
}
