import type { Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';
import { Intervention, InterventionStatus } from './intervention.entity.js';

@ObjectType({ simpleResolvers: true, description: 'How an intervention came to stand as it did.' })
@Entity({ tableName: 'intervention_status_changes' })
export class InterventionStatusChange {
  @Field(() => ID, { description: 'Number of the change, increasing.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => InterventionStatus, { nullable: true, description: 'How it stood before; null when it was made.' })
  @Enum({ items: () => InterventionStatus, nullable: true })
  fromStatus?: InterventionStatus | null;

  @Field(() => InterventionStatus, { description: 'How it stood afterwards.' })
  @Enum({ items: () => InterventionStatus })
  toStatus!: InterventionStatus;

  @Field(() => String, { nullable: true, description: 'What was said to it.' })
  @Property({ type: 'text', nullable: true })
  comment?: string | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who did it; null for the server itself, or when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  changedBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When.' })
  @Property({ type: 'timestamptz' })
  changedAt!: Date;
}
