import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigInteger, DateTime, Decimal, Degrees, Json } from '../../kernel/scalars.js';
import { VersionedColumns } from '../../kernel/versioned-columns.js';
import { User } from '../identity/people/user.entity.js';
import { Intervention } from '../interventions/intervention.entity.js';

export enum MediumKind {
  PHOTO = 'photo',
  VIDEO = 'video',
  AUDIO = 'audio',
  DOCUMENT = 'document',
  OTHER = 'other',
}

registerEnumType(MediumKind, {
  name: 'MediumKind',
  description: 'What a file from the field is.',
  valuesConfig: {
    PHOTO: { description: 'A picture.' },
    VIDEO: { description: 'A film.' },
    AUDIO: { description: 'A recording.' },
    DOCUMENT: { description: 'Something to read.' },
    OTHER: { description: 'Something else.' },
  },
});

export enum MediumStatus {
  PROCESSING = 'processing',
  READY = 'ready',
  ERROR = 'error',
}

registerEnumType(MediumStatus, {
  name: 'MediumStatus',
  description: 'How far a file has been looked at.',
  valuesConfig: {
    PROCESSING: { description: 'Its thumbnail and its facts are being made.' },
    READY: { description: 'All of it is there.' },
    ERROR: { description: 'The file is there; it could not be looked into.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'A photo, film, recording or paper of an intervention. Seen with `media:read`.',
})
@Entity({ tableName: 'media' })
export class Medium extends VersionedColumns {
  @Field(() => ID, { description: 'UUID of the file.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => Intervention, { nullable: true, description: 'Of which intervention.' })
  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => ID, { description: 'UUID of the intervention.' })
  @Property({ type: 'uuid', persist: false, fieldName: 'intervention_id' })
  interventionId!: string & Opt;

  @Field(() => ID, { nullable: true, description: 'UUID of the inspection that it shows something of.' })
  @Property({ type: 'uuid', nullable: true })
  inspectionId?: string | null;

  @Field(() => User, { nullable: true, description: 'Who sent it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  uploadedBy?: Ref<User> | null;

  @Field(() => MediumKind, { description: 'What it is.' })
  @Enum({ items: () => MediumKind })
  kind!: MediumKind;

  @Field(() => MediumStatus, { description: 'How far it has been looked at.' })
  @Enum({ items: () => MediumStatus, default: MediumStatus.PROCESSING })
  status: MediumStatus & Opt = MediumStatus.PROCESSING;

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

  @Property({ type: 'text', nullable: true })
  thumbnailKey?: string | null;

  @Field(() => Int, { nullable: true, description: 'Width in pixels, as it is to be looked at.' })
  @Property({ type: 'integer', nullable: true })
  width?: number | null;

  @Field(() => Int, { nullable: true, description: 'Height in pixels, as it is to be looked at.' })
  @Property({ type: 'integer', nullable: true })
  height?: number | null;

  @Field(() => Decimal, { nullable: true, description: 'Length of a film or recording, in seconds.' })
  @Property({ type: 'decimal', precision: 12, scale: 3, nullable: true })
  durationSeconds?: string | null;

  @Field(() => String, { nullable: true, description: 'What it shows.' })
  @Property({ type: 'text', nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'What somebody remarked on it.' })
  @Property({ type: 'text', nullable: true })
  annotations?: string | null;

  @Field(() => [String], { description: 'Words to find it by.' })
  @Property({ columnType: 'text[]', type: 'array', default: [] })
  tags: string[] & Opt = [];

  @Field(() => DateTime, { nullable: true, description: 'When it was taken, by the camera or whoever sent it.' })
  @Property({ type: 'timestamptz', nullable: true })
  takenAt?: Date | null;

  @Field(() => Degrees, { nullable: true, description: 'Latitude of where it was taken.' })
  @Property({ type: 'decimal', precision: 9, scale: 6, nullable: true })
  latitude?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Longitude of where it was taken.' })
  @Property({ type: 'decimal', precision: 9, scale: 6, nullable: true })
  longitude?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'How exact the place is, in metres.' })
  @Property({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  gpsAccuracy?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Height above the sea in metres.' })
  @Property({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  altitude?: string | null;

  @Field(() => String, { nullable: true, description: 'With what it was taken.' })
  @Property({ type: 'text', nullable: true })
  device?: string | null;

  @Field(() => String, { nullable: true, description: 'How it was taken, as whoever sent it says.' })
  @Property({ type: 'text', nullable: true })
  captureMode?: string | null;

  @Field(() => Json, { nullable: true, description: 'What the camera wrote, by the names of its tags.' })
  @Property({ type: 'json', columnType: 'jsonb', nullable: true })
  exif?: Record<string, unknown> | null;
}
