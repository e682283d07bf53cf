import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Frequency } from '../../../kernel/frequency.js';
import { CalendarDate } from '../../../kernel/scalars.js';
import { VersionedColumns } from '../../../kernel/versioned-columns.js';
import { Client } from '../../clients/client.entity.js';
import { User } from '../../identity/people/user.entity.js';
import { Intervention, InterventionKind } from '../intervention.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'Visits to a client that come back: each becomes an intervention of its own. Seen with `interventions:read`.',
})
@Entity({ tableName: 'maintenance_contracts' })
export class MaintenanceContract extends VersionedColumns {
  @Field(() => ID, { description: 'UUID of the contract.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => Client, { nullable: true, description: 'With whom; null when the viewer may not see clients.' })
  @ManyToOne({ entity: () => Client, ref: true })
  client!: Ref<Client>;

  @Field(() => String, { description: 'What it is called.' })
  @Property({ type: 'text' })
  title!: string;

  @Field(() => InterventionKind, { description: 'What is done at a visit.' })
  @Enum({ items: () => InterventionKind })
  kind!: InterventionKind;

  @Field(() => String, { nullable: true, description: 'What is to be done at a visit, and why.' })
  @Property({ type: 'text', nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Where: an address, or how to find the place.' })
  @Property({ type: 'text', nullable: true })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'Who leads the visits, as it was given: a name, or any text.' })
  @Property({ type: 'text', nullable: true })
  technician?: string | null;

  @Field(() => User, {
    nullable: true,
    description: 'The person that `technician` names; null for a free text, or when the viewer may not see people.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  technicianUser?: Ref<User> | null;

  @Field(() => Frequency, { description: 'How often there is a visit.' })
  @Enum({ items: () => Frequency })
  frequency!: Frequency;

  @Field(() => Int, { description: 'Every how many days, weeks, months or years.' })
  @Property({ type: 'integer' })
  interval!: number;

  @Field(() => CalendarDate, { description: 'Day from which the others are counted: the first one.' })
  @Property({ type: 'date' })
  startDate!: string;

  @Field(() => CalendarDate, {
    nullable: true,
    description: 'Last day on which there may be one; null: it has no end.',
  })
  @Property({ type: 'date', nullable: true })
  endDate?: string | null;

  // In the graph without its seconds: maintenance-contract.resolver.ts
  @Property({ columnType: 'time', type: 'time' })
  visitTime!: string;

  @Field(() => Int, { description: 'How long a visit takes, in minutes.' })
  @Property({ type: 'integer' })
  visitMinutes!: number;

  @Field(() => String, { description: 'Time zone of its days and of `visitTime`, by its IANA name.' })
  @Property({ type: 'text' })
  timeZone!: string;

  @Field(() => Int, { description: 'How many days ahead visits are made.' })
  @Property({ type: 'integer' })
  horizonDays!: number;

  @Field(() => Boolean, {
    description: 'Whether visits are made; those of the time in which it is false are left out.',
  })
  @Property({ type: 'boolean', default: true })
  isActive: boolean & Opt = true;

  @Field(() => CalendarDate, {
    nullable: true,
    description: 'Day of the first visit that is not made yet; null: none is left.',
  })
  @Property({ type: 'date', nullable: true })
  nextVisit?: string | null;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  // A connection in the graph: maintenance-contract.resolver.ts
  @OneToMany({ entity: () => Intervention, mappedBy: 'contract' })
  visits = new Collection<Intervention>(this);
}
