import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { InterventionKind } from '../../interventions/intervention.entity.js';

@ObjectType({ simpleResolvers: true, description: 'What the holder of a client’s link may know of the visit.' })
export class CustomerVisit {
  /** What opened it. */
  token!: string;

  @Field(() => String, { nullable: true, description: 'Who comes; null where the server does not know its firm.' })
  firmName!: string | null;

  @Field(() => String, { description: 'Whom they come to.' })
  clientName!: string;

  @Field(() => InterventionKind, { nullable: true, description: 'What is done; null: nothing in particular.' })
  kind!: InterventionKind | null;

  @Field(() => DateTime, { description: 'When it begins.' })
  startsAt!: string;

  @Field(() => DateTime, { description: 'When it ends.' })
  endsAt!: string;

  @Field(() => String, { description: 'The zone of the firm’s clock, such as `Europe/Paris`.' })
  timeZone!: string;

  @Field(() => String, { nullable: true, description: 'Where; null when nobody said it.' })
  location!: string | null;

  @Field(() => String, { nullable: true, description: 'Who comes in person; null when nobody said it.' })
  technicianName!: string | null;

  @Field(() => Boolean, { description: 'Whether it is confirmed.' })
  isConfirmed!: boolean;

  @Field(() => Boolean, { description: 'Whether the client asked for another time, and nobody has answered yet.' })
  isMoveRequested!: boolean;
}

@InputType({ description: 'A new link for the client of an appointment.' })
export class CreateCustomerLinkInput {
  @Field(() => ID, { description: 'UUID of the appointment.' })
  appointmentId!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it ends at the latest; absent: with the appointment, also when that is moved.',
  })
  expiresAt?: Date | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A new link for a client. Its secret is shown here and never again.',
})
export class CustomerLinkPayload {
  @Field(() => String, { description: 'The address to hand on, with the secret in it.' })
  url!: string;

  @Field(() => DateTime, { description: 'When it ends; earlier when the appointment is cancelled or deleted.' })
  expiresAt!: Date;
}

export enum CustomerAnswer {
  CONFIRM = 'confirm',
  MOVE = 'move',
}

registerEnumType(CustomerAnswer, {
  name: 'CustomerAnswer',
  description: 'What a client answers to a visit.',
  valuesConfig: {
    CONFIRM: { description: 'The client will be there.' },
    MOVE: { description: 'The client would like another time.' },
  },
});

@InputType({ description: 'What a client answers to a visit.' })
export class AnswerCustomerVisitInput {
  @Field(() => String, { description: 'The secret of the link.' })
  token!: string;

  @Field(() => CustomerAnswer, { description: 'The answer.' })
  answer!: CustomerAnswer;

  @Field(() => String, { nullable: true, description: 'With MOVE: to the firm, at most 1,000 characters.' })
  message?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'With MOVE: times that would suit, on the firm’s clock: `2026-03-30T14:00`. At most 5; a message may do instead.',
  })
  wishedTimes?: string[] | null;
}

@ObjectType({ description: 'A visit after its client has answered.' })
export class CustomerVisitPayload {
  @Field(() => CustomerVisit, { description: 'The visit as it is now.' })
  customerVisit!: CustomerVisit;
}
