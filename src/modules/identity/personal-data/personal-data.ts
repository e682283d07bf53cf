import type { SqlEntityManager } from '@mikro-orm/sql';
import type { ExportPart } from '../../../kernel/personal-data.js';

/**
 * What the tables hold of a person, by the keys of `parts`, of one moment; undefined when there is no such person, or
 * no more.
 */
export async function personalData(
  em: SqlEntityManager,
  userId: number,
  parts: Readonly<Record<string, ExportPart>>,
): Promise<Record<string, unknown> | undefined> {
  const valueOf = ({ sql, isOne }: ExportPart): string =>
    isOne ? `(select row_to_json(r) from (${sql}) r)` : `(select coalesce(json_agg(r), '[]') from (${sql}) r)`;
  // One statement is one snapshot: nothing that changes meanwhile is in one part and not in another.
  const pairs = Object.entries(parts).map(([key, part]) => `'${key}', ${valueOf(part)}`);
  const [row] = await em.execute<{ data: string }[]>(
    `select json_build_object(${pairs.join(', ')})::text as data
       from users me where me.id = ? and me.erased_at is null`,
    [userId],
  );
  return row && (JSON.parse(row.data) as Record<string, unknown>);
}
