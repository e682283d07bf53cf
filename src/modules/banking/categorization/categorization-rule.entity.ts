import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Category } from '../categories/category.entity.js';
import type { Condition } from './condition.js';

@ObjectType({
  simpleResolvers: true,
  description: 'What a person wants transactions without a category to get, when all its conditions hold.',
})
@Entity({ tableName: 'categorization_rules' })
export class CategorizationRule {
  @Field(() => ID, { description: 'Number of the rule.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => String, { description: 'Name.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => Int, { description: 'Place among the rules of the person, from 1: they are asked in this order.' })
  @Property({ type: 'integer' })
  position!: number;

  // The graph shows it as a type: categorization-rule.resolver.ts.
  @Property({ type: 'json', columnType: 'jsonb' })
  conditions!: readonly Condition[];

  @Field(() => Category, {
    nullable: true,
    description: 'The category that it gives, unless an earlier rule gave one; null: none.',
  })
  @ManyToOne({ entity: () => Category, ref: true, nullable: true })
  category?: Ref<Category> | null;

  @Field(() => [String], { description: 'The labels that it adds.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  labels: string[] & Opt = [];

  @Field(() => Boolean, { description: 'Whether no later rule is asked once it holds.' })
  @Property({ type: 'boolean', default: true })
  stops: boolean & Opt = true;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed, its place aside.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
