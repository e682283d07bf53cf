import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The second factor of a person: a code of an authenticator app (RFC 6238) after the password.',
})
export class SecondFactor {
  @Field(() => DateTime, { description: 'When it was turned on.' })
  enabledAt!: string;

  @Field(() => Int, { description: 'Recovery codes that were not used yet.' })
  recoveryCodesLeft!: number;
}

@InputType({ description: 'The first code of the app.' })
export class ConfirmSecondFactorInput {
  @Field(() => String, { description: 'Six digits that the app shows now.' })
  code!: string;
}

/** What proves that the owner of the account asks: one of the three at least, and all that are given must hold. */
@InputType()
export abstract class OwnProofInput {
  @Field(() => String, {
    nullable: true,
    description: "The viewer's password. One's own account needs one of the proofs.",
  })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'A code of the app, or a recovery code.' })
  code?: string | null;

  @Field(() => Json, {
    nullable: true,
    description: 'A passkey of the person: what `completePasskeyLogin` takes, of a ceremony that has just begun.',
  })
  credential?: unknown;
}

@InputType({ description: 'Whose second factor to turn off.' })
export class DisableSecondFactorInput extends OwnProofInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  id!: string;
}

@InputType({ description: 'What proves that the owner asks for new recovery codes.' })
export class RegenerateRecoveryCodesInput extends OwnProofInput {}

@ObjectType({ simpleResolvers: true, description: 'What an authenticator app needs; it is not shown again.' })
export class SetUpSecondFactorPayload {
  @Field(() => String, { description: 'The secret in base 32, to be typed.' })
  secret!: string;

  @Field(() => String, { description: 'The secret as an address `otpauth://totp/…`.' })
  otpauthUrl!: string;

  @Field(() => String, { description: 'The address as a QR code: a PNG as a data URL.' })
  qrCode!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The recovery codes of a person.' })
export class RecoveryCodesPayload {
  @Field(() => [String], {
    description: 'Ten codes, each good once in place of a code of the app; they are not shown again.',
  })
  recoveryCodes!: string[];

  @Field(() => User, { description: 'The person.' })
  user!: User;
}
