import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigInteger, DateTime } from '../../kernel/scalars.js';
import { Document } from '../documents/files/document.entity.js';
import { User } from '../identity/people/user.entity.js';

export enum IngestKind {
  WATCHED = 'watched',
  UPLOAD = 'upload',
  RECOGNITION = 'recognition',
}

registerEnumType(IngestKind, {
  name: 'IngestKind',
  description: 'How something is taken in.',
  valuesConfig: {
    WATCHED: { description: 'A file that was dropped into the watched folder.' },
    UPLOAD: { description: 'Several files sent at once.' },
    RECOGNITION: { description: 'The text of a picture or a scan is recognised.' },
  },
});

export enum IngestStatus {
  WAITING = 'waiting',
  RUNNING = 'running',
  DONE = 'done',
  DUPLICATE = 'duplicate',
  REFUSED = 'refused',
}

registerEnumType(IngestStatus, {
  name: 'IngestStatus',
  description: 'How far an ingest is.',
  valuesConfig: {
    WAITING: { description: 'Something of ours stood in the way; it is tried again.' },
    RUNNING: { description: 'Under way.' },
    DONE: { description: 'Taken in.' },
    DUPLICATE: { description: 'The file was filed already; nothing was added.' },
    REFUSED: { description: 'Cannot be taken in; `error` says why.' },
  },
});

export enum IngestStep {
  RECEIVED = 'received',
  TYPE = 'type',
  TEXT = 'text',
  RECOGNITION = 'recognition',
  FILED = 'filed',
}

registerEnumType(IngestStep, {
  name: 'IngestStep',
  description: 'What an ingest is at.',
  valuesConfig: {
    RECEIVED: { description: 'The bytes have come in.' },
    TYPE: { description: 'The type is found from the content.' },
    TEXT: { description: 'The text is read.' },
    RECOGNITION: { description: 'The text is recognised, page by page.' },
    FILED: { description: 'All is filed.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'One taking in: of a dropped file, of several files sent together, or of the text of a scan.',
})
@Entity({ tableName: 'ingests' })
export class Ingest {
  @Field(() => ID, { description: 'Number of the ingest.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => IngestKind, { description: 'How it is taken in.' })
  @Enum({ items: () => IngestKind })
  kind!: IngestKind;

  @Field(() => String, {
    description: 'Name of the file, the first one of several; of a dropped file its path below the watched folder.',
  })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => IngestStatus, { description: 'How far it is.' })
  @Enum({ items: () => IngestStatus, default: IngestStatus.RUNNING })
  status: IngestStatus & Opt = IngestStatus.RUNNING;

  @Field(() => IngestStep, {
    description: 'What it is at, a second ago at most; when it is over, what it was at last.',
  })
  @Enum({ items: () => IngestStep, default: IngestStep.RECEIVED })
  step: IngestStep & Opt = IngestStep.RECEIVED;

  @Field(() => Int, { description: 'Pages or files done.' })
  @Property({ type: 'integer', default: 0 })
  done: number & Opt = 0;

  @Field(() => Int, { nullable: true, description: 'Pages or files in all, where they are counted.' })
  @Property({ type: 'integer', nullable: true })
  total?: number | null;

  @Field(() => BigInteger, { nullable: true, description: 'Size of a dropped file.' })
  @Property({ type: 'bigint', nullable: true })
  sizeBytes?: number | null;

  @Field(() => String, { nullable: true, description: 'SHA-256 of a dropped file, in hex.' })
  @Property({ type: 'text', nullable: true })
  contentHash?: string | null;

  @Field(() => Document, {
    nullable: true,
    description: 'The document that it made or belongs to; null when there is none that the viewer may see.',
  })
  @ManyToOne({ entity: () => Document, ref: true, nullable: true })
  document?: Ref<Document> | null;

  @Field(() => User, {
    nullable: true,
    description: 'Whose documents these are; null when the viewer may not see that person.',
  })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => String, { nullable: true, description: 'In French: why it was refused, or what stands in the way.' })
  @Property({ type: 'text', nullable: true })
  error?: string | null;

  @Field(() => String, { description: 'Host and process number of whoever worked on it last.' })
  @Property({ type: 'text' })
  process!: string;

  @Field(() => DateTime, { description: 'When it was first seen.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { nullable: true, description: 'When work on it began.' })
  @Property({ type: 'timestamptz', nullable: true })
  startedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it came to its end.' })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt?: Date | null;
}
