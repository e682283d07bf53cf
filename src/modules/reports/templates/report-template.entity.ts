import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { ReportKind } from '../report.entity.js';

export enum ReportSection {
  SUMMARY = 'summary',
  FINDINGS = 'findings',
  CHECKLIST = 'checklist',
  HOURS = 'hours',
  PARTS = 'parts',
  TIMELINE = 'timeline',
  CLOSING = 'closing',
  SIGNATURE = 'signature',
  PHOTOS = 'photos',
  ATTACHMENTS = 'attachments',
}

registerEnumType(ReportSection, {
  name: 'ReportSection',
  description: 'A part of a report; one that has nothing to say is left out.',
  valuesConfig: {
    SUMMARY: { description: 'What was asked for, what was done, and what else the writer put into it.' },
    FINDINGS: { description: 'What was found on site, with the photos of it.' },
    CHECKLIST: { description: 'The points of control.' },
    HOURS: { description: 'Who worked when and how long.' },
    PARTS: { description: 'Parts that were used.' },
    TIMELINE: { description: 'How the intervention went on, with the comments.' },
    CLOSING: { description: 'The closing text of the template.' },
    SIGNATURE: { description: "The client's signature, taken on site." },
    PHOTOS: { description: 'The photos that stand nowhere else.' },
    ATTACHMENTS: { description: 'Films, recordings and papers, by name.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'What reports of the firm look like. Seen with `reports:read`; `default` is built in and not among them.',
})
@Entity({ tableName: 'report_templates' })
export class ReportTemplate {
  @Field(() => ID, { description: 'UUID of the template.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => String, { description: 'What it is asked for by, in any case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => ReportKind, { nullable: true, description: 'For which reports; null: for all.' })
  @Enum({ items: () => ReportKind, nullable: true })
  kind?: ReportKind | null;

  @Field(() => String, { nullable: true, description: 'What the paper is called; by default as its kind is.' })
  @Property({ type: 'text', nullable: true })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands before the sections.' })
  @Property({ type: 'text', nullable: true })
  introduction?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands in the section CLOSING.' })
  @Property({ type: 'text', nullable: true })
  closing?: string | null;

  @Field(() => [ReportSection], { description: 'The sections, in their order.' })
  @Property({ columnType: 'text[]', type: 'array' })
  sections!: ReportSection[];

  @Field(() => String, { description: 'Colour of headings and lines: `#1f3a5f`.' })
  @Property({ type: 'text' })
  accentColour!: string;

  // Where the picture lies in the content store.
  @Property({ type: 'text', nullable: true })
  logoKey?: string | null;

  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  updatedAt: Date & Opt = new Date();
}
