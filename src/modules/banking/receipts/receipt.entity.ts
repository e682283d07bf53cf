import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { Document } from '../../documents/files/document.entity.js';
import { User } from '../../identity/people/user.entity.js';
import { Transaction } from '../transactions/transaction.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'A document that proves a transaction. Whoever sees the transaction sees the receipt and its file; the rest of ' +
    'the document, such as its notes, only who may see that.',
})
@Entity({ tableName: 'receipts' })
export class Receipt {
  @Field(() => ID, { description: 'Number of the receipt.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => Transaction, { description: 'The transaction.' })
  @ManyToOne({ entity: () => Transaction, ref: true, deleteRule: 'cascade' })
  transaction!: Ref<Transaction>;

  @Field(() => Document, { nullable: true, description: 'The document; null when the viewer may not see it.' })
  @ManyToOne({ entity: () => Document, ref: true, deleteRule: 'cascade' })
  document!: Ref<Document>;

  /** Whether the document came as a receipt, and so goes with the last one. The same for all receipts of a document. */
  @Property({ type: 'boolean' })
  isDocumentOwned!: boolean;

  @Field(() => User, { nullable: true, description: 'Who added it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true, deleteRule: 'set null' })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was added.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
