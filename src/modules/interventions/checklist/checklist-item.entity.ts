import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Intervention } from '../intervention.entity.js';

@ObjectType({ simpleResolvers: true, description: 'One thing to do or to look at on site.' })
@Entity({ tableName: 'checklist_items' })
export class ChecklistItem {
  @Field(() => ID, { description: 'UUID of the item.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => Int, { description: 'Place in the checklist, from 1; numbers may be missing.' })
  @Property({ type: 'integer' })
  position!: number;

  @Field(() => String, { description: 'What is to be done.' })
  @Property({ type: 'text' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'What was noted of it.' })
  @Property({ type: 'text', nullable: true })
  note?: string | null;

  @Field(() => Boolean, { description: 'Whether it is done.' })
  @Property({ type: 'boolean', default: false })
  isDone: boolean & Opt = false;

  @Field(() => DateTime, { nullable: true, description: 'When it was done.' })
  @Property({ type: 'timestamptz', nullable: true })
  doneAt?: Date | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who did it; null when it is not done, or when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  doneBy?: Ref<User> | null;

  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;
}
