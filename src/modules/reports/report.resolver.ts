import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Planned } from '../../kernel/planned.js';
import { requirePermission } from '../../kernel/viewer.js';
import { Intervention } from '../interventions/intervention.entity.js';
import { listReports } from './lists/list-reports.js';
import { ReportColumn, ReportListFile, ReportListFormat } from './lists/report-list.inputs.js';
import { findReportFile } from './report-file.js';
import { reportFigures } from './report-statistics.js';
import { ReportFile, ReportStatistics } from './report-views.inputs.js';
import { Report } from './report.entity.js';
import { ReportConnection, ReportFilter, ReportListArgs } from './report.inputs.js';
import { reportReads } from './report.reads.js';

@Resolver(() => Report)
export class ReportResolver {
  @Planned
  @Query(() => ReportConnection, { description: 'The reports that are not in the trash; needs `reports:read`.' })
  reports(
    @Ctx() { viewer, read }: Context,
    @Args(() => ReportListArgs) args: ListArgs<ReportFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Report>> {
    requirePermission(viewer, 'reports:read');
    return read.list(reportReads, args, info);
  }

  @Planned
  @Query(() => Report, {
    nullable: true,
    description: 'A report; null when there is none. Needs `reports:read`.',
  })
  async report(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Report | undefined> {
    requirePermission(viewer, 'reports:read');
    return read.one(reportReads, id, info);
  }

  @Query(() => ReportFile, {
    nullable: true,
    description: 'Where the file of a report lies; NOT_FOUND when there is none. Needs `reports:read`.',
  })
  reportFile(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'UUID of the report.' }) id: string,
  ): Promise<ReportFile> {
    return findReportFile(ctx, id);
  }

  @Query(() => ReportStatistics, { description: 'How many reports there are; needs `reports:read`.' })
  reportStatistics(@Ctx() ctx: Context): Promise<ReportStatistics> {
    return reportFigures(ctx);
  }

  @Query(() => ReportListFile, {
    // As much as a list of as many rows: it is written in a process of its own, one at a time.
    complexity: 5000,
    description:
      'Reports as a file, the newest first: at most 10,000, as PDF 2,000. Needs `reports:read`; what is not seen ' +
      'otherwise is empty.',
  })
  reportListFile(
    @Ctx() ctx: Context,
    @Arg('format', () => ReportListFormat, { description: 'What the file is.' }) format: ReportListFormat,
    @Arg('filter', () => ReportFilter, { nullable: true, description: 'Conditions, as for the list.' })
    filter?: ReportFilter | null,
    @Arg('columns', () => [ReportColumn], { nullable: true, description: 'Which columns; by default the usual ones.' })
    columns?: ReportColumn[] | null,
  ): Promise<ReportListFile> {
    return listReports(ctx, { format, filter, columns });
  }

  @Extensions({ needs: ['id', 'contentKey'] })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Address of the file, which asks for a credential; null while there is none.',
  })
  fileUrl(@Root() { id, contentKey }: Report, @Ctx() { services }: Context): string | null {
    return contentKey == null ? null : services.links.url('reportFile', { id });
  }
}

@Resolver(() => Intervention)
export class ReportsOfInterventionResolver {
  @FieldResolver(() => ReportConnection, { description: 'Reports on it; empty without `reports:read`.' })
  reports(@Args(() => ReportListArgs) _args: ListArgs<ReportFilter>): Connection<Report> {
    return answeredByReader();
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => Report, {
    nullable: true,
    description: 'The newest report on it; null without one, and without `reports:read`.',
  })
  report(
    @Root() { id }: Intervention,
    @Ctx() { load }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Report | undefined> {
    return load.reportOfIntervention.load({ interventionId: id, info });
  }
}
