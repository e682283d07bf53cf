import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DateTime, Degrees, Upload, type UploadedFile } from '../../kernel/scalars.js';
import { Medium, MediumKind, MediumStatus } from './medium.entity.js';

@InputType({ description: 'What is known of a file from the field. Absent: nothing is stated; null: there is none.' })
export abstract class MediumFactsInput {
  @Field(() => MediumKind, { nullable: true, description: 'What it is; by its content when it is not stated.' })
  kind?: MediumKind | null;

  @Field(() => String, { nullable: true, description: 'What it shows, at most 10,000 characters.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'What somebody remarks on it, at most 10,000 characters.' })
  annotations?: string | null;

  @Field(() => [String], { nullable: true, description: 'Words to find it by: at most 50.' })
  tags?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was taken; as the camera wrote when not stated.' })
  takenAt?: Date | null;

  @Field(() => Degrees, { nullable: true, description: 'Latitude of where it was taken; with `longitude`.' })
  latitude?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Longitude of where it was taken; with `latitude`.' })
  longitude?: string | null;

  @Field(() => Float, { nullable: true, description: 'How exact the place is, in metres.' })
  gpsAccuracy?: number | null;

  @Field(() => Float, { nullable: true, description: 'Height above the sea in metres.' })
  altitude?: number | null;

  @Field(() => String, { nullable: true, description: 'With what it was taken.' })
  device?: string | null;

  @Field(() => String, { nullable: true, description: 'How it was taken.' })
  captureMode?: string | null;
}

@InputType({ description: 'A file from the field and what is known of it.' })
export class UploadMediumInput extends MediumFactsInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'UUID of its own making, for a program that was offline: sent again by the same person, it is there once.',
  })
  id?: string | null;

  @Field(() => Upload, {
    description:
      'The file, at most 52,428,800 bytes: JPEG, PNG, GIF, WebP, MP4, QuickTime, WebM, MP3, WAV, M4A, PDF or Word.',
  })
  file!: UploadedFile;

  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => ID, { nullable: true, description: 'UUID of an inspection of the same intervention.' })
  inspectionId?: string | null;
}

@InputType({ description: 'Changes to what is known of a file from the field.' })
export class UpdateMediumInput extends MediumFactsInput {
  @Field(() => ID, { description: 'UUID of the file.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'The version that the change saw: an older one is CONFLICT.' })
  version?: number | null;

  @Field(() => MediumStatus, { nullable: true, description: 'PROCESSING: it is looked at again, after this answer.' })
  status?: MediumStatus | null;
}

@InputType({ description: 'A file from the field that goes into the trash.' })
export class DeleteMediumInput {
  @Field(() => ID, { description: 'UUID of the file.' })
  id!: string;
}

@InputType({ description: 'One change to many files from the field.' })
export class BulkEditMediaInput {
  @Field(() => [ID], { description: 'UUIDs of the files, at most 500.' })
  ids!: string[];

  @Field(() => MediumStatus, { nullable: true, description: 'Their new status.' })
  status?: MediumStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'True: put them into the trash.' })
  trash?: boolean | null;
}

@ObjectType({ description: 'A file from the field after a change.' })
export class MediumPayload {
  @Field(() => Medium, { description: 'The file as it is now.' })
  medium!: Medium;
}

@ObjectType({ description: 'What a change to many files from the field did.' })
export class BulkEditMediaPayload {
  @Field(() => Int, { description: 'How many were changed.' })
  changedCount!: number;

  @Field(() => [Medium], { description: 'Those that were changed and are not in the trash.' })
  media!: Medium[];

  @Field(() => [ID], { description: 'Those left out: there is none of that id.' })
  notFoundIds!: string[];
}
