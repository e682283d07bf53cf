import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import {
  Entity,
  Enum,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryKey,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { StoredFileColumns } from '../../../kernel/stored-file-columns.js';
import { longTextPoints } from '../../../quota/points.js';
import { Approval } from '../../approvals/approval.entity.js';
import { User } from '../../identity/people/user.entity.js';
import { Invoice } from '../../invoicing/invoice.entity.js';
import { SupplierInvoice } from '../../supplier-invoices/supplier-invoice.entity.js';
import { DocumentFieldValue } from '../custom-fields/document-field-value.entity.js';
import { Correspondent } from '../filing/correspondent.entity.js';
import { DocumentType } from '../filing/document-type.entity.js';
import { Tag } from '../filing/tag.entity.js';
import { DocumentNote } from '../notes/document-note.entity.js';
import { ShareLink } from '../sharing/share-link.entity.js';
import { DocumentHistoryEntry } from '../versions/document-history-entry.entity.js';
import { DocumentVersion } from '../versions/document-version.entity.js';

export enum TextStatus {
  EXTRACTED = 'extracted',
  EMPTY = 'empty',
  UNSUPPORTED = 'unsupported',
  FAILED = 'failed',
  PENDING = 'pending',
  RECOGNISED = 'recognised',
  RECOGNITION_UNAVAILABLE = 'recognition_unavailable',
}

registerEnumType(TextStatus, {
  name: 'TextStatus',
  description: 'What became of reading the text in a file.',
  valuesConfig: {
    EXTRACTED: { description: 'The text was read and is searched.' },
    EMPTY: { description: 'The file was read and holds no text, also none in pictures.' },
    UNSUPPORTED: { description: 'No text is read from files of this type.' },
    FAILED: { description: 'The file could not be read: damaged, encrypted or too slow.' },
    PENDING: { description: 'A picture or a scan whose text is being recognised, or soon will be.' },
    RECOGNISED: { description: 'The text was recognised in a picture or a scan and is searched.' },
    RECOGNITION_UNAVAILABLE: {
      description:
        'A picture or a scan: its text cannot be recognised, because tesseract is not installed on the server. It ' +
        'is as soon as the server starts with it.',
    },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A file with what the firm knows of it.' })
@Entity({ tableName: 'documents' })
export class Document extends StoredFileColumns {
  @Field(() => ID, { description: 'Number of the document.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Title for people.' })
  @Property({ type: 'text' })
  title!: string;

  @Field(() => String, { description: 'Name of the file in the store.' })
  @Property({ type: 'text' })
  filename!: string;

  @Field(() => Int, { description: 'Number of the file: 1 until it is replaced, then one more each time.' })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => Int, {
    description:
      'Raised at each change of what is known of it: name it in `updateDocument` to be told of changes meanwhile.',
  })
  @Property({ type: 'integer', default: 1 })
  revision: number & Opt = 1;

  @Field(() => String, { description: 'Text read from the file.' })
  @Extensions({ complexity: longTextPoints })
  @Property({ type: 'text', default: '', lazy: true })
  content: string & Opt = '';

  @Field(() => TextStatus, { description: 'What became of reading the text.' })
  @Enum({ items: () => TextStatus, default: TextStatus.EMPTY })
  textStatus: TextStatus & Opt = TextStatus.EMPTY;

  @Field(() => DocumentType, { nullable: true, description: 'Kind of document.' })
  @ManyToOne({ entity: () => DocumentType, ref: true, nullable: true, fieldName: 'document_type_id' })
  type?: Ref<DocumentType> | null;

  @Field(() => Correspondent, { nullable: true, description: 'Whom it comes from or goes to.' })
  @ManyToOne({ entity: () => Correspondent, ref: true, nullable: true })
  correspondent?: Ref<Correspondent> | null;

  @Field(() => User, { nullable: true, description: 'Who filed it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => CalendarDate, { nullable: true, description: 'Date that the document bears.' })
  @Property({ type: 'date', nullable: true })
  documentDate?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Amount that the document is about.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  amount?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of the amount.' })
  @Property({ type: 'text', nullable: true })
  currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Archive serial number, unique.' })
  @Property({ type: 'integer', nullable: true })
  asn?: number | null;

  @Field(() => Approval, { nullable: true, description: 'Its approval; null when it has not entered approval.' })
  @ManyToOne({ entity: () => Approval, ref: true, nullable: true, fieldName: 'id', persist: false })
  approval?: Ref<Approval> | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was put into the trash; null outside it.' })
  @Property({ type: 'timestamptz', nullable: true })
  deletedAt?: Date | null;

  @Field(() => DateTime, { description: 'When it was filed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  @Field(() => [Tag], { description: 'Labels on it, each once.' })
  @ManyToMany({
    entity: () => Tag,
    pivotTable: 'document_tags',
    joinColumn: 'document_id',
    inverseJoinColumn: 'tag_id',
    owner: true,
  })
  tags = new Collection<Tag>(this);

  @Field(() => [User], {
    description: 'People it is shared with, each once, beside those whose role shows them all documents.',
  })
  @ManyToMany({
    entity: () => User,
    pivotTable: 'document_shares',
    joinColumn: 'document_id',
    inverseJoinColumn: 'user_id',
    owner: true,
  })
  sharedWith = new Collection<User>(this);

  // Connections in the graph, declared by the resolvers of what they list.
  @OneToMany({ entity: () => DocumentVersion, mappedBy: 'document' })
  versions = new Collection<DocumentVersion>(this);

  @OneToMany({ entity: () => DocumentHistoryEntry, mappedBy: 'document' })
  history = new Collection<DocumentHistoryEntry>(this);

  @OneToMany({ entity: () => DocumentNote, mappedBy: 'document' })
  notes = new Collection<DocumentNote>(this);

  @Field(() => [DocumentFieldValue], { description: 'Values of the custom fields: one for each that has one.' })
  @OneToMany({ entity: () => DocumentFieldValue, mappedBy: 'document', orderBy: { id: 'asc' } })
  fields = new Collection<DocumentFieldValue>(this);

  @Field(() => [ShareLink], {
    description:
      'Links for people without an account, newest first: at most 100 that hold, and the last 100 that ended. Empty ' +
      'for who may not change it.',
  })
  @OneToMany({ entity: () => ShareLink, mappedBy: 'document', orderBy: { id: 'desc' } })
  shareLinks = new Collection<ShareLink>(this);

  @Field(() => Invoice, {
    nullable: true,
    description: 'The invoice that it is the file of, if the viewer may see that.',
  })
  @OneToOne({ entity: () => Invoice, mappedBy: 'document', ref: true })
  invoice?: Ref<Invoice> | null;

  @Field(() => SupplierInvoice, {
    nullable: true,
    description: "The supplier's invoice whose data its file holds; null when it holds none.",
  })
  @OneToOne({ entity: () => SupplierInvoice, mappedBy: 'document', ref: true })
  supplierInvoice?: Ref<SupplierInvoice> | null;
}
