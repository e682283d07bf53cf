import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CalendarDate, DateTime, Degrees } from '../../kernel/scalars.js';
import { VersionedColumns } from '../../kernel/versioned-columns.js';
import { Client } from '../clients/client.entity.js';
import { User } from '../identity/people/user.entity.js';
import { Medium } from '../media/medium.entity.js';
import { Appointment } from '../planning/appointment.entity.js';
import { Report } from '../reports/report.entity.js';
import { ChecklistItem } from './checklist/checklist-item.entity.js';
import { MaintenanceContract } from './contracts/maintenance-contract.entity.js';
import { Inspection } from './inspections/inspection.entity.js';
import { InterventionStatusChange } from './intervention-status-change.entity.js';
import { InterventionTechnician } from './intervention-technician.entity.js';
import { UsedPart } from './work/used-part.entity.js';
import { WorkEntry } from './work/work-entry.entity.js';

export enum InterventionKind {
  INSPECTION = 'inspection',
  DETECTION = 'detection',
  REPAIR = 'repair',
  MAINTENANCE = 'maintenance',
  OTHER = 'other',
}

registerEnumType(InterventionKind, {
  name: 'InterventionKind',
  description: 'What is done at a client.',
  valuesConfig: {
    INSPECTION: { description: 'Something is looked at.' },
    DETECTION: { description: 'A leak is looked for.' },
    REPAIR: { description: 'Something is mended.' },
    MAINTENANCE: { description: 'Something is kept in order.' },
    OTHER: { description: 'Something else.' },
  },
});

export enum InterventionStatus {
  PLANNED = 'planned',
  IN_PROGRESS = 'in_progress',
  VALIDATED = 'validated',
  ARCHIVED = 'archived',
}

registerEnumType(InterventionStatus, {
  name: 'InterventionStatus',
  description: 'Where an intervention stands: planned → in progress → validated → archived; any may be archived.',
  valuesConfig: {
    PLANNED: { description: 'It is to be done.' },
    IN_PROGRESS: { description: 'Somebody is at it.' },
    VALIDATED: { description: 'It is done and found right.' },
    ARCHIVED: { description: 'It is over.' },
  },
});

export enum InterventionPriority {
  LOW = 'low',
  NORMAL = 'normal',
  HIGH = 'high',
  URGENT = 'urgent',
}

registerEnumType(InterventionPriority, {
  name: 'InterventionPriority',
  description: 'How much an intervention hurries.',
  valuesConfig: {
    LOW: { description: 'It can wait.' },
    NORMAL: { description: 'As usual.' },
    HIGH: { description: 'Before the usual ones.' },
    URGENT: { description: 'Now.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: "Work at a client's place. Seen with `interventions:read`.",
})
@Entity({ tableName: 'interventions' })
export class Intervention extends VersionedColumns {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => Client, { nullable: true, description: 'At whose place; null when the viewer may not see clients.' })
  @ManyToOne({ entity: () => Client, ref: true })
  client!: Ref<Client>;

  @Field(() => ID, { description: 'UUID of the client.' })
  @Property({ type: 'uuid', persist: false, fieldName: 'client_id' })
  clientId!: string & Opt;

  @Field(() => DateTime, { description: 'When it is to begin.' })
  @Property({ type: 'timestamptz' })
  scheduledAt!: Date;

  @Field(() => InterventionKind, { description: 'What is done.' })
  @Enum({ items: () => InterventionKind })
  kind!: InterventionKind;

  @Field(() => InterventionStatus, { description: 'Where it stands.' })
  @Enum({ items: () => InterventionStatus, default: InterventionStatus.PLANNED })
  status: InterventionStatus & Opt = InterventionStatus.PLANNED;

  @Field(() => InterventionPriority, { description: 'How much it hurries.' })
  @Enum({ items: () => InterventionPriority, default: InterventionPriority.NORMAL })
  priority: InterventionPriority & Opt = InterventionPriority.NORMAL;

  @Field(() => String, { nullable: true, description: 'Where: an address, or how to find the place.' })
  @Property({ type: 'text', nullable: true })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'What is to be done, and why.' })
  @Property({ type: 'text', nullable: true })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Who leads it, as it was given: a name, or any text.' })
  @Property({ type: 'text', nullable: true })
  technician?: string | null;

  @Field(() => User, {
    nullable: true,
    description: 'The person that `technician` names; null for a free text, or when the viewer may not see people.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  technicianUser?: Ref<User> | null;

  @Field(() => Int, { nullable: true, description: 'How long it should take, in minutes.' })
  @Property({ type: 'integer', nullable: true })
  estimatedMinutes?: number | null;

  @Field(() => Degrees, { nullable: true, description: 'Latitude of the place.' })
  @Property({ type: 'decimal', precision: 9, scale: 6, nullable: true })
  latitude?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Longitude of the place.' })
  @Property({ type: 'decimal', precision: 9, scale: 6, nullable: true })
  longitude?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the work began.' })
  @Property({ type: 'timestamptz', nullable: true })
  startedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the work was done.' })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt?: Date | null;

  @Field(() => Intervention, { nullable: true, description: 'The intervention that it continues.' })
  @ManyToOne({ entity: () => Intervention, ref: true, nullable: true })
  follows?: Ref<Intervention> | null;

  @Field(() => MaintenanceContract, { nullable: true, description: 'The contract whose visit it is; null: of none.' })
  @ManyToOne({ entity: () => MaintenanceContract, ref: true, nullable: true, deleteRule: 'cascade' })
  contract?: Ref<MaintenanceContract> | null;

  @Field(() => CalendarDate, { nullable: true, description: 'The day on which the contract asked for it.' })
  @Property({ type: 'date', nullable: true })
  contractDay?: string | null;

  @Field(() => String, { nullable: true, description: 'Who signed for the client on site.' })
  @Property({ type: 'text', nullable: true })
  signatoryName?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the client signed.' })
  @Property({ type: 'timestamptz', nullable: true })
  signedAt?: Date | null;

  @Property({ type: 'text', nullable: true })
  signatureKey?: string | null;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => [InterventionTechnician], {
    description: 'Who works at it beside the one who leads, in their order: at most 20.',
  })
  @OneToMany({ entity: () => InterventionTechnician, mappedBy: 'intervention', orderBy: { position: 'asc' } })
  otherTechnicians = new Collection<InterventionTechnician>(this);

  @Field(() => [InterventionStatusChange], { description: 'How it came to stand as it does, oldest first: at most 4.' })
  @OneToMany({ entity: () => InterventionStatusChange, mappedBy: 'intervention', orderBy: { id: 'asc' } })
  statusHistory = new Collection<InterventionStatusChange>(this);

  @Field(() => [ChecklistItem], { description: 'What is to be done on site, in its order: at most 200.' })
  @OneToMany({ entity: () => ChecklistItem, mappedBy: 'intervention', orderBy: { position: 'asc' } })
  checklist = new Collection<ChecklistItem>(this);

  @Field(() => [WorkEntry], { description: 'Time that was worked at it, by day: at most 500.' })
  @OneToMany({ entity: () => WorkEntry, mappedBy: 'intervention', orderBy: { workDate: 'asc', id: 'asc' } })
  workEntries = new Collection<WorkEntry>(this);

  @Field(() => [UsedPart], { description: 'Material that was used up, as it was noted: at most 500.' })
  @OneToMany({ entity: () => UsedPart, mappedBy: 'intervention', orderBy: { createdAt: 'asc', id: 'asc' } })
  usedParts = new Collection<UsedPart>(this);

  @Field(() => [Inspection], { description: 'What was looked at and found, the earliest first: at most 200.' })
  @OneToMany({ entity: () => Inspection, mappedBy: 'intervention', orderBy: { inspectedAt: 'asc', id: 'asc' } })
  inspections = new Collection<Inspection>(this);

  // Connections of the graph, declared by the resolvers of their modules.
  @OneToMany({ entity: () => Intervention, mappedBy: 'follows' })
  followUps = new Collection<Intervention>(this);

  @OneToMany({ entity: () => Appointment, mappedBy: 'intervention' })
  appointments = new Collection<Appointment>(this);

  @OneToMany({ entity: () => Medium, mappedBy: 'intervention' })
  media = new Collection<Medium>(this);

  @OneToMany({ entity: () => Report, mappedBy: 'intervention' })
  reports = new Collection<Report>(this);
}
