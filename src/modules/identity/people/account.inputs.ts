import { Field, ID, InputType } from 'type-graphql';
import { BusinessRole } from '../roles/business-role.js';
import { ProfileInput } from './user.inputs.js';

@InputType({ description: 'What changes of an account: the given fields only, all or nothing.' })
export class UpdateAccountInput extends ProfileInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Address, unique without regard to case.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Name to sign in with, unique without regard to case.' })
  username?: string | null;

  @Field(() => BusinessRole, {
    nullable: true,
    description: 'Takes the place of the business roles that the person holds; other roles stay. Needs `roles:write`.',
  })
  role?: BusinessRole | null;

  @Field(() => Boolean, { nullable: true, description: 'False: every credential of the person is refused.' })
  isActive?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      '8 to 200 characters with an upper-case letter, a lower-case one, a digit and a special one. Only in person.',
  })
  newPassword?: string | null;

  @Field(() => String, { nullable: true, description: "The password until now; needed with a new one of one's own." })
  currentPassword?: string | null;
}

@InputType({ description: 'Whose account to erase.' })
export class DeleteAccountInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  id!: string;
}
