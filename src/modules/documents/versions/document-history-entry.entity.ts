import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { EventType } from '../../../kernel/event-type.js';
import { DateTime } from '../../../kernel/scalars.js';
import { Document } from '../files/document.entity.js';

/** A view on the event log. Nothing is written through it. */
@ObjectType({
  simpleResolvers: true,
  description: 'Something that happened to a document, as those who see the document may know it.',
})
@Entity({ tableName: 'document_history' })
export class DocumentHistoryEntry {
  @Field(() => ID, { description: 'Number of the event.' })
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: string;

  @ManyToOne({ entity: () => Document, ref: true })
  document!: Ref<Document>;

  @Field(() => EventType, { description: 'What happened.' })
  @Property({ type: 'text' })
  type!: string;

  @Field(() => String, { description: 'What happened, by its name in the log, such as `document.updated`.' })
  @Property({ type: 'text', fieldName: 'type', persist: false })
  name!: string;

  @Field(() => DateTime, { description: 'When.' })
  @Property({ type: 'timestamptz' })
  occurredAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Full name of who did it, or else the user name; null for the server itself and for people without an account.',
  })
  @Property({ type: 'text', nullable: true })
  actorName!: string | null;

  @Field(() => [String], { description: 'Names of the changed fields; custom fields as `fields.<name>`.' })
  @Property({ type: 'json', columnType: 'jsonb' })
  fields!: string[];
}
