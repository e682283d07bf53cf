import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Json } from '../../kernel/scalars.js';
import { Report, ReportFormat, ReportKind, ReportStatus } from './report.entity.js';

@InputType({ description: 'What a writer puts into a report. Absent: nothing is stated; null: there is none.' })
export abstract class ReportTextsInput {
  @Field(() => String, {
    nullable: true,
    description: 'Its title, at most 300 characters; made of the kind and the day when none is given.',
  })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'What it says in short, at most 20,000 characters.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Who stands for it; the viewer when nobody is given.' })
  author?: string | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'What it says beyond the intervention: a text, or an object whose keys are headings; at most 200,000 ' +
      'characters as JSON.',
  })
  content?: unknown;
}

@InputType({ description: 'A report to be written.' })
export class CreateReportInput extends ReportTextsInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'UUID of its own making, for a program that was offline: sent again by the same person, it is there once.',
  })
  id?: string | null;

  @Field(() => ID, { description: 'UUID of the intervention.' })
  interventionId!: string;

  @Field(() => ReportKind, { description: 'What it is about.' })
  kind!: ReportKind;
}

@InputType({ description: 'A report to be made with its file.' })
export class GenerateReportInput extends CreateReportInput {
  @Field(() => ReportFormat, { nullable: true, description: 'What the file is to be; PDF by default.' })
  format?: ReportFormat | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of a template of the firm, in any case; `default` is built in.',
  })
  template?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether photos and other media stand in it; by default yes.' })
  withMedia?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it says where; by default yes.' })
  withPlaces?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The answer waits so many seconds for the file, at most 20; the report may still be IN_PROGRESS then. By ' +
      'default it does not wait.',
  })
  waitSeconds?: number | null;
}

@InputType({ description: 'A report whose file is to be made, or made anew. What is absent is as the last time.' })
export class RegenerateReportInput {
  @Field(() => ID, { description: 'UUID of the report.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'The version that the request saw: an older one is CONFLICT.' })
  version?: number | null;

  @Field(() => ReportFormat, { nullable: true, description: 'What the file is to be.' })
  format?: ReportFormat | null;

  @Field(() => String, { nullable: true, description: 'Name of a template; `default` is built in.' })
  template?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether photos and other media stand in it.' })
  withMedia?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it says where.' })
  withPlaces?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'The answer waits so many seconds for the file, at most 20.' })
  waitSeconds?: number | null;
}

@InputType({ description: 'Changes to a report.' })
export class UpdateReportInput extends ReportTextsInput {
  @Field(() => ID, { description: 'UUID of the report.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'The version that the change saw: an older one is CONFLICT.' })
  version?: number | null;

  @Field(() => ID, { nullable: true, description: 'UUID of another intervention.' })
  interventionId?: string | null;

  @Field(() => ReportKind, { nullable: true, description: 'What it is about.' })
  kind?: ReportKind | null;

  @Field(() => ReportStatus, {
    nullable: true,
    description: 'VALIDATED after DRAFT or GENERATED; ARCHIVED after any but IN_PROGRESS. The same is no change.',
  })
  status?: ReportStatus | null;
}

@InputType({ description: 'A report that goes into the trash.' })
export class DeleteReportInput {
  @Field(() => ID, { description: 'UUID of the report.' })
  id!: string;
}

@ObjectType({ description: 'A report after a change.' })
export class ReportPayload {
  @Field(() => Report, { description: 'The report as it is now.' })
  report!: Report;
}
