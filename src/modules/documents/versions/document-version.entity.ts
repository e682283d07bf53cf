import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { StoredFileColumns } from '../../../kernel/stored-file-columns.js';
import { User } from '../../identity/people/user.entity.js';
import { Document } from '../files/document.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A file that a document had before its present one.' })
@Entity({ tableName: 'document_versions' })
export class DocumentVersion extends StoredFileColumns {
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
