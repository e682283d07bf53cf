import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { roleAssignmentReads } from '../identity.reads.js';
import { User } from '../people/user.entity.js';
import { RoleAssignment } from './role-assignment.entity.js';

export const RoleAssignmentConnection = connectionType('RoleAssignment', () => RoleAssignment);

@InputType({ description: 'Conditions on role assignments; all that are given must hold.' })
export class RoleAssignmentFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this person, by number or UUID.' })
  userId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this role, by number.' })
  roleId?: string | null;
}

export const RoleAssignmentListArgs = listArgs('RoleAssignment', roleAssignmentReads.list, RoleAssignmentFilter);

@InputType()
abstract class RoleOfUserInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  userId!: string;

  @Field(() => ID, { description: 'Number or name of the role.' })
  roleId!: string;

  @Field(() => String, {
    defaultValue: '*',
    description: 'Code of a document type, or `*` for all. Only the approval roles can be held for one type.',
  })
  scope!: string;
}

@InputType({ description: 'All roles of a person.' })
export class SetUserRolesInput {
  @Field(() => ID, { description: 'Number or UUID of the person.' })
  userId!: string;

  @Field(() => [ID], { description: 'Numbers or names of the roles; empty: none.' })
  roleIds!: string[];
}

@InputType({ description: 'A role and its bounds; a bound that is absent does not bound.' })
export class AssignRoleInput extends RoleOfUserInput {
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

  @Field(() => Boolean, {
    defaultValue: true,
    description:
      'True: in place of what the person holds of this role in this scope. False: CONFLICT when they hold it today.',
  })
  replace!: boolean;
}

@InputType({ description: 'Which role to take from whom.' })
export class RemoveRoleInput extends RoleOfUserInput {
  @Field(() => Boolean, { defaultValue: false, description: 'True: in every scope, whatever `scope` says.' })
  everyScope!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'The role that the person now holds.' })
export class AssignRolePayload {
  @Field(() => RoleAssignment, { description: 'The assignment.' })
  roleAssignment!: RoleAssignment;

  @Field(() => User, { description: 'The person.' })
  user!: User;
}

@ObjectType({ simpleResolvers: true, description: 'The person after a role was taken from them.' })
export class RemoveRolePayload {
  @Field(() => [ID], { description: 'Numbers of the assignments that are gone.' })
  deletedIds!: number[];

  @Field(() => [ID], { description: 'Their node ids.' })
  deletedNodeIds!: string[];

  @Field(() => User, { description: 'The person.' })
  user!: User;
}

@ObjectType({ simpleResolvers: true, description: 'The person with the roles.' })
export class SetUserRolesPayload {
  @Field(() => User, { description: 'The person.' })
  user!: User;
}
