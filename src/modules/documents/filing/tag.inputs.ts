import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Document } from '../files/document.entity.js';
import { MatchingAlgorithm } from './matching-algorithm.js';
import { Tag } from './tag.entity.js';
import { tagReads } from './tag.reads.js';

export const TagConnection = connectionType('Tag', () => Tag);

@InputType({ description: 'Conditions on tags; all that are given must hold.' })
export class TagFilter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string;

  @Field(() => ID, { nullable: true, description: 'Right below this tag; null: at the top.' })
  parentId?: string | null;
}

export const TagListArgs = listArgs('Tag', tagReads.list, TagFilter);

@InputType({ description: 'A new tag.' })
export class CreateTagInput {
  @Field(() => String, { description: 'Name, unique without regard to case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Colour as `#RRGGBB`; #6B7280 by default.' })
  color?: string | null;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, {
    nullable: true,
    description: 'How documents for it are recognised; NONE by default.',
  })
  matchingAlgorithm?: MatchingAlgorithm | null;

  @Field(() => ID, { nullable: true, description: 'The tag above it.' })
  parentId?: string | null;
}

@InputType({ description: 'Changes to a tag; what is absent stays.' })
export class UpdateTagInput {
  @Field(() => ID, { description: 'Number of the tag.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;

  @Field(() => String, { nullable: true, description: 'Name, unique without regard to case.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Colour as `#RRGGBB`.' })
  color?: string | null;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, { nullable: true, description: 'How documents for it are recognised.' })
  matchingAlgorithm?: MatchingAlgorithm | null;

  @Field(() => ID, { nullable: true, description: 'The tag above it; null moves it to the top.' })
  parentId?: string | null;
}

@InputType({ description: 'Which tag.' })
export class DeleteTagInput {
  @Field(() => ID, { description: 'Number of the tag.' })
  id!: string;
}

@ObjectType({ description: 'A tag after a change.' })
export class TagPayload {
  @Field(() => Tag, { description: 'The tag as it is now.' })
  tag!: Tag;
}

@ObjectType({ description: "What a tag's rule would match." })
export class TagDryRun {
  @Field(() => Int, { description: 'How many of the latest documents were looked at, at most 1000.' })
  scanned!: number;

  @Field(() => [Document], { description: 'Those that match, newest first, at most 100.' })
  documents!: Document[];
}
