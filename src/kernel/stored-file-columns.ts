import { Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { BigInteger } from './scalars.js';

/** The columns of entities whose rows each hold a file of the content store, and their fields in the graph. */
@ObjectType({ simpleResolvers: true })
export abstract class StoredFileColumns {
  @Field(() => String, { description: 'Name that the file came with.' })
  @Property({ type: 'text' })
  originalFilename!: string;

  // Where the file lies in the content store.
  @Property({ type: 'text' })
  contentKey!: string;

  @Field(() => String, { description: 'SHA-256 of the file, in hex.' })
  @Property({ type: 'text' })
  contentHash!: string;

  @Field(() => BigInteger, { description: 'Size in bytes.' })
  @Property({ type: 'bigint', fieldName: 'file_size' })
  sizeBytes!: number;

  @Field(() => String, { description: 'Media type, found from the content and not from the name.' })
  @Property({ type: 'text' })
  mimeType!: string;

  @Field(() => Int, { nullable: true, description: 'Number of pages, where the type has pages.' })
  @Property({ type: 'integer', nullable: true })
  pageCount?: number | null;
}
