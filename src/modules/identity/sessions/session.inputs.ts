import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';
import { KnownDevice } from './known-device.entity.js';
import { Session } from './session.entity.js';

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
}

@InputType({ description: 'A refresh token.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'The last refresh token of the session; it is used up by this.' })
  refreshToken!: string;
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

@ObjectType({ simpleResolvers: true, description: 'Tokens of a session.' })
export class SessionTokensPayload {
  @Field(() => String, { description: 'JWT for the header `Authorization: Bearer`.' })
  accessToken!: string;

  @Field(() => String, { description: 'Good once, for 7 days, to get new tokens.' })
  refreshToken!: string;

  @Field(() => String, { description: 'Always `bearer`.' })
  tokenType!: string;

  @Field(() => Int, { description: 'Life of the access token in seconds.' })
  expiresIn!: number;

  @Field(() => User, { description: 'Who signed in.' })
  user!: User;

  @Field(() => String, {
    nullable: true,
    description: 'After `login`: token of the known device, to be sent with the next login.',
  })
  deviceToken?: string | undefined;
}

@ObjectType({ simpleResolvers: true, description: 'A session for a browser.' })
export class OpenSessionPayload {
  @Field(() => String, { description: "Value of the session's cookie; it is not shown again." })
  token!: string;

  @Field(() => DateTime, { description: 'When the session ends by itself unless it is used.' })
  expiresAt!: string;

  @Field(() => String, { nullable: true, description: 'Token of the known device, to be sent with the next login.' })
  deviceToken?: string | undefined;

  @Field(() => User, { description: 'Who signed in.' })
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
