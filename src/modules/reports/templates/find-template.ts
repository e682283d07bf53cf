import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { reportSections, type TemplateContent } from '../content/report-content.js';
import type { ReportKind } from '../report.entity.js';

/** What stands without any of the firm's own. */
export const defaultTemplate = 'default';
export const defaultAccent = '#1f3a5f';

export interface FoundTemplate extends TemplateContent {
  logoKey: string | null;
}

const builtIn: FoundTemplate = {
  title: null,
  introduction: null,
  closing: null,
  sections: reportSections,
  accentColour: defaultAccent,
  logoKey: null,
};

/** By its name in any case; undefined when there is none. */
export async function findTemplate(
  db: SqlRunner,
  name: string | null | undefined,
): Promise<(FoundTemplate & { kind: ReportKind | null }) | undefined> {
  if (!name || name.toLowerCase() === defaultTemplate) return { ...builtIn, kind: null };
  return db.first<FoundTemplate & { kind: ReportKind | null }>(sql`
    select kind, title, introduction, closing, sections, accent_colour as "accentColour", logo_key as "logoKey"
      from report_templates where lower(name) = lower(${name.replaceAll('\0', '')})`);
}

const mostNamed = 20;

/** What is wrong with the template that is named for a report of a kind: nothing, or that there is none. */
export async function templateProblem(
  db: SqlRunner,
  name: string | null | undefined,
  kind: ReportKind,
): Promise<FieldProblem[]> {
  const template = await findTemplate(db, name);
  if (template && (template.kind === null || template.kind === kind)) return [];
  if (template)
    return [{ path: ['template'], code: 'not_allowed', message: `is for reports of the kind ${template.kind}` }];
  const rows = await db.all<{ name: string }>(sql`
    select name from report_templates where kind is null or kind = ${kind} order by name limit ${mostNamed}`);
  const known = [defaultTemplate, ...rows.map((row) => row.name)];
  return [{ path: ['template'], code: 'unknown_reference', message: 'there is no such template', known }];
}
