import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Decimal } from '../../kernel/scalars.js';
import { Invoice } from './invoice.entity.js';

@ObjectType({ simpleResolvers: true, description: 'One line of an invoice.' })
@Entity({ tableName: 'invoice_lines' })
export class InvoiceLine {
  @Field(() => ID, { description: 'Number of the line record.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Invoice, ref: true })
  invoice!: Ref<Invoice>;

  @Field(() => Int, { description: 'Place on the invoice, from 1.' })
  @Property({ type: 'integer' })
  position!: number;

  @Field(() => String, { description: 'What is billed.' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => Decimal, { description: 'How much of it.' })
  @Property({ type: 'decimal', precision: 14, scale: 3 })
  quantity!: string;

  @Field(() => Decimal, { description: 'Price of one, before tax.' })
  @Property({ type: 'decimal', precision: 14, scale: 4 })
  unitPrice!: string;

  @Field(() => Decimal, { description: 'VAT rate in percent.' })
  @Property({ type: 'decimal', precision: 5, scale: 2 })
  vatRate!: string;

  @Field(() => Decimal, { description: 'Quantity × price before tax, rounded to the cent.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  total!: string;
}
