import type { SqlEntityManager } from '@mikro-orm/sql';
import DataLoader from 'dataloader';
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

/** A page of the history of one document; ask only for documents that the viewer was shown. */
export interface HistoryQuery {
  documentId: number;
  /** How many rows to read. */
  limit: number;
  offset: number;
  /** Entries older than this event; null: from the newest. */
  before: string | null;
}

export const historyLoaders = {
  /** Pages of the history of documents: one statement for each page size and place. */
  documentHistory: ({ em }: LoaderScope): DataLoader<HistoryQuery, HistoryEntry[], string> =>
    new DataLoader(
      async (queries) => {
        const pages = Map.groupBy(queries, ({ limit, offset, before }) => `${limit} ${offset} ${before}`);
        const found = new Map<HistoryQuery, HistoryEntry[]>();
        for (const page of pages.values()) {
          const rows = await readPages(em, page);
          for (const query of page) found.set(query, rows.get(query.documentId) ?? []);
        }
        return queries.map((query) => found.get(query) ?? []);
      },
      { cacheKeyFn: ({ documentId, limit, offset, before }) => `${documentId} ${limit} ${offset} ${before}` },
    ),
  /** How many events each document has. Ask only for documents that the viewer was shown. */
  documentEvents: ({ em }: LoaderScope): DataLoader<number, number> =>
    new DataLoader(async (ids) => {
      const rows = await em.getConnection('read').execute<{ id: string; n: number }[]>(
        `select subject_id as id, count(*)::int as n from events
          where subject_type = 'Document' and subject_id in (${ids.map(() => '?').join(', ')}) group by 1`,
        ids.map(String),
      );
      const byId = new Map(rows.map(({ id, n }) => [id, n]));
      return ids.map((id) => byId.get(String(id)) ?? 0);
    }),
};

export type HistoryLoaders = LoadersOf<typeof historyLoaders>;

/** By the event's id: changes of one document wait for each other, so that ids grow in the order of their commits. */
async function readPages(em: SqlEntityManager, queries: readonly HistoryQuery[]): Promise<Map<number, HistoryEntry[]>> {
  const [{ limit, offset, before }] = queries as [HistoryQuery];
  const rows = await em
    .getConnection('read')
    .execute<(Omit<HistoryEntry, 'fields'> & { documentId: string; fields: unknown })[]>(
      `select d.id as "documentId", e.id::text, e.type, ${isoSecondsSql('e.occurred_at')} as "occurredAt",
            coalesce(nullif(u.full_name, ''), u.username) as "actorName", e.data->'fields' as fields
       from (values ${queries.map(() => '(?::text)').join(', ')}) d (id)
       cross join lateral (
         select * from events where subject_type = 'Document' and subject_id = d.id and (?::bigint is null or id < ?::bigint)
          order by id desc limit ${limit} offset ${offset}) e
       left join users u on u.id = e.actor_id
      order by e.id desc`,
      [...queries.map(({ documentId }) => String(documentId)), before, before],
    );
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
