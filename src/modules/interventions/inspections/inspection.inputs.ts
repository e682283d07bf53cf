import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { DateTime, Degrees } from '../../../kernel/scalars.js';
import { Inspection, InspectionKind, InspectionStatus } from './inspection.entity.js';

@InputType({ description: 'What is said of an inspection.' })
class InspectionFactsInput {
  @Field(() => InspectionKind, { nullable: true, description: 'How; `OTHER` by default.' })
  kind?: InspectionKind | null;

  @Field(() => InspectionStatus, { nullable: true, description: 'Whether it is done; `DONE` by default.' })
  status?: InspectionStatus | null;

  @Field(() => String, { nullable: true, description: 'What was found, in a word; at most 500 characters.' })
  result?: string | null;

  @Field(() => String, { nullable: true, description: 'What was found, at length; at most 10,000 characters.' })
  observations?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Latitude of what was looked at, given with its longitude.' })
  latitude?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Longitude of what was looked at.' })
  longitude?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was, or is to be, looked at; now by default.' })
  inspectedAt?: Date | null;
}

@InputType({ description: 'What was looked at at an intervention.' })
export class CreateInspectionInput extends InspectionFactsInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => ID, {
    nullable: true,
    description: "A UUID of the sender's own making: sent again by the same person it makes nothing new.",
  })
  id?: string | null;
}

@InputType({ description: 'Changes to an inspection. What is absent stays as it is; null empties.' })
export class UpdateInspectionInput extends InspectionFactsInput {
  @Field(() => ID, { description: 'UUID of the inspection.' })
  id!: string;
}

@InputType({ description: 'Which inspection.' })
export class DeleteInspectionInput {
  @Field(() => ID, { description: 'UUID of the inspection.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An inspection after a change.' })
export class InspectionPayload {
  @Field(() => Inspection, { description: 'The inspection as it is now.' })
  inspection!: Inspection;
}
