import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ChecklistItem } from './checklist-item.entity.js';

@InputType({ description: 'A new item of a checklist.' })
export class NewChecklistItemInput {
  @Field(() => ID, {
    nullable: true,
    description: "A UUID of the sender's own making: sent again by the same person it makes nothing new.",
  })
  id?: string | null;

  @Field(() => String, { description: 'What is to be done: 1 to 500 characters.' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'What is to be known of it; at most 2,000 characters.' })
  note?: string | null;
}

@InputType({ description: 'Items for the checklist of an intervention.' })
export class CreateChecklistItemsInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => [NewChecklistItemInput], {
    description: 'The items in their order, after those that are there: 1 to 100.',
  })
  items!: NewChecklistItemInput[];
}

@InputType({ description: 'Changes to an item of a checklist. What is absent stays as it is.' })
export class UpdateChecklistItemInput {
  @Field(() => ID, { description: 'UUID of the item.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What is to be done: 1 to 500 characters.' })
  label?: string | null;

  @Field(() => String, { nullable: true, description: 'What was noted of it; null removes it.' })
  note?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is done; the first who says so has done it, until somebody says that it is not.',
  })
  isDone?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Its place among the others, from 1; those after it move down.' })
  position?: number | null;
}

@InputType({ description: 'Which item of a checklist.' })
export class DeleteChecklistItemInput {
  @Field(() => ID, { description: 'UUID of the item.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Items of a checklist that were added.' })
export class ChecklistItemsPayload {
  @Field(() => [ChecklistItem], { description: 'The items, in their order: at most 100.' })
  checklistItems!: ChecklistItem[];
}

@ObjectType({ simpleResolvers: true, description: 'An item of a checklist after a change.' })
export class ChecklistItemPayload {
  @Field(() => ChecklistItem, { description: 'The item as it is now.' })
  checklistItem!: ChecklistItem;
}
