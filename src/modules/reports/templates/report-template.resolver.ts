import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { ReportTemplate } from './report-template.entity.js';
import {
  CreateReportTemplateInput,
  DeleteReportTemplateInput,
  ReportTemplateConnection,
  type ReportTemplateFilter,
  ReportTemplateListArgs,
  ReportTemplatePayload,
  UpdateReportTemplateInput,
} from './report-template.inputs.js';
import { reportTemplateReads } from './report-template.reads.js';
import { createReportTemplate, deleteReportTemplate, updateReportTemplate } from './save-report-template.js';

const payload = payloadOf('reportTemplate', reportTemplateReads);

@Resolver(() => ReportTemplate)
export class ReportTemplateResolver {
  @Planned
  @Query(() => ReportTemplateConnection, {
    description: "The firm's templates of reports; needs `reports:read`. `default` is built in and not among them.",
  })
  reportTemplates(
    @Ctx() { viewer, read }: Context,
    @Args(() => ReportTemplateListArgs) args: ListArgs<ReportTemplateFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<ReportTemplate>> {
    requirePermission(viewer, 'reports:read');
    return read.list(reportTemplateReads, args, info);
  }

  @Planned
  @Query(() => ReportTemplate, {
    nullable: true,
    description: 'A template of reports; null when there is none. Needs `reports:read`.',
  })
  async reportTemplate(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportTemplate | undefined> {
    requirePermission(viewer, 'reports:read');
    return read.one(reportTemplateReads, id, info);
  }

  @Extensions({ needs: ['logoKey'] })
  @FieldResolver(() => Boolean, { description: 'Whether a picture stands at the head.' })
  hasLogo(@Root() { logoKey }: ReportTemplate): boolean {
    return logoKey != null;
  }

  @Mutation(() => ReportTemplatePayload, {
    description: 'Makes a template of reports. This and all changes to templates need `report_templates:write`.',
  })
  async createReportTemplate(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateReportTemplateInput, { description: 'The template.' }) input: CreateReportTemplateInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportTemplatePayload> {
    return payload(ctx, await createReportTemplate(ctx, input), info);
  }

  @Mutation(() => ReportTemplatePayload, { description: 'Changes a template of reports.' })
  async updateReportTemplate(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateReportTemplateInput, { description: 'The changes.' }) input: UpdateReportTemplateInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReportTemplatePayload> {
    return payload(ctx, await updateReportTemplate(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a template of reports; those that were made by it stay as they are.',
  })
  async deleteReportTemplate(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteReportTemplateInput, { description: 'Which template.' })
    { id }: DeleteReportTemplateInput,
  ): Promise<DeletedPayload> {
    return deleted('ReportTemplate', await deleteReportTemplate(ctx, id));
  }
}
