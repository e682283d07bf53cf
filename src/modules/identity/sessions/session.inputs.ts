import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';
import { KnownDevice } from './known-device.entity.js';
import { Session, SessionKind } from './session.entity.js';

@InputType({ description: 'Who signs in.' })
export class LoginInput {
  @Field(() => String, { description: 'User name or e-mail.' })
  identifier!: string;

  @Field(() => String, { description: 'Password.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'For who has a second factor: a code of the app, or a recovery code.',
  })
  code?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Token of a known device: its owner gets in while others' guesses lock the name for the address.",
  })
  deviceToken?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True: make this a known device, unless it is one.' })
  rememberDevice?: boolean | null;

  @Field(() => SessionKind, { defaultValue: SessionKind.TOKEN, description: 'What shall carry the session.' })
  kind!: SessionKind;
}

@InputType({ description: 'Which session goes on.' })
export class RefreshSessionInput {
  @Field(() => String, {
    nullable: true,
    description:
      'The last refresh token of the session; it is used up by this. Absent: the session of the current access ' +
      'token, whose unused refresh tokens are void then.',
  })
  refreshToken?: string | null;
}

@InputType({ description: 'Which session.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'Identifier of the session.' })
  id!: string;
}

@InputType({ description: 'Which device.' })
export class RevokeDeviceInput {
  @Field(() => ID, { description: 'Identifier of the device.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What carries the session of a program.' })
export class SessionTokens {
  @Field(() => String, { description: 'JWT for the header `Authorization: Bearer`.' })
  accessToken!: string;

  @Field(() => String, { description: 'Good once, for 7 days, to get new tokens.' })
  refreshToken!: string;

  @Field(() => Int, { description: 'Life of the access token in seconds.' })
  expiresIn!: number;
}

@ObjectType({ simpleResolvers: true, description: 'What carries the session of a browser.' })
export class SessionCookie {
  @Field(() => String, { description: 'Value of the cookie; it is not shown again.' })
  value!: string;

  @Field(() => DateTime, { description: 'When the session ends by itself unless it is used.' })
  expiresAt!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A session that was opened by a password.' })
export class LoginPayload {
  @Field(() => SessionTokens, { nullable: true, description: 'Its tokens; null for a session by cookie.' })
  tokens?: SessionTokens | undefined;

  @Field(() => SessionCookie, { nullable: true, description: 'Its cookie; null for a session by tokens.' })
  cookie?: SessionCookie | undefined;

  @Field(() => String, { nullable: true, description: 'Token of the known device, to be sent with the next login.' })
  deviceToken?: string | undefined;

  @Field(() => User, { description: 'Who signed in.' })
  user!: User;
}

@ObjectType({ simpleResolvers: true, description: 'A session that goes on with new tokens.' })
export class RefreshSessionPayload {
  @Field(() => SessionTokens, { description: 'The new tokens.' })
  tokens!: SessionTokens;

  @Field(() => User, { description: 'Whose session it is.' })
  user!: User;
}

@ObjectType({ simpleResolvers: true, description: 'The session that was ended.' })
export class SessionPayload {
  @Field(() => Session, { description: 'The session.' })
  session!: Session;
}

@ObjectType({ simpleResolvers: true, description: 'Whose other sessions were ended.' })
export class RevokeOtherSessionsPayload {
  @Field(() => User, { description: 'The person.' })
  user!: User;
}

@ObjectType({ simpleResolvers: true, description: 'The device that was forgotten.' })
export class DevicePayload {
  @Field(() => KnownDevice, { description: 'The device.' })
  device!: KnownDevice;
}
