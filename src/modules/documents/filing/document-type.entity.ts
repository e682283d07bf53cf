import type { Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';

@ObjectType({ simpleResolvers: true, description: 'What kind of document something is: an invoice, a contract, …' })
@Entity({ tableName: 'document_types' })
export class DocumentType {
  @Field(() => ID, { description: 'Number of the type.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Unique code in capitals, such as `FACTURE`.' })
  @Property({ type: 'text' })
  code!: string;

  @Field(() => String, { description: 'Name for people.' })
  @Property({ type: 'text' })
  label!: string;

  @Field(() => Int, { description: 'Raised at each change: name it in an update to be told of changes meanwhile.' })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When the type was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the type was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
