import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '../db/sql-client.js';
import { sql } from '../db/sql.js';
import { badField, conflict } from '../lib/errors.js';

/**
 * Throws CONFLICT with the reason `stale_version` when the row has changed since the version that an update saw; its
 * `details` say the version now and which fields changed meanwhile, as far as the log tells. Absent or null: the update
 * goes by what is there. `path`: where the input
 * names it. Call it once the row is locked. What the row's events carry: `ChangeEventData`.
 */
export async function refuseStale(
  tx: Transaction,
  [subject, { id, version }]: readonly [subject: string, row: { id: string; version: number }],
  seen: number | null | undefined,
  path = 'version',
): Promise<void> {
  if (seen == null || seen === version) return;
  if (seen > version) throw badField(path, 'too_large', `must be at most ${version}`);
  const changes = await tx.all<{ field: string }>(sql`
    select distinct f.field from events e
     cross join lateral jsonb_array_elements_text(coalesce(e.data -> 'fields', '[]')) as f (field)
     where e.subject_type = ${subject} and e.subject_id = ${id} and (e.data ->> 'version')::int > ${seen}
     order by f.field`);
  const changed = changes.map(({ field }) => field);
  throw conflict(`It has changed since version ${seen}`, {
    subject,
    reason: 'stale_version',
    details: { version, changed },
  });
}

/** Names of the properties of `after` that are not as they were. */
export const changedFields = <Facts extends object>(before: NoInfer<Facts>, after: Facts): (keyof Facts & string)[] =>
  (Object.keys(after) as (keyof Facts & string)[]).filter((name) => !isDeepStrictEqual(after[name], before[name]));

/** What events carry of a change to a row with a version. */
export interface ChangeEventData {
  /** After the change. */
  version: number;
  /** Names of the properties that changed, as the graph has them. */
  fields: string[];
}
