import DataLoader from 'dataloader';
import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../../kernel/loaders.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';

/** One line of a document's history. */
export interface HistoryEntry {
  id: string;
  type: string;
  /** ISO 8601, whole seconds. */
  occurredAt: string;
  actorName: string | null;
  fields: string[];
}

/** A page of the history of one document; only for documents that the viewer may see. */
export interface HistoryQuery {
  documentId: number;
  /** How many rows to read. */
  limit: number;
  offset: number;
  /** Entries older than this event; null: from the newest. */
  before: string | null;
}

export const historyLoaders = {
  /** Pages of the history of documents: one statement for each page size and position. */
  documentHistory: ({ db }: LoaderScope): DataLoader<HistoryQuery, HistoryEntry[], string> =>
    new DataLoader(
      async (queries) => {
        const pages = Map.groupBy(queries, ({ limit, offset, before }) => `${limit} ${offset} ${before}`);
        const found = new Map<HistoryQuery, HistoryEntry[]>();
        for (const page of pages.values()) {
          const rows = await readPages(db, page);
          for (const query of page) found.set(query, rows.get(query.documentId) ?? []);
        }
        return queries.map((query) => found.get(query) ?? []);
      },
      { cacheKeyFn: ({ documentId, limit, offset, before }) => `${documentId} ${limit} ${offset} ${before}` },
    ),
  /** How many events each document has. Ask only for documents that the viewer was shown. */
  documentEvents: ({ db }: LoaderScope): DataLoader<number, number> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ id: string; n: number }>(sql`
        select subject_id as id, count(*)::int as n from events
         where subject_type = 'Document' and subject_id = any(${ids.map(String)}::text[]) group by 1`);
      const byId = new Map(rows.map(({ id, n }) => [id, n]));
      return ids.map((id) => byId.get(String(id)) ?? 0);
    }),
};

export type HistoryLoaders = LoadersOf<typeof historyLoaders>;

/** By the event's id: changes of one document wait for each other, so that ids grow in the order of their commits. */
async function readPages(db: SqlRunner, queries: readonly HistoryQuery[]): Promise<Map<number, HistoryEntry[]>> {
  const [{ limit, offset, before }] = queries as [HistoryQuery];
  const olderThan = before === null ? raw('') : sql`and id < ${before}::bigint`;
  const ids = queries.map(({ documentId }) => String(documentId));
  const rows = await db.all<Omit<HistoryEntry, 'fields'> & { documentId: string; fields: unknown }>(sql`
    select d.id as "documentId", e.id::text, e.type, ${raw(isoSecondsSql('e.occurred_at'))} as "occurredAt",
           coalesce(nullif(u.full_name, ''), u.username) as "actorName", e.data->'fields' as fields
      from unnest(${ids}::text[]) d (id)
      cross join lateral (
        select * from events
         where subject_type = 'Document' and subject_id = d.id ${olderThan}
         order by id desc limit ${raw(String(limit))} offset ${offset}::int) e
      left join users u on u.id = e.actor_id
     order by e.id desc`);
  const byDocument = Map.groupBy(rows, (row) => Number(row.documentId));
  // Of what an event carries only the names of the changed fields are for everybody who sees the document.
  const entryOf = ({ id, type, occurredAt, actorName, fields }: (typeof rows)[number]): HistoryEntry => ({
    id,
    type,
    occurredAt,
    actorName,
    fields: Array.isArray(fields) ? fields.filter((field) => typeof field === 'string') : [],
  });
  return new Map([...byDocument].map(([id, found]) => [id, found.map(entryOf)]));
}
