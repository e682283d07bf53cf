import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { createReport } from './create-report.js';
import { deleteReport } from './delete-report.js';
import { generateReport, regenerateReport } from './generation/start-generation.js';
import {
  CreateReportInput,
  DeleteReportInput,
  GenerateReportInput,
  RegenerateReportInput,
  ReportPayload,
  UpdateReportInput,
} from './report-mutations.inputs.js';
import { reportReads } from './report.reads.js';
import { updateReport } from './update-report.js';

const payload = payloadOf('report', reportReads);

@Resolver()
export class ReportMutationsResolver {
  @Mutation(() => ReportPayload, {
    description: 'Makes a draft of a report. This and all changes need `reports:write`.',
  })
  async createReport(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateReportInput, { description: 'The report.' }) input: CreateReportInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportPayload> {
    return payload(ctx, await createReport(ctx, input), info);
  }

  @Mutation(() => ReportPayload, {
    description:
      'Makes a report and has its file made, which is filed as a document of the viewer: `reportEvents` tells how it ' +
      'goes on. Needs `reports:write`, `interventions:read` and `clients:read`; media stand in it with `media:read`.',
  })
  async generateReport(
    @Ctx() ctx: Context,
    @Arg('input', () => GenerateReportInput, { description: 'The report.' }) input: GenerateReportInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportPayload> {
    return payload(ctx, await generateReport(ctx, input), info);
  }

  @Mutation(() => ReportPayload, {
    description:
      'Has the file of a report made, or made anew; the document of the file before goes into the trash then. Not of ' +
      'a validated or archived one.',
  })
  async regenerateReport(
    @Ctx() ctx: Context,
    @Arg('input', () => RegenerateReportInput, { description: 'Which report, and how.' }) input: RegenerateReportInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportPayload> {
    return payload(ctx, await regenerateReport(ctx, input), info);
  }

  @Mutation(() => ReportPayload, {
    description: 'Changes a report, or validates or archives it. A validated or archived one is changed no more.',
  })
  async updateReport(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateReportInput, { description: 'The changes.' }) input: UpdateReportInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportPayload> {
    return payload(ctx, await updateReport(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Puts a report into the trash for 30 days; not a validated or archived one.',
  })
  async deleteReport(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteReportInput, { description: 'Which report.' }) { id }: DeleteReportInput,
  ): Promise<DeletedPayload> {
    return deleted('Report', await deleteReport(ctx, id));
  }
}
