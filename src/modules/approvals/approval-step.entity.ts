import type { Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';
import { Approval, ApprovalStatus } from './approval.entity.js';

export enum ApprovalAction {
  SUBMITTED = 'submitted',
  APPROVED = 'approved',
  REJECTED = 'rejected',
  REOPENED = 'reopened',
  ESCALATED = 'escalated',
  COMMENTED = 'commented',
  WITHDRAWN = 'withdrawn',
}

registerEnumType(ApprovalAction, {
  name: 'ApprovalAction',
  description: 'What was done to an approval.',
  valuesConfig: {
    SUBMITTED: { description: 'The document entered approval.' },
    APPROVED: { description: 'Decided: yes.' },
    REJECTED: { description: 'Decided: no.' },
    REOPENED: {
      description: 'Pending anew: by hand, or because amount, currency, type or file of the document changed.',
    },
    ESCALATED: { description: 'The deadline passed: it went to the next level, or the highest one was told again.' },
    COMMENTED: { description: 'Somebody said something.' },
    WITHDRAWN: { description: 'Taken out of approval.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'One thing that happened to an approval.' })
@Entity({ tableName: 'approval_history' })
export class ApprovalStep {
  @Field(() => ID, { description: 'Number of the step, increasing.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Approval, ref: true })
  approval!: Ref<Approval>;

  @Field(() => ApprovalAction, { description: 'What was done.' })
  @Enum({ items: () => ApprovalAction })
  action!: ApprovalAction;

  @Field(() => ApprovalStatus, {
    nullable: true,
    description: 'Status before; null when the document was not in approval.',
  })
  @Enum({ items: () => ApprovalStatus, nullable: true })
  fromStatus?: ApprovalStatus | null;

  @Field(() => ApprovalStatus, { description: 'Status after.' })
  @Enum({ items: () => ApprovalStatus })
  toStatus!: ApprovalStatus;

  @Field(() => Int, { nullable: true, description: 'Level that is asked for afterwards.' })
  @Property({ type: 'integer', nullable: true })
  level?: number | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who did it; null for the server itself, or when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  performedBy?: Ref<User> | null;

  @Field(() => ID, { nullable: true, description: 'Number of the person who did it; null for the server itself.' })
  @Property({ type: 'integer', nullable: true, persist: false, fieldName: 'performed_by_id' })
  performedById?: number | null;

  @Field(() => String, { nullable: true, description: 'Name of the role by which it was decided.' })
  @Property({ type: 'text', nullable: true })
  role?: string | null;

  @Field(() => String, { nullable: true, description: 'What was said.' })
  @Property({ type: 'text', nullable: true })
  comment?: string | null;

  @Field(() => DateTime, { description: 'When.' })
  @Property({ type: 'timestamptz' })
  createdAt!: Date;
}
