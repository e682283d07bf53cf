import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CalendarDate, Decimal } from '../../../kernel/scalars.js';
import { UsedPart } from './used-part.entity.js';
import { WorkEntry } from './work-entry.entity.js';

const ownId = "A UUID of the sender's own making: sent again by the same person it makes nothing new.";

@InputType({ description: 'Time that somebody worked at an intervention.' })
export class CreateWorkEntryInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => ID, { nullable: true, description: ownId })
  id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who worked: the UUID or the user name of a person, or any other text. By default who notes it.',
  })
  technician?: string | null;

  @Field(() => CalendarDate, { description: 'On which day.' })
  workDate!: string;

  @Field(() => Int, { description: 'How long, in minutes: 1 to 1440.' })
  minutes!: number;

  @Field(() => String, { nullable: true, description: 'At what; at most 2,000 characters.' })
  note?: string | null;
}

@InputType({ description: 'Changes to an entry. What is absent stays as it is.' })
export class UpdateWorkEntryInput {
  @Field(() => ID, { description: 'UUID of the entry.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Who worked, as when it was added.' })
  technician?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'On which day.' })
  workDate?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long, in minutes: 1 to 1440.' })
  minutes?: number | null;

  @Field(() => String, { nullable: true, description: 'At what; null removes it.' })
  note?: string | null;
}

@InputType({ description: 'Which entry.' })
export class DeleteWorkEntryInput {
  @Field(() => ID, { description: 'UUID of the entry.' })
  id!: string;
}

@InputType({ description: 'Material that was used up at an intervention.' })
export class CreateUsedPartInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => ID, { nullable: true, description: ownId })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'Its number; at most 100 characters.' })
  reference?: string | null;

  @Field(() => String, { description: 'What it is: 1 to 500 characters.' })
  label!: string;

  @Field(() => Decimal, { description: 'How much of it: more than 0, at most 3 decimals.' })
  quantity!: string;

  @Field(() => Decimal, { nullable: true, description: 'Price of one, before tax: 0 or more, at most 2 decimals.' })
  unitPrice?: string | null;
}

@InputType({ description: 'Changes to material that was used. What is absent stays as it is.' })
export class UpdateUsedPartInput {
  @Field(() => ID, { description: 'UUID of the record.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its number; null removes it.' })
  reference?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is: 1 to 500 characters.' })
  label?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'How much of it: more than 0, at most 3 decimals.' })
  quantity?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Price of one, before tax; null removes it.' })
  unitPrice?: string | null;
}

@InputType({ description: 'Which material.' })
export class DeleteUsedPartInput {
  @Field(() => ID, { description: 'UUID of the record.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An entry after a change.' })
export class WorkEntryPayload {
  @Field(() => WorkEntry, { description: 'The entry as it is now.' })
  workEntry!: WorkEntry;
}

@ObjectType({ simpleResolvers: true, description: 'Material after a change.' })
export class UsedPartPayload {
  @Field(() => UsedPart, { description: 'The material as it is now.' })
  usedPart!: UsedPart;
}
