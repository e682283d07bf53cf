import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'One person lets another decide with their right for some days. What was lent cannot be lent on. Seen by the ' +
    'two and by administrators.',
})
@Entity({ tableName: 'approval_delegations' })
export class ApprovalDelegation {
  @Field(() => ID, { description: 'Number of the delegation.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => User, {
    nullable: true,
    description: 'Whose right it is; null when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true })
  from!: Ref<User>;

  @Field(() => User, {
    nullable: true,
    description: 'Who decides with it; null when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true })
  to!: Ref<User>;

  @Field(() => CalendarDate, { description: 'First day.' })
  @Property({ type: 'date' })
  validFrom!: string;

  @Field(() => CalendarDate, { description: 'Last day.' })
  @Property({ type: 'date' })
  validTo!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When it was taken back.' })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt?: Date | null;
}
