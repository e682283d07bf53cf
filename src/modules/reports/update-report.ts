import type { Transaction } from '../../db/sql-client.js';
import { type RowChanges, set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { refuseStale } from '../../kernel/stale-version.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { type LockedReport, lockReport, refuseUnchangeable, requireIntervention } from './lock-report.js';
import { checkedTexts, type ReportTexts } from './report-fields.js';
import { Report, type ReportKind, ReportStatus } from './report.entity.js';

export interface ReportUpdate extends ReportTexts {
  id: string;
  /** The version that the change was made on. */
  version?: number | null | undefined;
  interventionId?: string | null | undefined;
  kind?: ReportKind | null | undefined;
  /** Where it is to stand; where it stands already is no move. */
  status?: ReportStatus | null | undefined;
}

/** From which statuses a person may put a report into one; its file being made moves it through the others. */
const moves: Partial<Record<ReportStatus, readonly ReportStatus[]>> = {
  [ReportStatus.VALIDATED]: [ReportStatus.DRAFT, ReportStatus.GENERATED],
  [ReportStatus.ARCHIVED]: [ReportStatus.DRAFT, ReportStatus.GENERATED, ReportStatus.VALIDATED, ReportStatus.FAILED],
};

/**
 * Changes what is given and returns the id; what is as it was before is no change, so that a whole report may come
 * back. A validated or archived one is only archived. Throws NOT_FOUND, BAD_USER_INPUT with every problem or with the
 * reason `report.kept` or `report.transition`, CONFLICT with the reason `stale_version` or `report.in_progress`.
 */
export async function updateReport(ctx: CommandContext, update: ReportUpdate): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'reports:write');
  return ctx.db.transaction(async (tx) => {
    const before = await lockReport(tx, viewer, update.id);
    await refuseStale(tx, ['Report', before], update.version);
    const changes = await changesOf(tx, before, update);
    const status = update.status == null || update.status === before.status ? undefined : update.status;
    if (Object.keys(changes).length > 0) refuseUnchangeable(before);
    if (status && !moves[status]?.includes(before.status)) throw noSuchMove(before.status, status);
    const fields = [...Object.keys(changes), ...(status ? ['status'] : [])];
    if (fields.length === 0) return before.id;

    const at = ctx.services.now();
    const { interventionId = before.interventionId, ...columns } = changes;
    const version = before.version + 1;
    const validated = status === ReportStatus.VALIDATED && { validatedAt: at, validatedBy: viewer.userId };
    const row: RowChanges<Report> = { ...columns, ...(status && { status }), ...validated, version, updatedAt: at };
    await tx.send(sql`
      update reports set ${set(Report, { ...row, intervention: interventionId })} where id = ${before.id}::uuid`);
    await emit(tx, ctx, 'report.updated', ['Report', before.id], { interventionId, version, fields });
    return before.id;
  });
}

type Changes = Partial<Pick<LockedReport, 'interventionId' | 'kind' | 'title' | 'description' | 'author' | 'content'>>;

/** What of an update differs from what is there. */
async function changesOf(tx: Transaction, before: LockedReport, update: ReportUpdate): Promise<Changes> {
  const problems: FieldProblem[] = [];
  const texts = checkedTexts(update, problems);
  if (problems.length) throw badInput(problems);
  const { interventionId, kind } = update;
  const moved = interventionId != null && interventionId.toLowerCase() !== before.interventionId;
  if (moved) await requireIntervention(tx, interventionId, 'for key share');
  const given: Changes = {
    ...texts,
    kind: kind ?? undefined,
    interventionId: moved ? interventionId.toLowerCase() : undefined,
  } as Changes;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => value !== undefined && !isSame(value, before[name as keyof LockedReport]),
    ),
  );
}

/** Keys of JSON may come back in another order. */
const isSame = (one: unknown, other: unknown): boolean => ordered(one) === ordered(other);
const ordered = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const noSuchMove = (from: ReportStatus, to: ReportStatus) =>
  badInput([{ path: ['status'], code: 'not_allowed', message: `cannot be ${to} after ${from}` }], {
    reason: 'report.transition',
    details: { from, to },
  });
