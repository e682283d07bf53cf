import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { DeletedPayload } from '../../../kernel/payload.js';
import { CalendarDate } from '../../../kernel/scalars.js';
import { userReads } from '../identity.reads.js';
import { BusinessRole } from '../roles/business-role.js';
import { OwnProofInput } from '../second-factor/second-factor.inputs.js';
import { UserStatus } from './user-status.js';
import { User } from './user.entity.js';

export const UserConnection = connectionType('User', () => User);

@InputType({ description: 'Conditions on people; all that are given must hold.' })
export class UserFilter extends ListFilter {
  @Field(() => [ID], {
    nullable: true,
    description: 'Only these people, by number or UUID: at most 100. One that there is not finds nobody.',
  })
  override ids?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Part of the e-mail, the user name or the full name.' })
  search?: string;

  @Field(() => Boolean, { nullable: true, description: 'True: who may sign in; false: who may not.' })
  isActive?: boolean;

  @Field(() => UserStatus, { nullable: true, description: 'Whose account is in this state.' })
  status?: UserStatus;

  @Field(() => ID, { nullable: true, description: 'Who holds this role.' })
  roleId?: string;

  @Field(() => String, { nullable: true, description: 'Who holds the role of this name.' })
  role?: string;

  @Field(() => BusinessRole, {
    nullable: true,
    description: 'Whose strongest business role this is; who holds none counts as `READER`.',
  })
  businessRole?: BusinessRole;
}

export const UserListArgs = listArgs('User', userReads.list, UserFilter);

@InputType()
export abstract class ProfileInput {
  @Field(() => String, { nullable: true, description: 'Given name.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Family name.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone: digits, spaces and + . - ( ).' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Street and number.' })
  street?: string | null;

  @Field(() => String, { nullable: true, description: 'City.' })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Country.' })
  country?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Time zone in which the days of the person are counted, such as `Europe/Paris`.',
  })
  timeZone?: string | null;
}

@InputType()
abstract class NewAccountInput extends ProfileInput {
  @Field(() => String, { description: 'Address, unique without regard to case.' })
  email!: string;

  @Field(() => String, {
    description: '8 to 200 characters with an upper-case letter, a lower-case one, a digit and a special one.',
  })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Name to sign in with; absent: derived from the e-mail.' })
  username?: string | null;
}

@InputType({ description: 'An account that someone makes for themselves.' })
export class RegisterUserInput extends NewAccountInput {
  @Field(() => Boolean, { nullable: true, description: 'True: also make an API token.' })
  withToken?: boolean | null;
}

@InputType({ description: 'An account that an administrator makes for somebody.' })
export class CreateUserInput extends NewAccountInput {
  @Field(() => [ID], {
    nullable: true,
    description: 'Roles of the person; absent or empty, and without `role`: `user`.',
  })
  roleIds?: string[] | null;

  @Field(() => BusinessRole, { nullable: true, description: 'A role by its name.' })
  role?: BusinessRole | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: the person agreed to the privacy text; kept with the time and the version of the text.',
  })
  hasConsented?: boolean | null;
}

@InputType({
  description: 'What changes of a person: the given fields only, all or nothing; null empties a field of the profile.',
})
export class UpdateUserInput extends ProfileInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Address, unique without regard to case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Name to sign in with, unique without regard to case.' })
  username?: string | null;

  @Field(() => BusinessRole, {
    nullable: true,
    description:
      'Takes the place of the business roles that the person holds; other roles stay. `READER` is not given to who ' +
      'holds none: without one a person counts as that. Needs `users:write` and `roles:write`.',
  })
  role?: BusinessRole | null;

  @Field(() => UserStatus, {
    nullable: true,
    description: 'Any but `ACTIVE`: every credential of the person is refused. Needs `users:write`.',
  })
  status?: UserStatus | null;

  @Field(() => String, {
    nullable: true,
    description:
      "One's own: 8 to 200 characters with an upper-case letter, a lower-case one, a digit and a special one. Only " +
      "in person; another's is set by `changePassword`.",
  })
  newPassword?: string | null;

  @Field(() => String, { nullable: true, description: "The password until now; needed with a new one of one's own." })
  currentPassword?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the person that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;
}

@InputType({
  description:
    "A new password: one's own against `currentPassword`; another's against a proof of the viewer's: `password`, " +
    '`code` or `credential`.',
})
export class ChangePasswordInput extends OwnProofInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The password until now; needed for oneself.' })
  currentPassword?: string | null;

  @Field(() => String, {
    description: '8 to 200 characters with an upper-case letter, a lower-case one, a digit and a special one.',
  })
  newPassword!: string;

  @Field(() => Boolean, { nullable: true, description: "True: also end the person's API tokens and API keys." })
  revokeTokens?: boolean | null;
}

@InputType()
abstract class WhichUserInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  id!: string;
}

@InputType({ description: 'Whom to erase.' })
export class DeleteUserInput extends WhichUserInput {}

@InputType({ description: 'What proves that the owner of the account asks.' })
export class DeleteOwnAccountInput extends OwnProofInput {}

@InputType({ description: 'Who may sign in again.' })
export class ActivateUserInput extends WhichUserInput {}

@InputType({ description: 'Who may not sign in any more.' })
export class DeactivateUserInput extends WhichUserInput {}

@InputType({ description: 'Whose lock after failed logins to lift.' })
export class UnlockUserInput extends WhichUserInput {}

@ObjectType({ simpleResolvers: true, description: 'The account that was made.' })
export class RegisterUserPayload {
  @Field(() => User, { description: 'The person.' })
  user!: User;

  @Field(() => String, {
    nullable: true,
    description: 'Secret of the API token, if one was asked for; it is not shown again.',
  })
  token?: string | undefined;
}

@ObjectType({ simpleResolvers: true, description: 'The person after the change.' })
export class UserPayload {
  @Field(() => User, { description: 'The person.' })
  user!: User;
}

@ObjectType({ simpleResolvers: true, description: 'What an erasure left of a person or a client, and why.' })
export class ErasureRemainder {
  @Field(() => String, { description: 'One word for it, such as `invoices`.' })
  what!: string;

  @Field(() => Int, { description: 'How many.' })
  count!: number;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => CalendarDate, { nullable: true, description: 'Until when; null: for good, or until others end it.' })
  until!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'What an erasure did.' })
export class ErasurePayload extends DeletedPayload {
  @Field(() => [String], { description: 'What was kept and why: a sentence for each of `remains`.' })
  kept!: string[];

  @Field(() => [ErasureRemainder], { description: 'What was kept and why, for programs.' })
  remains!: ErasureRemainder[];
}
