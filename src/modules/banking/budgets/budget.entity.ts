import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Category } from '../categories/category.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A sum that a person saves up until a day. Everybody sees their own.',
})
@Entity({ tableName: 'budgets' })
export class Budget {
  @Field(() => ID, { description: 'Number of the budget.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => String, { description: 'What it is for.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => Category, { nullable: true, description: 'The category that it belongs to, if any.' })
  @ManyToOne({ entity: () => Category, ref: true, nullable: true })
  category?: Ref<Category> | null;

  @Field(() => Decimal, { description: 'How much it is to be: more than 0.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  targetAmount!: string;

  @Field(() => Decimal, { description: 'How much there is: 0 or more, also more than the target.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  currentAmount!: string;

  @Field(() => CalendarDate, { description: 'Day by which it is to be there.' })
  @Property({ type: 'date' })
  targetDate!: string;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
