import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { authenticationPoints } from '../../../quota/points.js';
import { knownDeviceReads, sessionReads, userReads } from '../identity.reads.js';
import { readAsOwner } from '../people/read-as-owner.js';
import { logout, revokeOtherSessions, revokeSession } from './end-session.js';
import { revokeDevice } from './known-devices.js';
import { login } from './login.js';
import { refreshSession } from './refresh-session.js';
import { Session } from './session.entity.js';
import {
  DevicePayload,
  LoginInput,
  LoginPayload,
  RefreshSessionInput,
  RefreshSessionPayload,
  RevokeDeviceInput,
  RevokeOtherSessionsPayload,
  RevokeSessionInput,
  SessionPayload,
} from './session.inputs.js';

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

  @Mutation(() => LoginPayload, {
    complexity: authenticationPoints,
    description: 'Signs in with a password: for programs by tokens, for a browser by a cookie.',
  })
  async login(
    @Ctx() ctx: Context,
    @Arg('input', () => LoginInput, { description: 'Who.' }) input: LoginInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<LoginPayload> {
    const { userId, ...opened } = await login(ctx, input);
    return { ...opened, user: await readAsOwner(ctx, userId, info) };
  }

  @Mutation(() => RefreshSessionPayload, {
    complexity: authenticationPoints,
    description:
      'New tokens for a session, by its refresh token or by the current access token. A refresh token that was used ' +
      'before ends its session.',
  })
  async refreshSession(
    @Ctx() ctx: Context,
    @Arg('input', () => RefreshSessionInput, { description: 'Which session.' }) { refreshToken }: RefreshSessionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RefreshSessionPayload> {
    const { userId, tokens } = await refreshSession(ctx, refreshToken);
    return { tokens, user: await readAsOwner(ctx, userId, info) };
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
