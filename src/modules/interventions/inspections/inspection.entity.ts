import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Degrees } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Intervention } from '../intervention.entity.js';

export enum InspectionKind {
  VISUAL = 'visual',
  ACOUSTIC = 'acoustic',
  THERMAL = 'thermal',
  TRACER_GAS = 'tracer_gas',
  PRESSURE = 'pressure',
  MOISTURE = 'moisture',
  CAMERA = 'camera',
  OTHER = 'other',
}

registerEnumType(InspectionKind, {
  name: 'InspectionKind',
  description: 'How something was looked for.',
  valuesConfig: {
    VISUAL: { description: 'By eye.' },
    ACOUSTIC: { description: 'By ear: correlation or ground microphone.' },
    THERMAL: { description: 'With an infrared camera.' },
    TRACER_GAS: { description: 'With a gas that comes out where water would.' },
    PRESSURE: { description: 'By putting pipes under pressure.' },
    MOISTURE: { description: 'By measuring moisture.' },
    CAMERA: { description: 'With a camera in the pipe.' },
    OTHER: { description: 'Otherwise.' },
  },
});

export enum InspectionStatus {
  PLANNED = 'planned',
  DONE = 'done',
}

registerEnumType(InspectionStatus, {
  name: 'InspectionStatus',
  description: 'Whether something was looked at.',
  valuesConfig: { PLANNED: { description: 'It is to be done.' }, DONE: { description: 'It is done.' } },
});

@ObjectType({ simpleResolvers: true, description: 'What was looked at and found on site.' })
@Entity({ tableName: 'inspections' })
export class Inspection {
  @Field(() => ID, { description: 'UUID of the inspection.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => InspectionKind, { description: 'How.' })
  @Enum({ items: () => InspectionKind, default: InspectionKind.OTHER })
  kind: InspectionKind & Opt = InspectionKind.OTHER;

  @Field(() => InspectionStatus, { description: 'Whether it is done.' })
  @Enum({ items: () => InspectionStatus, default: InspectionStatus.DONE })
  status: InspectionStatus & Opt = InspectionStatus.DONE;

  @Field(() => String, { nullable: true, description: 'What was found, in a word.' })
  @Property({ type: 'text', nullable: true })
  result?: string | null;

  @Field(() => String, { nullable: true, description: 'What was found, at length.' })
  @Property({ type: 'text', nullable: true })
  observations?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Latitude of what was looked at.' })
  @Property({ type: 'decimal', precision: 9, scale: 6, nullable: true })
  latitude?: string | null;

  @Field(() => Degrees, { nullable: true, description: 'Longitude of what was looked at.' })
  @Property({ type: 'decimal', precision: 9, scale: 6, nullable: true })
  longitude?: string | null;

  @Field(() => DateTime, { description: 'When it was, or is to be, looked at.' })
  @Property({ type: 'timestamptz' })
  inspectedAt!: Date;

  @Field(() => User, { nullable: true, description: 'Who noted it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was noted.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
