import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Decimal } from '../../../kernel/scalars.js';
import { Category } from '../categories/category.entity.js';
import { Transaction } from './transaction.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A part of a transaction with a category of its own.' })
@Entity({ tableName: 'transaction_splits' })
export class TransactionSplit {
  @Field(() => ID, { description: 'Number of the part.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => Transaction, { description: 'What it is a part of.' })
  @ManyToOne({ entity: () => Transaction, ref: true, deleteRule: 'cascade' })
  transaction!: Ref<Transaction>;

  @Field(() => Int, { description: 'Place among the parts, from 1.' })
  @Property({ type: 'integer' })
  position!: number;

  @Field(() => Category, { nullable: true, description: 'What the part is for.' })
  @ManyToOne({ entity: () => Category, ref: true, nullable: true })
  category?: Ref<Category> | null;

  @Field(() => Decimal, { description: 'The part of the amount.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amount!: string;

  @Field(() => String, { description: 'A word on the part; may be empty.' })
  @Property({ type: 'text', default: '' })
  description: string & Opt = '';
}
