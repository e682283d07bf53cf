import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { type NewRow, raw, sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { insertOnce } from '../../kernel/insert-once.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badField, badInput, type FieldProblem } from '../../lib/errors.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import { isUuid } from '../../lib/uuid.js';
import { printedDay } from '../../print/french.js';
import { reportKindTitles } from './content/report-words.js';
import { requireIntervention } from './lock-report.js';
import { checkedTexts, nameOfPerson, type ReportTexts } from './report-fields.js';
import { Report, type ReportKind } from './report.entity.js';

export interface ReportToCreate extends ReportTexts {
  /** Of the client's own making. */
  id?: string | null | undefined;
  interventionId: string;
  kind: ReportKind;
}

/**
 * Makes a draft, and returns its id; the same id from the same person makes one. Throws FORBIDDEN, BAD_USER_INPUT with
 * every problem, NOT_FOUND for the intervention, CONFLICT for an id that is taken.
 */
export async function createReport(ctx: CommandContext, given: ReportToCreate): Promise<string> {
  requirePermission(ctx.viewer, 'reports:write');
  const problems: FieldProblem[] = [];
  const row = await newReport(ctx, given, problems);
  if (problems.length) throw badInput(problems);
  return ctx.db.transaction(async (tx) => (await insertReport(tx, ctx, given.id, row)).id);
}

/** The columns of a report to be made; adds what is wrong to `problems`. Throws NOT_FOUND for the intervention. */
export async function newReport(
  { db, services, viewer }: CommandContext,
  { id, interventionId, kind, ...texts }: ReportToCreate,
  problems: FieldProblem[],
): Promise<Omit<NewRow<Report>, 'id'>> {
  if (id != null && !isUuid(id)) throw badField('id', 'invalid_format', 'must be a UUID');
  const { title, description, author, content } = checkedTexts(texts, problems);
  if (problems.length === 0) await requireIntervention(db, interventionId);
  return {
    intervention: interventionId,
    kind,
    title: title ?? (await usualTitle(db, { interventionId, kind, timeZone: services.config.timeZone })),
    description: description ?? null,
    author: author ?? (await nameOfPerson(db, viewer.userId ?? 0)) ?? 'Passerelle',
    content: content ?? null,
    createdBy: viewer.userId ?? null,
  };
}

/** `Rapport d’inspection du 14 juillet 2026`. */
async function usualTitle(
  db: SqlRunner,
  { interventionId, kind, timeZone }: { interventionId: string; kind: ReportKind; timeZone: string },
): Promise<string> {
  const intervention =
    isUuid(interventionId) &&
    (await db.first<{ at: string }>(sql`
      select ${raw(isoSecondsSql('coalesce(started_at, scheduled_at)'))} as at from interventions
       where id = ${interventionId}::uuid`));
  const title = reportKindTitles[kind];
  return intervention ? `${title} du ${printedDay(intervention.at, timeZone).replaceAll('\u00a0', ' ')}` : title;
}

/** Inserts a report once, with its event. */
export async function insertReport(
  tx: Transaction,
  ctx: CommandContext,
  id: string | null | undefined,
  row: Omit<NewRow<Report>, 'id'>,
): Promise<{ id: string; isNew: boolean }> {
  const interventionId = String(row.intervention);
  await requireIntervention(tx, interventionId, 'for share');
  const made = await insertOnce(tx, {
    table: 'reports',
    subject: 'Report',
    id,
    userId: ctx.viewer.userId,
    insert: (own) =>
      sql`insert into reports ${values(Report, { ...row, id: own })} on conflict (id) do nothing returning id`,
  });
  if (made.isNew)
    await emit(tx, ctx, 'report.created', ['Report', made.id], { interventionId, version: 1, fields: [] });
  return made;
}
