import { createHash, randomUUID } from 'node:crypto';
import { isUniqueViolation } from '../../../db/sql-client.js';
import { type RowChanges, set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import { drawPhoto } from '../../../files/media-file.js';
import { refuseBeyond } from '../../../kernel/bounds.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { UploadedFile } from '../../../kernel/scalars.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { checkedName, checkedText } from '../../../lib/checked-values.js';
import { badInput, duplicateField, type FieldProblem, notFound } from '../../../lib/errors.js';
import { isUuid } from '../../../lib/uuid.js';
import type { ReportKind } from '../report.entity.js';
import { defaultAccent, defaultTemplate } from './find-template.js';
import { ReportSection, ReportTemplate } from './report-template.entity.js';

export interface TemplateFacts {
  name?: string | null | undefined;
  kind?: ReportKind | null | undefined;
  title?: string | null | undefined;
  introduction?: string | null | undefined;
  closing?: string | null | undefined;
  sections?: readonly ReportSection[] | null | undefined;
  accentColour?: string | null | undefined;
  logo?: UploadedFile | null | undefined;
}

const permission = 'report_templates:write';
const mostTemplates = 200;
const longestName = 100;
const longestText = 5_000;
/** As wide as it is ever drawn. */
const logoPx = 1200;

/** Makes a template and returns its id. Throws FORBIDDEN, BAD_USER_INPUT with every problem, CONFLICT for its name. */
export async function createReportTemplate(
  ctx: CommandContext,
  given: TemplateFacts & { name: string },
): Promise<string> {
  requirePermission(ctx.viewer, permission);
  const id = randomUUID();
  const { columns, logo } = await checked(given, id);
  await write(ctx, logo, async () => {
    await ctx.db.transaction(async (tx) => {
      await tx.send(sql`lock table report_templates in share row exclusive mode`);
      await refuseBeyond(tx, 'ReportTemplate', mostTemplates, sql`select 1 from report_templates`);
      const { name = given.name, sections = Object.values(ReportSection), accentColour = defaultAccent } = columns;
      const row = { ...columns, id, name, sections, accentColour, createdBy: ctx.viewer.userId ?? null };
      const stated = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
      await tx.send(sql`insert into report_templates ${values(ReportTemplate, stated as typeof row)}`);
      await emit(tx, ctx, 'report_template.created', ['ReportTemplate', id], { name: String(name) });
    });
  });
  return id;
}

/** Changes what is given and returns the id. Throws FORBIDDEN, NOT_FOUND, BAD_USER_INPUT, CONFLICT for its name. */
export async function updateReportTemplate(
  ctx: CommandContext,
  { id: asked, ...given }: TemplateFacts & { id: string },
): Promise<string> {
  requirePermission(ctx.viewer, permission);
  if (!isUuid(asked)) throw notFound('ReportTemplate');
  const id = asked.toLowerCase();
  const { columns, logo } = await checked(given, id);
  const former = await write(ctx, logo, () =>
    ctx.db.transaction(async (tx) => {
      const before = await tx.first<{ name: string; logoKey: string | null }>(sql`
        select name, logo_key as "logoKey" from report_templates where id = ${id}::uuid for no key update`);
      if (!before) throw notFound('ReportTemplate');
      await tx.send(sql`
        update report_templates set ${set(ReportTemplate, { ...columns, updatedAt: sql`now()` })}
         where id = ${id}::uuid`);
      const name = (columns.name as string | undefined) ?? before.name;
      await emit(tx, ctx, 'report_template.updated', ['ReportTemplate', id], { name });
      return before.logoKey;
    }),
  );
  if (former && columns.logoKey !== undefined && former !== columns.logoKey) await ctx.services.store.remove(former);
  return id;
}

/** Deletes a template and returns its id; reports made by it stay. Throws FORBIDDEN, NOT_FOUND. */
export async function deleteReportTemplate(ctx: CommandContext, id: string): Promise<string> {
  requirePermission(ctx.viewer, permission);
  if (!isUuid(id)) throw notFound('ReportTemplate');
  const logoKey = await ctx.db.transaction(async (tx) => {
    const before = await tx.first<{ id: string; name: string; logoKey: string | null }>(sql`
      delete from report_templates where id = ${id}::uuid returning id, name, logo_key as "logoKey"`);
    if (!before) throw notFound('ReportTemplate');
    await emit(tx, ctx, 'report_template.deleted', ['ReportTemplate', before.id], { name: before.name });
    return before.logoKey;
  });
  if (logoKey) await ctx.services.store.remove(logoKey);
  return id.toLowerCase();
}

interface Logo {
  key: string;
  bytes: Uint8Array;
}

/** The bytes are there before the row that names them, and go when there is no such row. */
async function write<T>({ services }: CommandContext, logo: Logo | undefined, work: () => Promise<T>): Promise<T> {
  if (logo) await services.store.putBytes(logo.bytes, logo.key);
  try {
    return await work();
  } catch (error) {
    if (logo) await services.store.remove(logo.key);
    if (isUniqueViolation(error)) throw duplicateField('ReportTemplate', 'name', 'Another template has this name');
    throw error;
  }
}

/** The columns of what is stated. Throws BAD_USER_INPUT with every problem. */
async function checked(
  { name, kind, title, introduction, closing, sections, accentColour, logo }: TemplateFacts,
  id: string,
): Promise<{ columns: RowChanges<ReportTemplate>; logo: Logo | undefined }> {
  const problems: FieldProblem[] = [];
  const text = (given: string | null | undefined, field: string, max: number) =>
    given == null ? given : checkedText(given, [field], problems, { max }) || null;
  const colour = accentColour?.trim().toLowerCase();
  if (colour && !/^#[0-9a-f]{6}$/.test(colour))
    problems.push({ path: ['accentColour'], code: 'invalid_format', message: 'is written as #1f3a5f' });
  if (sections && new Set(sections).size !== sections.length)
    problems.push({ path: ['sections'], code: 'duplicate', message: 'has a section twice' });
  const drawn = logo && (await drawLogo(logo, problems));
  const columns: RowChanges<ReportTemplate> = {
    name: name == null ? undefined : nameOf(name, problems),
    kind,
    title: text(title, 'title', longestName),
    introduction: text(introduction, 'introduction', longestText),
    closing: text(closing, 'closing', longestText),
    ...(sections && { sections: [...sections] }),
    ...(colour && { accentColour: colour }),
  };
  if (problems.length) throw badInput(problems);
  if (!drawn) return { columns: { ...columns, ...(logo === null && { logoKey: null }) }, logo: undefined };
  const key = `reportlogos/${id}-${createHash('sha256').update(drawn).digest('hex')}.jpg`;
  return { columns: { ...columns, logoKey: key }, logo: { key, bytes: drawn } };
}

function nameOf(name: string, problems: FieldProblem[]): string {
  const text = checkedName(name, ['name'], problems, { max: longestName });
  if (text.toLowerCase() === defaultTemplate)
    problems.push({ path: ['name'], code: 'not_allowed', message: `${defaultTemplate} is built in` });
  return text;
}

async function drawLogo(logo: UploadedFile, problems: FieldProblem[]): Promise<Uint8Array | undefined> {
  const file = logo.take();
  const drawn = await drawPhoto(file.path, { maxPx: logoPx });
  if (!drawn) problems.push({ path: ['logo'], code: 'invalid', message: 'is no picture that can be drawn' });
  return drawn;
}
