import { Field, ID, InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime } from '../../kernel/scalars.js';
import { Medium, MediumKind, MediumStatus } from './medium.entity.js';
import { mediumReads } from './medium.reads.js';

export const MediumConnection = connectionType('Medium', () => Medium);

@InputType({ description: 'Conditions on files from the field; all that are given must hold.' })
export class MediumFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this intervention.' })
  interventionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this inspection.' })
  inspectionId?: string | null;

  @Field(() => MediumKind, { nullable: true, description: 'Of this kind.' })
  kind?: MediumKind | null;

  @Field(() => MediumStatus, { nullable: true, description: 'Looked at so far.' })
  status?: MediumStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'With a known place, or without.' })
  hasPlace?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'With remarks, or without.' })
  hasAnnotations?: boolean | null;

  @Field(() => DateTime, { nullable: true, description: 'Sent at this moment or later.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Sent before this moment.' })
  createdBefore?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Whose name, remarks or description have this text, in any case.',
  })
  search?: string | null;
}

export const MediumListArgs = listArgs('Medium', mediumReads.list, MediumFilter);
