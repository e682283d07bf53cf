/**
 * `X-GraphQL-SQL: include` shows whoever may monitor the server the statements of their own operation, as
 * `extensions.sql`. The header does nothing for others.
 */
import { StatementRecord } from '../db/ran-statements.js';
import type { Context } from '../kernel/context.js';
import { can } from '../kernel/viewer.js';
import { monitoringPermission } from '../modules/monitoring/alerts/alert.policy.js';

export interface ShownStatements {
  statements: { text: string; durationMs: number; rows: number | null }[];
  /** Statements beyond those that are shown. */
  more: number;
}

/** From here on, the statements of the request under way are recorded when its viewer may see them. */
export function wantStatements({ viewer }: Context): void {
  const record = StatementRecord.current();
  if (record && can(viewer, monitoringPermission)) record.isWanted = true;
}

/** Those of the request under way, in the order in which they ended; undefined where they are not to be shown. */
export function shownStatements(): ShownStatements | undefined {
  const record = StatementRecord.current();
  if (!record?.isWanted) return undefined;
  return {
    statements: record.statements.map(({ text, durationMs, rows }) => ({
      text,
      durationMs: Math.round(durationMs * 1000) / 1000,
      rows: rows ?? null,
    })),
    more: record.more,
  };
}
