import { holds, raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { foundBy, givenFilter } from '../../../kernel/read-model.js';
import { can, requirePermission } from '../../../kernel/viewer.js';
import { badInput, conflict } from '../../../lib/errors.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import { dayIn } from '../../../lib/zoned-day.js';
import type { ListColumn, ReportList } from '../content/report-list.js';
import { interventionKindWords, reportKindTitles, reportStatusWords } from '../content/report-words.js';
import { type ListFormat, runRenderJob } from '../rendering/render-jobs.js';
import type { ReportFilter } from '../report.inputs.js';
import { visibleReports } from '../report.policy.js';
import { reportReads } from '../report.reads.js';
import { ReportColumn, type ReportListFile } from './report-list.inputs.js';

const mostRows = 10_000;
/** On paper each row takes a thousand times as long. */
const mostPrintedRows = 2_000;
const timeoutMs = 30_000;

interface Row {
  id: string;
  title: string;
  description: string | null;
  kind: keyof typeof reportKindTitles;
  status: keyof typeof reportStatusWords;
  author: string;
  createdAt: string;
  generatedAt: string | null;
  version: number;
  sizeBytes: number | null;
  mimeType: string | null;
  interventionId: string;
  interventionKind: keyof typeof interventionKindWords | null;
  client: string | null;
}

type Cell = ReportList['rows'][number][number];

/** What each column shows, in the words of the firm. */
const columns: Record<ReportColumn, ListColumn & { value: (row: Row) => Cell }> = {
  [ReportColumn.ID]: { title: 'Identifiant', share: 24, kind: 'text', value: ({ id }) => id },
  [ReportColumn.TITLE]: { title: 'Titre', share: 30, kind: 'text', value: ({ title }) => title },
  [ReportColumn.DESCRIPTION]: { title: 'Description', share: 34, kind: 'text', value: (row) => row.description },
  [ReportColumn.KIND]: { title: 'Type', share: 18, kind: 'text', value: ({ kind }) => reportKindTitles[kind] },
  [ReportColumn.STATUS]: { title: 'Statut', share: 12, kind: 'text', value: (row) => reportStatusWords[row.status] },
  [ReportColumn.AUTHOR]: { title: 'Auteur', share: 16, kind: 'text', value: ({ author }) => author },
  [ReportColumn.CLIENT]: { title: 'Client', share: 20, kind: 'text', value: ({ client }) => client },
  [ReportColumn.INTERVENTION]: { title: 'Intervention', share: 24, kind: 'text', value: (row) => row.interventionId },
  [ReportColumn.INTERVENTION_KIND]: {
    title: 'Nature',
    share: 16,
    kind: 'text',
    value: ({ interventionKind }) => interventionKind && interventionKindWords[interventionKind],
  },
  [ReportColumn.CREATED_AT]: { title: 'Créé le', share: 16, kind: 'moment', value: ({ createdAt }) => createdAt },
  [ReportColumn.GENERATED_AT]: { title: 'Généré le', share: 16, kind: 'moment', value: (row) => row.generatedAt },
  [ReportColumn.SIZE]: { title: 'Taille (octets)', share: 12, kind: 'number', value: ({ sizeBytes }) => sizeBytes },
  [ReportColumn.MIME_TYPE]: { title: 'Fichier', share: 16, kind: 'text', value: ({ mimeType }) => mimeType },
  [ReportColumn.VERSION]: { title: 'Version', share: 8, kind: 'number', value: ({ version }) => version },
};

const usualColumns = [
  ReportColumn.TITLE,
  ReportColumn.KIND,
  ReportColumn.STATUS,
  ReportColumn.AUTHOR,
  ReportColumn.CLIENT,
  ReportColumn.CREATED_AT,
];

const mimeTypes: Record<ListFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

export interface ReportsToList {
  format: ListFormat;
  filter?: ReportFilter | null | undefined;
  columns?: readonly ReportColumn[] | null | undefined;
}

/**
 * The reports that a filter finds as a file, the newest first. Throws FORBIDDEN, BAD_USER_INPUT for no column and with
 * the reason `report.too_many_rows`, CONFLICT when it cannot be written.
 */
export async function listReports(ctx: CommandContext, asked: ReportsToList): Promise<ReportListFile> {
  requirePermission(ctx.viewer, 'reports:read');
  const { format, filter } = asked;
  const names = asked.columns ?? usualColumns;
  if (names.length === 0) throw badInput([{ path: ['columns'], code: 'too_short', message: 'at least one' }]);
  const limit = format === 'pdf' ? mostPrintedRows : mostRows;
  const rows = await readRows(ctx, filter, limit);
  if (rows.length > limit)
    throw badInput([{ path: ['filter'], code: 'too_large', message: `finds more than ${limit} reports` }], {
      reason: 'report.too_many_rows',
      details: { limit },
    });
  const { config } = ctx.services;
  const shown = [...new Set(names)].map((name) => columns[name]);
  const madeAt = ctx.services.now();
  const list: ReportList = {
    title: 'Rapports',
    firmName: config.seller?.name ?? 'Passerelle',
    madeAt: madeAt.toISOString(),
    timeZone: config.timeZone,
    columns: shown.map(({ title, share, kind }) => ({ title, share, kind })),
    rows: rows.map((row) => shown.map(({ value }) => value(row))),
  };
  const bytes = await runRenderJob({ kind: 'list', format, list }, { timeoutMs, owner: ctx.viewer.userId }).catch(
    (error: unknown) => {
      ctx.log.warn({ err: error }, 'a list of reports could not be written');
      throw conflict('The list could not be written: ask for fewer reports');
    },
  );
  return {
    name: `rapports-${dayIn(config.timeZone, madeAt)}.${format}`,
    mimeType: mimeTypes[format],
    contentBase64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  };
}

const readRows = (
  { db, viewer }: CommandContext,
  filter: ReportFilter | null | undefined,
  limit: number,
): Promise<Row[]> =>
  db.all<Row>(sql`
    select t.id, t.title, t.description, t.kind, t.status, t.author,
           ${raw(isoSecondsSql('t.created_at'))} as "createdAt",
           ${raw(isoSecondsSql('t.generated_at'))} as "generatedAt", t.version,
           t.file_size::float8 as "sizeBytes", t.mime_type as "mimeType", t.intervention_id as "interventionId",
           case when ${can(viewer, 'interventions:read')} then i.kind end as "interventionKind",
           case when ${can(viewer, 'interventions:read') && can(viewer, 'clients:read')} then c.name end as client
      from reports t join interventions i on i.id = t.intervention_id join clients c on c.id = i.client_id
     where ${holds(visibleReports(viewer), 't')}
       and ${holds(foundBy(reportReads.list, 'uuid', givenFilter(filter)), 't')}
     order by t.created_at desc, t.id desc limit ${limit + 1}`);
