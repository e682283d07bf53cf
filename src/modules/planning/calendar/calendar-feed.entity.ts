import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'A calendar that programs follow by a secret address. It shows what its owner may see, as of each opening. Seen ' +
    'by its owner only.',
})
@Entity({ tableName: 'calendar_feeds' })
export class CalendarFeed {
  @Field(() => ID, { description: 'UUID of the feed.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  owner!: Ref<User>;

  @Field(() => String, {
    nullable: true,
    description:
      'Whose appointments it shows: the UUID or user name of a person, or any other text; null: everybody’s.',
  })
  @Property({ type: 'text', nullable: true })
  technician?: string | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When a program last asked for it, to within a minute.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastReadAt?: Date | null;
}
