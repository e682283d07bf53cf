import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';

export enum CategoryType {
  INCOME = 'income',
  EXPENSE = 'expense',
}

registerEnumType(CategoryType, {
  name: 'CategoryType',
  description: 'Whether a category is for money that comes in or goes out.',
  valuesConfig: { INCOME: { description: 'It comes in.' }, EXPENSE: { description: 'It goes out.' } },
});

@ObjectType({ simpleResolvers: true, description: 'What transactions are for: a global one, or one of a person.' })
@Entity({ tableName: 'categories' })
export class Category {
  @Field(() => ID, { description: 'Number of the category.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  owner?: Ref<User> | null;

  @Field(() => String, { description: 'Name, unique among those of its owner and type without regard to case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Colour as `#RRGGBB`.' })
  @Property({ type: 'text' })
  color!: string;

  @Field(() => String, { description: 'Name of the icon, such as `shopping-cart`.' })
  @Property({ type: 'text' })
  icon!: string;

  @Field(() => CategoryType, { description: 'Whether it is for income or for expenses.' })
  @Enum({ items: () => CategoryType })
  type!: CategoryType;

  @Field(() => Boolean, { description: 'False for the global ones, which everybody has and nobody changes.' })
  @Property({ type: 'boolean', generated: '(owner_id is not null) stored' })
  isCustom!: boolean & Opt;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}

/** « Divers », the global category of expenses that have no other. */
export const miscellaneous = 14;
