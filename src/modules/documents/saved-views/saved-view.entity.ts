import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { DocumentOrder } from '../files/document.inputs.js';

@ObjectType({
  simpleResolvers: true,
  description: 'A list of documents that a person keeps: conditions and an order under a name.',
})
@Entity({ tableName: 'saved_views' })
export class SavedView {
  @Field(() => ID, { description: 'Number of the view.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Name, unique among the views of the person without regard to case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => User, { nullable: true, description: 'Whose view it is; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  // The graph shows it as a type: saved-view.resolver.ts.
  @Property({ type: 'json', columnType: 'jsonb' })
  filter!: Record<string, unknown>;

  @Field(() => DocumentOrder, { description: 'Order of the documents.' })
  @Property({ type: 'text' })
  orderBy!: string;

  @Field(() => Boolean, { description: 'Whether everybody sees the view; the documents in it are each viewer’s own.' })
  @Property({ type: 'boolean', default: false })
  isShared: boolean & Opt = false;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
