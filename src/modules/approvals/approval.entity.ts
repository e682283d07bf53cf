import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Decimal } from '../../kernel/scalars.js';
import { Document } from '../documents/files/document.entity.js';
import { User } from '../identity/people/user.entity.js';
import { ApprovalRule } from './approval-rule.entity.js';
import { ApprovalStep } from './approval-step.entity.js';

export enum ApprovalStatus {
  PENDING = 'pending',
  APPROVED = 'approved',
  REJECTED = 'rejected',
  WITHDRAWN = 'na',
}

registerEnumType(ApprovalStatus, {
  name: 'ApprovalStatus',
  description: 'Where the approval of a document stands.',
  valuesConfig: {
    PENDING: { description: 'Waits for a decision.' },
    APPROVED: { description: 'Decided: yes.' },
    REJECTED: { description: 'Decided: no.' },
    WITHDRAWN: { description: 'Taken out of approval: it needs none.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'The approval of a document. Seen by whoever sees the document.' })
@Entity({ tableName: 'approvals' })
export class Approval {
  @Field(() => ID, { description: 'Number of the document.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => Document, { nullable: true, description: 'The document.' })
  @ManyToOne({ entity: () => Document, ref: true, fieldName: 'id', persist: false })
  document!: Ref<Document> & Opt;

  @Field(() => ApprovalStatus, { description: 'Where it stands.' })
  @Enum({ items: () => ApprovalStatus })
  status!: ApprovalStatus;

  @Field(() => ApprovalRule, {
    nullable: true,
    description: 'The rule that asked for it, as it reads today; null when none applied or it is gone.',
  })
  @ManyToOne({ entity: () => ApprovalRule, ref: true, nullable: true })
  rule?: Ref<ApprovalRule> | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Smallest level of role that may decide now: 1 VALIDATOR_L1, 2 VALIDATOR_L2, 3 APPROVER, 4 admin; null: any.',
  })
  @Property({ type: 'integer', nullable: true })
  level?: number | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Amount of the document when it was submitted. A later change sends it back to pending.',
  })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  amount?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of the amount.' })
  @Property({ type: 'text', nullable: true })
  currency?: string | null;

  @Field(() => User, { nullable: true, description: 'Who submitted it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  submittedBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was submitted, or sent back by a change.' })
  @Property({ type: 'timestamptz' })
  submittedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it goes to the next level if nobody has decided.' })
  @Property({ type: 'timestamptz', nullable: true })
  deadline?: Date | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who decided; null while pending, or when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  decidedBy?: Ref<User> | null;

  @Field(() => ID, { nullable: true, description: 'Number of the person who decided.' })
  @Property({ type: 'integer', nullable: true, persist: false, fieldName: 'decided_by_id' })
  decidedById?: (number & Opt) | null;

  @Field(() => String, { nullable: true, description: 'Name of the role by which it was decided.' })
  @Property({ type: 'text', nullable: true })
  decidedRole?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was decided.' })
  @Property({ type: 'timestamptz', nullable: true })
  decidedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'What was said with the decision.' })
  @Property({ type: 'text', nullable: true })
  comment?: string | null;

  // A connection in the graph: approval-fields.resolver.ts.
  @OneToMany({ entity: () => ApprovalStep, mappedBy: 'approval' })
  history = new Collection<ApprovalStep>(this);
}
