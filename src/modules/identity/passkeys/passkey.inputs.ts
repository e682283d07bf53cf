import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';
import { SessionKind } from '../sessions/session.entity.js';
import { SessionCookie, SessionTokens } from '../sessions/session.inputs.js';
import { Passkey } from './passkey.entity.js';

@InputType({ description: 'An account without a password.' })
export class RegisterWithoutPasswordInput {
  @Field(() => String, { description: 'Address, unique without regard to case.' })
  email!: string;

  @Field(() => String, { description: 'Name of the account, unique without regard to case.' })
  username!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The account that was made.' })
export class RegisterWithoutPasswordPayload {
  @Field(() => User, { description: 'The person.' })
  user!: User;

  @Field(() => String, {
    description: "Opens only the registration of the account's first passkey; it is not shown again.",
  })
  registrationToken!: string;

  @Field(() => DateTime, { description: 'When the token ends.' })
  expiresAt!: string;
}

@InputType({
  description: 'For whom a passkey shall be made: the viewer in person, or whom the token of a registration names.',
})
export class BeginPasskeyRegistrationInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Number or UUID of the person, who must be that one; absent: whoever it is.',
  })
  userId?: string | null;

  @Field(() => String, { nullable: true, description: 'Token of `registerWithoutPassword`.' })
  registrationToken?: string | null;
}

@InputType({ description: 'A new passkey.' })
export class CompletePasskeyRegistrationInput {
  @Field(() => Json, {
    description: "The browser's answer, `RegistrationResponseJSON` of WebAuthn. Base64 and base64url are both read.",
  })
  credential!: unknown;

  @Field(() => String, { description: 'What to call the device or the program that holds it.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Token of `registerWithoutPassword`; it is used up by this.' })
  registrationToken?: string | null;
}

@InputType({ description: 'Who wants to sign in.' })
export class BeginPasskeyLoginInput {
  @Field(() => String, { nullable: true, description: 'Their address; absent: whoever has a passkey on the device.' })
  email?: string | null;
}

@InputType({ description: "A passkey's proof." })
export class CompletePasskeyLoginInput {
  @Field(() => Json, {
    description: "The browser's answer, `AuthenticationResponseJSON` of WebAuthn. Base64 and base64url are both read.",
  })
  credential!: unknown;

  @Field(() => SessionKind, { defaultValue: SessionKind.TOKEN, description: 'What shall carry the session.' })
  kind!: SessionKind;
}

@ObjectType({ simpleResolvers: true, description: 'A session that was opened by a passkey.' })
export class CompletePasskeyLoginPayload {
  @Field(() => SessionTokens, { nullable: true, description: 'Its tokens; null for a session by cookie.' })
  tokens?: SessionTokens | undefined;

  @Field(() => SessionCookie, { nullable: true, description: 'Its cookie; null for a session by tokens.' })
  cookie?: SessionCookie | undefined;

  @Field(() => User, { description: 'Who signed in.' })
  user!: User;
}

@InputType({ description: 'Which passkey.' })
export class DeletePasskeyInput {
  @Field(() => ID, { description: 'Number of the passkey.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What the browser is asked.' })
export class PasskeyOptionsPayload {
  @Field(() => Json, {
    description:
      '`PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of WebAuthn. Good for ' +
      'five minutes, once.',
  })
  options!: unknown;
}

@ObjectType({ simpleResolvers: true, description: 'The passkey that was added.' })
export class PasskeyPayload {
  @Field(() => Passkey, { description: 'The passkey.' })
  passkey!: Passkey;
}
