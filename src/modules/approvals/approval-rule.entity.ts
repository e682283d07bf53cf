import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, Decimal } from '../../kernel/scalars.js';
import { DocumentType } from '../documents/filing/document-type.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'Which documents ask whom for approval, and how fast. Of the active rules that fit, one for the type goes ' +
    'before one for all types, then one for the currency, then the highest `minAmount`.',
})
@Entity({ tableName: 'approval_rules' })
export class ApprovalRule {
  @Field(() => ID, { description: 'Number of the rule.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => DocumentType, {
    nullable: true,
    description: 'For documents of this type; null: of any type, or of none.',
  })
  @ManyToOne({ entity: () => DocumentType, ref: true, nullable: true })
  documentType?: Ref<DocumentType> | null;

  @Field(() => Decimal, { nullable: true, description: 'From this amount on.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  minAmount?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Below this amount. A document without an amount, which may be any, is only for rules without this bound.',
  })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  belowAmount?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only for amounts in this currency (ISO 4217); null: the figure counts, whatever the currency.',
  })
  @Property({ type: 'text', nullable: true })
  currency?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Smallest level of role that may decide: 1 VALIDATOR_L1, 2 VALIDATOR_L2, 3 APPROVER, 4 admin; null: any.',
  })
  @Property({ type: 'integer', nullable: true })
  level?: number | null;

  @Field(() => Int, { description: 'Hours until the next level is asked.' })
  @Property({ type: 'integer' })
  hours!: number;

  @Field(() => Boolean, {
    description: 'True: a document enters approval when it is filed. False: when somebody submits it.',
  })
  @Property({ type: 'boolean', default: false })
  startsOnCreation: boolean & Opt = false;

  @Field(() => Boolean, { description: 'False: the rule applies to nothing new.' })
  @Property({ type: 'boolean', default: true })
  isActive: boolean & Opt = true;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
