import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime, Degrees } from '../../kernel/scalars.js';
import { Intervention, InterventionKind, InterventionPriority, InterventionStatus } from './intervention.entity.js';
import { interventionReads } from './intervention.reads.js';

export const InterventionConnection = connectionType('Intervention', () => Intervention);

@InputType({ description: 'Conditions on interventions; all that are given must hold.' })
export class InterventionFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this client.' })
  clientId?: string | null;

  @Field(() => InterventionStatus, { nullable: true, description: 'Standing so.' })
  status?: InterventionStatus | null;

  @Field(() => InterventionKind, { nullable: true, description: 'Of this kind.' })
  kind?: InterventionKind | null;

  @Field(() => InterventionPriority, { nullable: true, description: 'Hurrying so.' })
  priority?: InterventionPriority | null;

  @Field(() => DateTime, { nullable: true, description: 'That begin at this moment or later.' })
  scheduledAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'That begin before this moment.' })
  scheduledBefore?: Date | null;

  @Field(() => ID, { nullable: true, description: 'Led by this person.' })
  technicianUserId?: string | null;

  @Field(() => String, { nullable: true, description: 'Whose technician has this text, in any case.' })
  technician?: string | null;

  @Field(() => String, { nullable: true, description: 'Whose description or location has this text, in any case.' })
  search?: string | null;
}

export const InterventionListArgs = listArgs('Intervention', interventionReads.list, InterventionFilter);

@InputType({ description: 'What is said of an intervention.' })
class InterventionFactsInput {
  @Field(() => InterventionPriority, { nullable: true, description: 'How much it hurries; `NORMAL` by default.' })
  priority?: InterventionPriority | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where: an address, or how to find the place; at most 500 characters.',
  })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'What is to be done, and why; at most 10,000 characters.' })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who leads it: the UUID or the user name of a person, or any other text of at most 255 characters.',
  })
  technician?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Who works at it beside the one who leads, likewise, at most 20; replaced as a whole.',
  })
  otherTechnicians?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'How long it should take, in minutes: 1 to 100,000.' })
  estimatedMinutes?: number | null;

  @Field(() => Degrees, { nullable: true, description: 'Latitude of the place, given with its longitude.' })
  latitude?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Longitude of the place.' })
  longitude?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the work began; set when it goes under way.' })
  startedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the work was done; set when that ends.' })
  finishedAt?: Date | null;

  @Field(() => ID, { nullable: true, description: 'UUID of the intervention that it continues, of the same client.' })
  followsId?: string | null;
}

@InputType({ description: 'A new intervention. It is planned, whatever else is said of it.' })
export class CreateInterventionInput extends InterventionFactsInput {
  @Field(() => ID, {
    nullable: true,
    description:
      "A UUID of the sender's own making: sent again by the same person it makes nothing new. One is made by default.",
  })
  id?: string | null;

  @Field(() => ID, { description: 'UUID of the client.' })
  clientId!: string;

  @Field(() => DateTime, { description: 'When it is to begin.' })
  scheduledAt!: Date;

  @Field(() => InterventionKind, { description: 'What is done.' })
  kind!: InterventionKind;
}

const versionText =
  'The version that the change was made on: when it has changed since, CONFLICT with the reason `stale_version`. ' +
  'Absent: whatever it is.';

@InputType({ description: 'Changes to an intervention. What is absent stays as it is; null empties.' })
export class UpdateInterventionInput extends InterventionFactsInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: versionText })
  version?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it is to begin.' })
  scheduledAt?: Date | null;

  @Field(() => InterventionKind, { nullable: true, description: 'What is done.' })
  kind?: InterventionKind | null;

  @Field(() => InterventionStatus, {
    nullable: true,
    description:
      'Where it is to stand, by the rule of `changeInterventionStatus`; where it stands already is no change.',
  })
  status?: InterventionStatus | null;
}

@InputType({ description: 'Where an intervention is to stand.' })
export class ChangeInterventionStatusInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: versionText })
  version?: number | null;

  @Field(() => InterventionStatus, { description: 'Where it is to stand.' })
  status!: InterventionStatus;

  @Field(() => String, { nullable: true, description: 'Why, for its history; at most 2,000 characters.' })
  comment?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the work began. By default as it was, else now.' })
  startedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the work was done. By default as it was, else now.' })
  finishedAt?: Date | null;
}

@InputType({ description: 'Which intervention.' })
export class DeleteInterventionInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'An intervention after a change.' })
export class InterventionPayload {
  @Field(() => Intervention, { description: 'The intervention as it is now.' })
  intervention!: Intervention;
}
