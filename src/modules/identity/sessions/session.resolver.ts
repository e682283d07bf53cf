import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { authenticationPoints } from '../../../quota/points.js';
import { knownDeviceReads, sessionReads, userReads } from '../identity.reads.js';
import { readAsOwner } from '../people/read-as-owner.js';
import { logout, revokeOtherSessions, revokeSession } from './end-session.js';
import { revokeDevice } from './known-devices.js';
import { login, openSession } from './open-session.js';
import { refreshSession, renewAccess } from './refresh-session.js';
import { Session } from './session.entity.js';
import {
  DevicePayload,
  LoginInput,
  OpenSessionPayload,
  RefreshSessionInput,
  RevokeDeviceInput,
  RevokeOtherSessionsPayload,
  RevokeSessionInput,
  SessionPayload,
  SessionTokensPayload,
} from './session.inputs.js';
import type { SessionTokens } from './start-session.js';

const tokens = async (
  ctx: Context,
  info: GraphQLResolveInfo,
  { userId, ...issued }: SessionTokens,
): Promise<SessionTokensPayload> => ({
  ...issued,
  user: await readAsOwner(ctx, userId, info),
});

const sessionPayload = payloadOf('session', sessionReads);
const devicePayload = payloadOf('device', knownDeviceReads);
const userPayload = payloadOf('user', userReads);

@Resolver(() => Session)
export class SessionResolver {
  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Boolean, { description: 'True for the session of the credential that asks.' })
  isCurrent(@Root() session: Session, @Ctx() { viewer }: Context): boolean {
    return 'sessionId' in viewer.credential && viewer.credential.sessionId === session.id;
  }

  @Mutation(() => SessionTokensPayload, {
    complexity: authenticationPoints,
    description: 'Signs in with a password, for programs: access and refresh tokens.',
  })
  async login(
    @Ctx() ctx: Context,
    @Arg('input', () => LoginInput, { description: 'Who.' }) input: LoginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SessionTokensPayload> {
    return tokens(ctx, info, await login(ctx, input));
  }

  @Mutation(() => OpenSessionPayload, {
    complexity: authenticationPoints,
    description: 'Signs in with a password, for a browser: the value of a cookie.',
  })
  async openSession(
    @Ctx() ctx: Context,
    @Arg('input', () => LoginInput, { description: 'Who.' }) input: LoginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<OpenSessionPayload> {
    const { userId, ...opened } = await openSession(ctx, input);
    return { ...opened, user: await readAsOwner(ctx, userId, info) };
  }

  @Mutation(() => SessionTokensPayload, {
    complexity: authenticationPoints,
    description: 'Exchanges a refresh token for new tokens. One that was used before ends its session.',
  })
  async refreshSession(
    @Ctx() ctx: Context,
    @Arg('input', () => RefreshSessionInput, { description: 'The token.' }) { refreshToken }: RefreshSessionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SessionTokensPayload> {
    return tokens(ctx, info, await refreshSession(ctx, refreshToken));
  }

  @Mutation(() => SessionTokensPayload, { description: 'New tokens for the session of the current access token.' })
  async renewAccess(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<SessionTokensPayload> {
    return tokens(ctx, info, await renewAccess(ctx));
  }

  @Mutation(() => SessionPayload, { description: 'Ends the current session.' })
  async logout(@Ctx() ctx: Context, @Info() info: GraphQLResolveInfo): Promise<SessionPayload> {
    const { sessionId } = await logout(ctx);
    return sessionPayload(ctx, sessionId, info);
  }

  @Mutation(() => SessionPayload, { description: "Ends one of one's own sessions, or as an administrator anybody's." })
  async revokeSession(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokeSessionInput, { description: 'Which session.' }) { id }: RevokeSessionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<SessionPayload> {
    const { sessionId } = await revokeSession(ctx, id);
    return sessionPayload(ctx, sessionId, info);
  }

  @Mutation(() => RevokeOtherSessionsPayload, { description: "Ends all of one's own sessions but the current one." })
  async revokeOtherSessions(
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RevokeOtherSessionsPayload> {
    const { userId } = await revokeOtherSessions(ctx);
    return userPayload(ctx, userId, info);
  }

  @Mutation(() => DevicePayload, {
    description: "Forgets one of one's own known devices, or as an administrator anybody's.",
  })
  async revokeDevice(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokeDeviceInput, { description: 'Which device.' }) { id }: RevokeDeviceInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DevicePayload> {
    const { deviceId } = await revokeDevice(ctx, id);
    return devicePayload(ctx, deviceId, info);
  }
}
