import { Field, Int, ObjectType } from 'type-graphql';
import { BigInteger } from '../../kernel/scalars.js';
import { ReportKind, ReportStatus } from './report.entity.js';

@ObjectType({ simpleResolvers: true, description: 'Where the file of a report lies, for the doors that send it.' })
export class ReportFile {
  @Field(() => String, { description: 'Key in the content store.' })
  key!: string;

  @Field(() => String, { description: 'Name for saving it.' })
  name!: string;

  @Field(() => String, { description: 'Media type.' })
  mimeType!: string;

  @Field(() => String, { description: 'Of the bytes: equal files have equal tags.' })
  tag!: string;
}

@ObjectType({ simpleResolvers: true, description: 'How many reports are about something.' })
export class ReportKindCount {
  @Field(() => ReportKind, { description: 'About what.' })
  kind!: ReportKind;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many reports stand so.' })
export class ReportStatusCount {
  @Field(() => ReportStatus, { description: 'Where they stand.' })
  status!: ReportStatus;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many reports somebody stands for.' })
export class ReportAuthorCount {
  @Field(() => String, { description: 'Who.' })
  author!: string;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many reports there are, those in the trash aside.' })
export class ReportStatistics {
  @Field(() => Int, { description: 'All of them.' })
  totalCount!: number;

  @Field(() => Int, { description: "Those that were made this month, by the firm's calendar." })
  monthCount!: number;

  @Field(() => Int, { description: 'Those that nobody has found right yet: drafts, and files that are there or made.' })
  pendingCount!: number;

  @Field(() => Int, { description: 'Those that were found right.' })
  validatedCount!: number;

  @Field(() => BigInteger, { description: 'Bytes of all files together.' })
  totalBytes!: number;

  @Field(() => [ReportKindCount], { description: 'One for each kind that there is.' })
  kinds!: ReportKindCount[];

  @Field(() => [ReportStatusCount], { description: 'One for each status that there is.' })
  statuses!: ReportStatusCount[];

  @Field(() => [ReportAuthorCount], { description: 'Of the hundred authors with most, these first.' })
  authors!: ReportAuthorCount[];
}
