import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { ExportPart } from '../../../kernel/personal-data.js';

/**
 * Returns what the tables hold of a person at one moment, by the keys of `parts`; undefined when there is no such
 * person, or the person was erased.
 */
export async function personalData(
  db: SqlRunner,
  userId: number,
  parts: Readonly<Record<string, ExportPart>>,
): Promise<Record<string, unknown> | undefined> {
  const valueOf = ({ sql: select, isOne }: ExportPart): string =>
    isOne ? `(select row_to_json(r) from (${select}) r)` : `(select coalesce(json_agg(r), '[]') from (${select}) r)`;
  // One statement is one snapshot: nothing that changes meanwhile is in one part and not in another. A column each,
  // since functions such as json_build_object take no more than 100 arguments.
  const columns = Object.entries(parts).map(([key, part]) => `${valueOf(part)} as "${key}"`);
  return db.first<Record<string, unknown>>(sql`
    select ${raw(columns.join(', '))} from users me where me.id = ${userId} and me.erased_at is null`);
}
