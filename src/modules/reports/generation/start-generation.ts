import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import { refuseStale } from '../../../kernel/stale-version.js';
import { requirePermission, type SignedIn } from '../../../kernel/viewer.js';
import { checkedRange } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { requireMayFile } from '../../documents/files/file-document.js';
import { insertReport, newReport, type ReportToCreate } from '../create-report.js';
import { type LockedReport, lockReport, refuseUnchangeable } from '../lock-report.js';
import { ReportFormat, ReportStatus } from '../report.entity.js';
import { defaultTemplate, templateProblem } from '../templates/find-template.js';
import { awaitGeneration } from './await-generation.js';

/** How a file is to be made; what is not given is as it was the last time, or PDF with everything. */
export interface GenerationOptions {
  format?: ReportFormat | null | undefined;
  /** Name of a template. */
  template?: string | null | undefined;
  withMedia?: boolean | null | undefined;
  withPlaces?: boolean | null | undefined;
}

export interface ReportToGenerate extends ReportToCreate, GenerationOptions {}

export interface ReportToRegenerate extends GenerationOptions {
  id: string;
  /** The version that the request was made on. */
  version?: number | null | undefined;
}

interface Waiting {
  /** How long the answer may wait for the file; default: not at all. */
  waitSeconds?: number | null | undefined;
}

/** Files under way for one person. */
const mostAtOnce = 50;
/** Proxies give up soon after. */
const longestWaitSeconds = 20;

/**
 * Makes a report and has its file made, and returns its id; the same id from the same person makes one. Throws
 * FORBIDDEN, BAD_USER_INPUT with every problem, NOT_FOUND for the intervention, CONFLICT for an id that is taken and
 * beyond 50 files under way.
 */
export async function generateReport(
  ctx: CommandContext,
  { format, template, withMedia, withPlaces, waitSeconds, ...given }: ReportToGenerate & Waiting,
): Promise<string> {
  const viewer = requireMayGenerate(ctx.viewer);
  const options = { format, template, withMedia, withPlaces };
  const problems: FieldProblem[] = [...(await templateProblem(ctx.db, options.template, given.kind))];
  const seconds = checkedWait(waitSeconds, problems);
  const row = await newReport(ctx, given, problems);
  if (problems.length) throw badInput(problems);
  const { id, generationId } = await ctx.db.transaction(async (tx) => {
    const made = await insertReport(tx, ctx, given.id, row);
    if (!made.isNew) return { id: made.id, generationId: undefined };
    const before = await lockReport(tx, viewer, made.id);
    return { id: made.id, generationId: await order(tx, ctx, before, options) };
  });
  await awaitGeneration(ctx, { id, generationId, seconds });
  return id;
}

/**
 * Has the file of a report made, or made anew, and returns its id. Throws FORBIDDEN, NOT_FOUND, BAD_USER_INPUT for an
 * unknown template and with the reason `report.kept`, CONFLICT with the reason `stale_version` or `report.in_progress`.
 */
export async function regenerateReport(
  ctx: CommandContext,
  { id, version, waitSeconds, ...options }: ReportToRegenerate & Waiting,
): Promise<string> {
  const viewer = requireMayGenerate(ctx.viewer);
  const waitProblems: FieldProblem[] = [];
  const seconds = checkedWait(waitSeconds, waitProblems);
  const ordered = await ctx.db.transaction(async (tx) => {
    const before = await lockReport(tx, viewer, id);
    await refuseStale(tx, ['Report', before], version);
    refuseUnchangeable(before);
    const problems = [
      ...waitProblems,
      ...(await templateProblem(tx, options.template || before.template, before.kind)),
    ];
    if (problems.length) throw badInput(problems);
    return { id: before.id, generationId: await order(tx, ctx, before, options) };
  });
  await awaitGeneration(ctx, { ...ordered, seconds });
  return ordered.id;
}

function checkedWait(seconds: number | null | undefined, problems: FieldProblem[]): number {
  if (seconds == null) return 0;
  checkedRange(seconds, ['waitSeconds'], problems, { min: 0, max: longestWaitSeconds });
  return seconds;
}

/** Throws unless the viewer may see what stands in a report, and file its document. */
function requireMayGenerate(viewer: CommandContext['viewer']): SignedIn {
  requirePermission(viewer, 'reports:write');
  requirePermission(viewer, 'interventions:read');
  requirePermission(viewer, 'clients:read');
  return requireMayFile(viewer);
}

/** Writes down how the file is to be made, and puts it into the queue. */
async function order(
  tx: Transaction,
  ctx: CommandContext,
  before: LockedReport,
  { format, template, withMedia, withPlaces }: GenerationOptions,
): Promise<string> {
  const { viewer, services, notes } = ctx;
  const underWay = sql`
    select 1 from reports where requested_by_id = ${viewer.userId ?? null}::int and generation_id is not null`;
  await refuseBeyond(tx, 'Report', mostAtOnce, underWay);
  const generationId = randomUUID();
  const version = before.version + 1;
  await tx.send(sql`
    update reports set status = ${ReportStatus.IN_PROGRESS}, generation_id = ${generationId}::uuid,
           requested_by_id = ${viewer.userId ?? null}::int, progress = 0, error = null,
           format = ${format ?? before.format ?? ReportFormat.PDF},
           template = ${template || before.template || defaultTemplate},
           with_media = ${withMedia ?? before.withMedia}, with_places = ${withPlaces ?? before.withPlaces},
           version = ${version}, updated_at = ${raw('now()')}
     where id = ${before.id}::uuid`);
  const { interventionId } = before;
  await emit(tx, ctx, 'report.updated', ['Report', before.id], { interventionId, version, fields: ['status'] });
  await services.jobs.send(tx, 'reports.generate', { reportId: before.id, generationId }, { trace: notes.trace });
  return generationId;
}
