import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { VersionedColumns } from '../../kernel/versioned-columns.js';
import { Client } from '../clients/client.entity.js';
import { User } from '../identity/people/user.entity.js';
import { Intervention } from '../interventions/intervention.entity.js';

export enum AppointmentStatus {
  PLANNED = 'planned',
  CONFIRMED = 'confirmed',
  CANCELLED = 'cancelled',
  DONE = 'done',
}

registerEnumType(AppointmentStatus, {
  name: 'AppointmentStatus',
  description: 'Where an appointment stands. Planned and confirmed ones take their time in the calendar.',
  valuesConfig: {
    PLANNED: { description: 'It stands in the calendar.' },
    CONFIRMED: { description: 'It is agreed with the client.' },
    CANCELLED: { description: 'It does not take place.' },
    DONE: { description: 'It has taken place.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A time with a client. Seen with `appointments:read`.' })
@Entity({ tableName: 'appointments' })
export class Appointment extends VersionedColumns {
  @Field(() => ID, { description: 'UUID of the appointment.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => Client, { nullable: true, description: 'With whom; null when the viewer may not see clients.' })
  @ManyToOne({ entity: () => Client, ref: true })
  client!: Ref<Client>;

  @Field(() => ID, { description: 'UUID of the client.' })
  @Property({ type: 'uuid', persist: false, fieldName: 'client_id' })
  clientId!: string & Opt;

  @Field(() => Intervention, { nullable: true, description: 'What is done then; null: nothing in particular.' })
  @ManyToOne({ entity: () => Intervention, ref: true, nullable: true })
  intervention?: Ref<Intervention> | null;

  @Field(() => ID, { nullable: true, description: 'UUID of the intervention.' })
  @Property({ type: 'uuid', persist: false, nullable: true, fieldName: 'intervention_id' })
  interventionId?: string | null;

  @Field(() => DateTime, { description: 'When it begins.' })
  @Property({ type: 'timestamptz' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'When it ends; another may begin at this moment.' })
  @Property({ type: 'timestamptz' })
  endsAt!: Date;

  @Field(() => AppointmentStatus, { description: 'Where it stands.' })
  @Enum({ items: () => AppointmentStatus, default: AppointmentStatus.PLANNED })
  status: AppointmentStatus & Opt = AppointmentStatus.PLANNED;

  @Field(() => String, { nullable: true, description: 'Who goes there, as it was given: a name, or any text.' })
  @Property({ type: 'text', nullable: true })
  technician?: string | null;

  @Field(() => User, {
    nullable: true,
    description: 'The person that `technician` names; null for a free text, or when the viewer may not see people.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  technicianUser?: Ref<User> | null;

  @Field(() => String, { nullable: true, description: 'What is to be known of it.' })
  @Property({ type: 'text', nullable: true })
  notes?: string | null;

  @Field(() => String, { nullable: true, description: 'Colour in the calendar, `#RRGGBB`; null: that of its status.' })
  @Property({ type: 'text', nullable: true })
  color?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many hours before it calendars remind of it.' })
  @Property({ type: 'integer', nullable: true })
  reminderHours?: number | null;

  // The end, and the way to the next place.
  @Property({ type: 'timestamptz' })
  blockedUntil!: Date;

  @Field(() => Int, { description: 'How often it was moved: the SEQUENCE of iCalendar.' })
  @Property({ type: 'integer', default: 0 })
  sequence: number & Opt = 0;

  @Field(() => DateTime, { nullable: true, description: 'When the client confirmed it.' })
  @Property({ type: 'timestamptz', nullable: true })
  confirmedByClientAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the client asked for another time.' })
  @Property({ type: 'timestamptz', nullable: true })
  moveRequestedAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'What the client asked for.' })
  @Property({ type: 'text', nullable: true })
  moveRequest?: string | null;

  @Property({ type: 'timestamptz', nullable: true })
  cancelledAt?: Date | null;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;
}
