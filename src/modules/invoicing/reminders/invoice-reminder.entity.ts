import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Invoice } from '../invoice.entity.js';

export enum ReminderLevel {
  FIRST = 'first',
  SECOND = 'second',
  FORMAL_NOTICE = 'formal_notice',
}

registerEnumType(ReminderLevel, {
  name: 'ReminderLevel',
  description: 'How firm a reminder is: one step firmer each time once the invoice is late.',
  valuesConfig: {
    FIRST: { description: 'It may have been forgotten. Also before the last day to pay.' },
    SECOND: { description: 'It was reminded of before.' },
    FORMAL_NOTICE: { description: 'Formal notice to pay (mise en demeure), also from the third on.' },
  },
});

/** What the letter says is kept: it stays the same whatever is paid later. */
@ObjectType({ simpleResolvers: true, description: 'A letter that reminded the customer of what is due on an invoice.' })
@Entity({ tableName: 'invoice_reminders' })
export class InvoiceReminder {
  @Field(() => ID, { description: 'Number of the reminder.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => Invoice, { description: 'The invoice.' })
  @ManyToOne({ entity: () => Invoice, ref: true })
  invoice!: Ref<Invoice>;

  @Field(() => ReminderLevel, { description: 'How firm it is.' })
  @Enum({ items: () => ReminderLevel })
  level!: ReminderLevel;

  @Field(() => CalendarDate, { description: 'Day of the letter.' })
  @Property({ type: 'date' })
  letterDate!: string;

  @Field(() => Int, { description: 'Days since the last day to pay; 0 when that is not past.' })
  @Property({ type: 'integer' })
  daysLate!: number;

  @Field(() => Decimal, { description: 'What was due on the invoice.' })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  amountDue!: string;

  @Field(() => Decimal, {
    description:
      'Lump sum for the costs of recovery that a professional owes once late, in euros: 40.00 (Code de commerce, ' +
      'art. L441-10 and D441-5); 0 before.',
  })
  @Property({ type: 'decimal', precision: 14, scale: 2 })
  indemnity!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Penalties for the days late; null when the server is told no rate: the letter then names the law.',
  })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  penalties?: string | null;

  @Field(() => User, { nullable: true, description: 'Who sent it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  createdBy!: Ref<User>;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When the mail server took it; null: it is for the post.' })
  @Property({ type: 'timestamptz', nullable: true })
  mailedAt?: Date | null;
}
