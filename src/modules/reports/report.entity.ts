import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigInteger, DateTime, Json } from '../../kernel/scalars.js';
import { VersionedColumns } from '../../kernel/versioned-columns.js';
import { Document } from '../documents/files/document.entity.js';
import { User } from '../identity/people/user.entity.js';
import { Intervention } from '../interventions/intervention.entity.js';

export enum ReportKind {
  INSPECTION = 'inspection',
  INTERVENTION = 'intervention',
  MAINTENANCE = 'maintenance',
  OTHER = 'other',
}

registerEnumType(ReportKind, {
  name: 'ReportKind',
  description: 'What a report is about.',
  valuesConfig: {
    INSPECTION: { description: 'An inspection.' },
    INTERVENTION: { description: 'An intervention of any other kind.' },
    MAINTENANCE: { description: 'Maintenance.' },
    OTHER: { description: 'Something else.' },
  },
});

export enum ReportStatus {
  DRAFT = 'draft',
  IN_PROGRESS = 'in_progress',
  GENERATED = 'generated',
  VALIDATED = 'validated',
  ARCHIVED = 'archived',
  FAILED = 'failed',
}

registerEnumType(ReportStatus, {
  name: 'ReportStatus',
  description: 'Where a report stands.',
  valuesConfig: {
    DRAFT: { description: 'It is being written; there is no file.' },
    IN_PROGRESS: { description: 'Its file is being made.' },
    GENERATED: { description: 'Its file is there.' },
    VALIDATED: { description: 'It was found right: neither changed nor deleted any more.' },
    ARCHIVED: { description: 'It is kept, and not changed any more.' },
    FAILED: { description: 'Its file could not be made; `error` says why.' },
  },
});

export enum ReportFormat {
  PDF = 'pdf',
  DOCX = 'docx',
  CSV = 'csv',
}

registerEnumType(ReportFormat, {
  name: 'ReportFormat',
  description: 'What the file of a report is.',
  valuesConfig: {
    PDF: { description: 'PDF, to be handed over.' },
    DOCX: { description: 'Word, to be edited.' },
    CSV: { description: 'A table.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'What is handed to a client on an intervention. Seen with `reports:read`.',
})
@Entity({ tableName: 'reports' })
export class Report extends VersionedColumns {
  @Field(() => ID, { description: 'UUID of the report.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => Intervention, { nullable: true, description: 'Of which intervention.' })
  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => ID, { description: 'UUID of the intervention.' })
  @Property({ type: 'uuid', persist: false, fieldName: 'intervention_id' })
  interventionId!: string & Opt;

  @Field(() => ReportKind, { description: 'What it is about.' })
  @Enum({ items: () => ReportKind })
  kind!: ReportKind;

  @Field(() => ReportStatus, { description: 'Where it stands.' })
  @Enum({ items: () => ReportStatus, default: ReportStatus.DRAFT })
  status: ReportStatus & Opt = ReportStatus.DRAFT;

  @Field(() => String, { description: 'Its title.' })
  @Property({ type: 'text' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'What it says in short.' })
  @Property({ type: 'text', nullable: true })
  description?: string | null;

  @Field(() => String, { description: 'Who stands for it, as it was given.' })
  @Property({ type: 'text' })
  author!: string;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'What its writer put into it beyond what the intervention says: a text, or an object whose keys are headings.',
  })
  @Property({ type: 'json', columnType: 'json', nullable: true })
  content?: unknown;

  @Field(() => ReportFormat, { nullable: true, description: 'What its file is, or is to be.' })
  @Enum({ items: () => ReportFormat, nullable: true })
  format?: ReportFormat | null;

  @Field(() => String, { nullable: true, description: 'Name of the template.' })
  @Property({ type: 'text', nullable: true })
  template?: string | null;

  @Field(() => Boolean, { description: 'Whether photos stand in it.' })
  @Property({ type: 'boolean', default: true })
  withMedia: boolean & Opt = true;

  @Field(() => Boolean, { description: 'Whether it says where photos were taken.' })
  @Property({ type: 'boolean', default: true })
  withPlaces: boolean & Opt = true;

  @Field(() => String, { nullable: true, description: 'Name of the file; null while there is none.' })
  @Property({ type: 'text', nullable: true })
  filename?: string | null;

  // Where the file lies in the content store.
  @Property({ type: 'text', nullable: true })
  contentKey?: string | null;

  @Field(() => BigInteger, { nullable: true, description: 'Size of the file in bytes.' })
  @Property({ type: 'bigint', fieldName: 'file_size', nullable: true })
  sizeBytes?: number | null;

  @Field(() => String, { nullable: true, description: 'Media type of the file.' })
  @Property({ type: 'text', nullable: true })
  mimeType?: string | null;

  @Field(() => Document, {
    nullable: true,
    description: 'The document that the file was filed as, if the viewer may see that.',
  })
  @OneToOne({ entity: () => Document, owner: true, ref: true, nullable: true, deleteRule: 'set null' })
  document?: Ref<Document> | null;

  @Field(() => Int, { description: 'How much of the file is made, of 100.' })
  @Property({ type: 'integer', default: 0 })
  progress: number & Opt = 0;

  @Field(() => String, { nullable: true, description: 'Why the file could not be made.' })
  @Property({ type: 'text', nullable: true })
  error?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When its file was made.' })
  @Property({ type: 'timestamptz', nullable: true })
  generatedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was found right.' })
  @Property({ type: 'timestamptz', nullable: true })
  validatedAt?: Date | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who found it right; null when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  validatedBy?: Ref<User> | null;

  // By which order its file is being made.
  @Property({ type: 'uuid', nullable: true })
  generationId?: string | null;

  // For whom its file is being made, or was made last.
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  requestedBy?: Ref<User> | null;
}
