import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { EventType } from '../../kernel/event-type.js';
import { DateTime, Json, Position } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';

/** A view on the log: only events that have their position, which serves as the key. Nothing is written through it. */
@ObjectType({
  simpleResolvers: true,
  description: 'Something that happened, as it stands in the event log: who did what, from where.',
})
@Entity({ tableName: 'audit_events' })
export class AuditEvent {
  @Field(() => Position, { description: 'Place in the event log, the same as in subscriptions.' })
  @PrimaryKey({ type: 'bigint', fieldName: 'id', autoincrement: false })
  position!: string;

  @Field(() => EventType, { description: 'What happened.' })
  @Property({ type: 'text' })
  type!: string;

  @Field(() => String, { description: 'What happened, by its name on `/ws` and in the log, such as `user.login`.' })
  @Property({ type: 'text', fieldName: 'type', persist: false })
  name!: string;

  @Field(() => String, { description: 'Kind of the thing that it happened to, such as `Document`.' })
  @Property({ type: 'text' })
  subjectType!: string;

  @Field(() => String, {
    description: 'Number or UUID of that thing; empty when there is none, as for a login under a name that nobody has.',
  })
  @Property({ type: 'text' })
  subjectId!: string;

  @Field(() => User, {
    nullable: true,
    description:
      'Who did it; null for the server itself, for nobody known, and for somebody whom the viewer may not see.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  actor?: Ref<User> | null;

  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  account?: Ref<User> | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Id of the request that did it, as in `X-Request-Id`. Null when it was another person's and the viewer does " +
      'not read the whole log.',
  })
  @Property({ type: 'text', nullable: true })
  requestId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Address that it came from. Null when it was another person's and the viewer does not read the whole log.",
  })
  @Property({ type: 'text', nullable: true })
  ip?: string | null;

  @Field(() => DateTime, { description: 'When.' })
  @Property({ type: 'timestamptz' })
  occurredAt!: Date;

  @Field(() => Json, { description: 'What else there is to say, by the type of the event. Never a secret.' })
  @Property({ type: 'json', columnType: 'jsonb' })
  data!: object;
}
