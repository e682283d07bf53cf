import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigInteger } from '../../kernel/scalars.js';
import { MediumKind } from './medium.entity.js';

export enum MediumVariant {
  FILE = 'file',
  THUMBNAIL = 'thumbnail',
}

registerEnumType(MediumVariant, {
  name: 'MediumVariant',
  description: 'What of a file from the field.',
  valuesConfig: {
    FILE: { description: 'The file as it came.' },
    THUMBNAIL: { description: 'A small JPEG of it, upright.' },
  },
});

@InputType({ description: 'What makes an address open without a header.' })
export class MediumLinkInput {
  @Field(() => BigInteger, { description: 'When it ends, in seconds since 1970.' })
  expires!: number;

  @Field(() => String, { description: 'Proves by whom and for what it was made.' })
  signature!: string;
}

@ObjectType({ description: 'A file from the field in the store.' })
export class MediumFile {
  @Field(() => String, { description: 'Key in the content store.' })
  key!: string;

  @Field(() => String, { description: 'Name to save it under.' })
  name!: string;

  @Field(() => String, { description: 'Media type.' })
  mimeType!: string;

  @Field(() => String, { description: 'The same for the same bytes, and for no others.' })
  tag!: string;
}

@ObjectType({ description: 'Files from the field of one kind.' })
export class MediaKindFigures {
  @Field(() => MediumKind, { description: 'The kind.' })
  kind!: MediumKind;

  @Field(() => Int, { description: 'How many.' })
  count!: number;

  @Field(() => BigInteger, { description: 'What they take, in bytes.' })
  totalBytes!: number;
}

@ObjectType({ description: 'Files from the field of one intervention.' })
export class MediaInterventionFigures {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ description: 'How many files from the field there are, and what they take; without the trash.' })
export class MediaStatistics {
  @Field(() => Int, { description: 'All.' })
  totalCount!: number;

  @Field(() => Int, { description: 'Sent in this calendar month of the firm.' })
  monthCount!: number;

  @Field(() => Int, { description: 'Not looked at yet.' })
  processingCount!: number;

  @Field(() => Int, { description: 'Looked at.' })
  readyCount!: number;

  @Field(() => Int, { description: 'With a known place.' })
  placedCount!: number;

  @Field(() => Int, { description: 'With remarks.' })
  annotatedCount!: number;

  @Field(() => BigInteger, { description: 'What they take, in bytes.' })
  totalBytes!: number;

  @Field(() => [MediaKindFigures], { description: 'One for each kind that there is.' })
  kinds!: MediaKindFigures[];

  @Field(() => [MediaInterventionFigures], { description: 'Of the hundred interventions with most, these first.' })
  interventions!: MediaInterventionFigures[];
}
