import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Intervention } from '../intervention.entity.js';

@ObjectType({ simpleResolvers: true, description: 'Time that somebody worked at an intervention.' })
@Entity({ tableName: 'work_entries' })
export class WorkEntry {
  @Field(() => ID, { description: 'UUID of the entry.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => String, { description: 'Who worked, as it was given: a name, or any text.' })
  @Property({ type: 'text' })
  technician!: string;

  @Field(() => User, {
    nullable: true,
    description: 'The person that `technician` names; null for a free text, or when the viewer may not see people.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  technicianUser?: Ref<User> | null;

  @Field(() => CalendarDate, { description: 'On which day.' })
  @Property({ type: 'date' })
  workDate!: string;

  @Field(() => Int, { description: 'How long, in minutes.' })
  @Property({ type: 'integer' })
  minutes!: number;

  @Field(() => String, { nullable: true, description: 'At what.' })
  @Property({ type: 'text', nullable: true })
  note?: string | null;

  @Field(() => User, { nullable: true, description: 'Who noted it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was noted.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
