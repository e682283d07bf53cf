import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Frequency } from '../../../kernel/frequency.js';
import { CalendarDate } from '../../../kernel/scalars.js';
import { InterventionKind } from '../intervention.entity.js';
import { MaintenanceContract } from './maintenance-contract.entity.js';
import { maintenanceContractReads } from './maintenance-contract.reads.js';

export const MaintenanceContractConnection = connectionType('MaintenanceContract', () => MaintenanceContract);

@InputType({ description: 'Conditions on contracts; all that are given must hold.' })
export class MaintenanceContractFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this client.' })
  clientId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether visits are made.' })
  isActive?: boolean | null;
}

export const MaintenanceContractListArgs = listArgs(
  'MaintenanceContract',
  maintenanceContractReads.list,
  MaintenanceContractFilter,
);

@InputType({ description: 'What is said of a contract.' })
class ContractFactsInput {
  @Field(() => String, { nullable: true, description: 'What is to be done at a visit; at most 10,000 characters.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Where; at most 500 characters.' })
  location?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Who leads the visits: the UUID or the user name of a person, or any other text.',
  })
  technician?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Every how many days, weeks, months or years: 1 to 366, 1 by default.',
  })
  interval?: number | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day on which there may be a visit; null: no end.' })
  endDate?: string | null;

  @Field(() => String, { nullable: true, description: "IANA name of its time zone; the firm's by default." })
  timeZone?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many days ahead visits are made: 1 to 366, 30 by default.',
  })
  horizonDays?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether visits are made; true by default.' })
  isActive?: boolean | null;
}

@InputType({ description: 'A new contract. Visits begin with the first one that is not over.' })
export class CreateMaintenanceContractInput extends ContractFactsInput {
  @Field(() => ID, {
    nullable: true,
    description: "A UUID of the sender's own making: sent again by the same person it makes nothing new.",
  })
  id?: string | null;

  @Field(() => ID, { description: 'UUID of the client.' })
  clientId!: string;

  @Field(() => String, { description: 'What it is called: 1 to 255 characters.' })
  title!: string;

  @Field(() => InterventionKind, { description: 'What is done at a visit.' })
  kind!: InterventionKind;

  @Field(() => Frequency, { description: 'How often there is a visit.' })
  frequency!: Frequency;

  @Field(() => CalendarDate, { description: 'Day from which the others are counted: the first one.' })
  startDate!: string;

  @Field(() => String, { description: 'When a visit begins, on the clock of its time zone: `09:00`.' })
  visitTime!: string;

  @Field(() => Int, { description: 'How long a visit takes, in minutes: 5 to 1440.' })
  visitMinutes!: number;
}

@InputType({
  description: 'Changes to a contract, for the visits that are not made yet. What is absent stays as it is.',
})
export class UpdateMaintenanceContractInput extends ContractFactsInput {
  @Field(() => ID, { description: 'UUID of the contract.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change was made on; CONFLICT when it has changed since.',
  })
  version?: number | null;

  @Field(() => String, { nullable: true, description: 'What it is called: 1 to 255 characters.' })
  title?: string | null;

  @Field(() => InterventionKind, { nullable: true, description: 'What is done at a visit.' })
  kind?: InterventionKind | null;

  @Field(() => Frequency, { nullable: true, description: 'How often there is a visit.' })
  frequency?: Frequency | null;

  @Field(() => CalendarDate, {
    nullable: true,
    description: 'Day from which the others are counted. The next visit lies in a later period than the last.',
  })
  startDate?: string | null;

  @Field(() => String, { nullable: true, description: 'When a visit begins: `09:00`.' })
  visitTime?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long a visit takes, in minutes: 5 to 1440.' })
  visitMinutes?: number | null;
}

@InputType({ description: 'Which contract.' })
export class DeleteMaintenanceContractInput {
  @Field(() => ID, { description: 'UUID of the contract.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A contract after a change.' })
export class MaintenanceContractPayload {
  @Field(() => MaintenanceContract, { description: 'The contract as it is now.' })
  maintenanceContract!: MaintenanceContract;
}
