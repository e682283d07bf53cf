import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { BankAccount } from '../accounts/bank-account.entity.js';
import type { CsvMapping } from '../statement-files/statement-file.js';
import { BankImportRow } from './bank-import-row.entity.js';

export enum BankFileFormat {
  CSV = 'csv',
  OFX = 'ofx',
  CAMT = 'camt',
}

registerEnumType(BankFileFormat, {
  name: 'BankFileFormat',
  description: 'How a file of a bank is written.',
  valuesConfig: {
    CSV: { description: 'A table as text, one line a booking.' },
    OFX: { description: 'Open Financial Exchange, 1.x or 2.x.' },
    CAMT: { description: 'ISO 20022 camt.053, of any version.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A file of a bank that was taken into an account.' })
@Entity({ tableName: 'imports' })
export class BankImport {
  @Field(() => ID, { description: 'Number of the import.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => BankAccount, { description: 'The account.' })
  @ManyToOne({ entity: () => BankAccount, ref: true, deleteRule: 'cascade' })
  account!: Ref<BankAccount>;

  /** The account's owner, for finding rows; a foreign key keeps it so. */
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => User, { nullable: true, description: 'Who sent it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true, deleteRule: 'set null' })
  createdBy?: Ref<User> | null;

  @Field(() => BankFileFormat, { description: 'How the file was written.' })
  @Enum({ items: () => BankFileFormat })
  format!: BankFileFormat;

  @Field(() => String, { description: 'Name of the file.' })
  @Property({ type: 'text' })
  fileName!: string;

  @Field(() => Int, { description: 'How many bookings the file had.' })
  @Property({ type: 'integer' })
  rowCount!: number;

  @Field(() => Int, { description: 'How many transactions it made.' })
  @Property({ type: 'integer' })
  createdCount!: number;

  @Field(() => Int, { description: 'How many bookings were known, or had been deleted, and were not made.' })
  @Property({ type: 'integer' })
  duplicateCount!: number;

  @Property({ type: 'json', nullable: true })
  mapping?: CsvMapping | null;

  @Field(() => DateTime, { description: 'When it was taken in.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When it was undone; null when it was not.' })
  @Property({ type: 'timestamptz', nullable: true })
  undoneAt?: Date | null;

  // The last time that it came back from the trash.
  @Property({ type: 'timestamptz', nullable: true })
  restoredAt?: Date | null;

  // In the graph: the connection `rows` of bank-import.resolver.ts
  @OneToMany({ entity: () => BankImportRow, mappedBy: 'import' })
  rows = new Collection<BankImportRow>(this);
}
