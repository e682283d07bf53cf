import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { roleAssignmentReads } from '../identity.reads.js';
import { RoleAssignment } from './role-assignment.entity.js';

export const RoleAssignmentConnection = connectionType('RoleAssignment', () => RoleAssignment);

@InputType({ description: 'Conditions on role assignments; all that are given must hold.' })
export class RoleAssignmentFilter {
  @Field(() => ID, { nullable: true, description: 'Of this person, by number or UUID.' })
  userId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this role, by number.' })
  roleId?: string | null;
}

export const RoleAssignmentListArgs = listArgs('RoleAssignment', roleAssignmentReads.list, RoleAssignmentFilter);

@InputType({
  description:
    'A role and its bounds. It replaces what the person holds of this role in this scope; a bound that is absent ' +
    'does not bound.',
})
export class SaveRoleAssignmentInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  userId!: string;

  @Field(() => String, { description: 'Name of the role.' })
  role!: string;

  @Field(() => String, {
    defaultValue: '*',
    description: 'Code of a document type, or `*` for all. Only the approval roles can be held for one type.',
  })
  scope!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Largest amount that may be approved, with at most two decimals.',
  })
  maxAmount?: string | null;

  @Field(() => String, { nullable: true, description: "ISO 4217 code of the amount; absent: the firm's currency." })
  currency?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'First day on which it holds.' })
  validFrom?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day on which it holds.' })
  validTo?: string | null;
}

@InputType({ description: 'Which role to take from whom, in one scope.' })
export class DeleteRoleAssignmentInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  userId!: string;

  @Field(() => String, { description: 'Name of the role.' })
  role!: string;

  @Field(() => String, { defaultValue: '*', description: 'The scope in which it is held.' })
  scope!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The assignment after the change.' })
export class RoleAssignmentPayload {
  @Field(() => RoleAssignment, { description: 'The assignment.' })
  roleAssignment!: RoleAssignment;
}

@ObjectType({ simpleResolvers: true, description: 'The assignment that is gone.' })
export class DeleteRoleAssignmentPayload {
  @Field(() => ID, { description: 'Number of the assignment.' })
  deletedId!: number;
}
