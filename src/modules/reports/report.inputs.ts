import { Field, ID, InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime } from '../../kernel/scalars.js';
import { Report, ReportKind, ReportStatus } from './report.entity.js';
import { reportReads } from './report.reads.js';

export const ReportConnection = connectionType('Report', () => Report);

@InputType({ description: 'Conditions on reports; all that are given must hold.' })
export class ReportFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this intervention.' })
  interventionId?: string | null;

  @Field(() => ReportKind, { nullable: true, description: 'About this.' })
  kind?: ReportKind | null;

  @Field(() => ReportStatus, { nullable: true, description: 'Standing so.' })
  status?: ReportStatus | null;

  @Field(() => DateTime, { nullable: true, description: 'Made at this moment or later.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Made before this moment.' })
  createdBefore?: Date | null;

  @Field(() => String, { nullable: true, description: 'Whose author has this text, in any case.' })
  author?: string | null;

  @Field(() => String, { nullable: true, description: 'Whose title or description has this text, in any case.' })
  search?: string | null;
}

export const ReportListArgs = listArgs('Report', reportReads.list, ReportFilter);
