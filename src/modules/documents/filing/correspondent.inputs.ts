import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Correspondent } from './correspondent.entity.js';
import { correspondentReads } from './correspondent.reads.js';
import { MatchingAlgorithm } from './matching-algorithm.js';

export const CorrespondentConnection = connectionType('Correspondent', () => Correspondent);

@InputType({ description: 'Conditions on correspondents; all that are given must hold.' })
export class CorrespondentFilter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string;
}

export const CorrespondentListArgs = listArgs('Correspondent', correspondentReads.list, CorrespondentFilter);

@InputType({ description: 'A new correspondent.' })
export class CreateCorrespondentInput {
  @Field(() => String, { description: 'Name, unique without regard to case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, { nullable: true, description: 'How its documents are recognised; NONE by default.' })
  matchingAlgorithm?: MatchingAlgorithm | null;
}

@InputType({ description: 'Changes to a correspondent; what is absent stays.' })
export class UpdateCorrespondentInput {
  @Field(() => ID, { description: 'Number of the correspondent.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;

  @Field(() => String, { nullable: true, description: 'Name, unique without regard to case.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Pattern for `matchingAlgorithm`.' })
  match?: string | null;

  @Field(() => MatchingAlgorithm, { nullable: true, description: 'How its documents are recognised.' })
  matchingAlgorithm?: MatchingAlgorithm | null;
}

@InputType({ description: 'Which correspondent.' })
export class DeleteCorrespondentInput {
  @Field(() => ID, { description: 'Number of the correspondent.' })
  id!: string;
}

@ObjectType({ description: 'A correspondent after a change.' })
export class CorrespondentPayload {
  @Field(() => Correspondent, { description: 'The correspondent as it is now.' })
  correspondent!: Correspondent;
}
