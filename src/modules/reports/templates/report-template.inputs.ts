import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Upload, type UploadedFile } from '../../../kernel/scalars.js';
import { ReportKind } from '../report.entity.js';
import { ReportSection, ReportTemplate } from './report-template.entity.js';
import { reportTemplateReads } from './report-template.reads.js';

export const ReportTemplateConnection = connectionType('ReportTemplate', () => ReportTemplate);

@InputType({ description: 'Conditions on templates of reports; all that are given must hold.' })
export class ReportTemplateFilter extends ListFilter {
  @Field(() => ReportKind, { nullable: true, description: 'For reports of this kind only; not those for all.' })
  kind?: ReportKind | null;
}

export const ReportTemplateListArgs = listArgs('ReportTemplate', reportTemplateReads.list, ReportTemplateFilter);

@InputType({ description: 'What a template says. Absent: nothing is stated; null: there is none.' })
export abstract class ReportTemplateFactsInput {
  @Field(() => ReportKind, { nullable: true, description: 'For which reports; null: for all.' })
  kind?: ReportKind | null;

  @Field(() => String, { nullable: true, description: 'What the paper is called, at most 100 characters.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands before the sections, at most 5,000 characters.' })
  introduction?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands in the section CLOSING, at most 5,000 characters.' })
  closing?: string | null;

  @Field(() => [ReportSection], {
    nullable: true,
    description: 'The sections in their order, each once; by default all of them.',
  })
  sections?: ReportSection[] | null;

  @Field(() => String, { nullable: true, description: 'Colour of headings and lines, such as `#1f3a5f`.' })
  accentColour?: string | null;

  @Field(() => Upload, {
    nullable: true,
    description: 'A picture for the head of the first page: JPEG, PNG, GIF or WebP; null takes it away.',
  })
  logo?: UploadedFile | null;
}

@InputType({ description: 'A template to be made.' })
export class CreateReportTemplateInput extends ReportTemplateFactsInput {
  @Field(() => String, { description: 'What it is asked for by, at most 100 characters; not `default`.' })
  name!: string;
}

@InputType({ description: 'Changes to a template.' })
export class UpdateReportTemplateInput extends ReportTemplateFactsInput {
  @Field(() => ID, { description: 'UUID of the template.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What it is asked for by.' })
  name?: string | null;
}

@InputType({ description: 'A template that goes; reports that were made by it stay as they are.' })
export class DeleteReportTemplateInput {
  @Field(() => ID, { description: 'UUID of the template.' })
  id!: string;
}

@ObjectType({ description: 'A template after a change.' })
export class ReportTemplatePayload {
  @Field(() => ReportTemplate, { description: 'The template as it is now.' })
  reportTemplate!: ReportTemplate;
}
