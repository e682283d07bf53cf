import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Document } from '../files/document.entity.js';

@ObjectType({ simpleResolvers: true, description: 'What somebody said about a document.' })
@Entity({ tableName: 'document_notes' })
export class DocumentNote {
  @Field(() => ID, { description: 'Number of the note.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Document, ref: true })
  document!: Ref<Document>;

  @Field(() => String, { description: 'What was said.' })
  @Property({ type: 'text' })
  text!: string;

  @Field(() => User, { nullable: true, description: 'Who said it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  author!: Ref<User>;

  @Field(() => ID, { description: 'Number of who said it.' })
  @Property({ type: 'integer', persist: false, fieldName: 'author_id' })
  authorId!: number;

  @Field(() => DateTime, { description: 'When it was said.' })
  @Property({ type: 'timestamptz' })
  createdAt!: Date;
}
