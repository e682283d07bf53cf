import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Document } from '../files/document.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A file that a document had before its present one.' })
@Entity({ tableName: 'document_versions' })
export class DocumentVersion {
  @Field(() => ID, { description: 'Number of the row; people say `number`.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Document, ref: true })
  document!: Ref<Document>;

  @Property({ type: 'integer', persist: false, fieldName: 'document_id' })
  documentId!: number;

  @Field(() => Int, { description: 'Number within the document; 1 is the file that it began with.' })
  @Property({ type: 'integer' })
  number!: number;

  @Field(() => String, { description: 'Name that the file came with.' })
  @Property({ type: 'text' })
  originalFilename!: string;

  @Field(() => String, { description: 'SHA-256 of the file, in hex.' })
  @Property({ type: 'text' })
  contentHash!: string;

  @Field(() => Float, { description: 'Size in bytes.' })
  @Property({ type: 'bigint' })
  fileSize!: number;

  @Field(() => String, { description: 'Media type, found from the content and not from the name.' })
  @Property({ type: 'text' })
  mimeType!: string;

  @Field(() => Int, { nullable: true, description: 'Number of pages, where the type has pages.' })
  @Property({ type: 'integer', nullable: true })
  pageCount?: number | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who put another file in its place; null when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true })
  replacedBy!: Ref<User>;

  @Field(() => DateTime, { description: 'When it was replaced.' })
  @Property({ type: 'timestamptz' })
  replacedAt!: Date;
}
