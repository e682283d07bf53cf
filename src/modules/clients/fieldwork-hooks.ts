import type { Transaction } from '../../db/sql-client.js';
import { raw, type Sql, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import type { HookSteps } from '../../kernel/hooks.js';

/** What goes into the trash, or comes out of it, with all that hangs on it. */
export interface FieldworkTrash {
  parent: 'client' | 'intervention';
  id: string;
  /** When it went into the trash: what went with it has the same moment. */
  deletedAt: Date | string;
}

type FollowingTable = 'interventions' | 'maintenance_contracts' | 'appointments' | 'media' | 'reports';

/** Where later modules do with theirs what is done with a client or an intervention: they know what hangs on it. */
export interface FieldworkHooks {
  /** The parent has gone into the trash: what hangs on it goes too, but for what lies there already. */
  fieldworkTrashed: (tx: Transaction, ctx: CommandContext, trash: FieldworkTrash) => Promise<void>;
  /** The parent has come out of the trash: what went with it comes too. */
  fieldworkRestored: (tx: Transaction, ctx: CommandContext, trash: FieldworkTrash) => Promise<void>;
}

/**
 * The steps of tables that follow their parents into the trash and out of it: each with the condition on the rows that
 * hang on one.
 */
export function followIntoTrash(
  tables: Readonly<Partial<Record<FollowingTable, (trash: FieldworkTrash) => Sql>>>,
): Required<Pick<HookSteps, 'fieldworkTrashed' | 'fieldworkRestored'>> {
  const each = async (run: (table: Sql, rows: (trash: FieldworkTrash) => Sql) => Promise<void>): Promise<void> => {
    for (const [table, rows] of Object.entries(tables)) await run(raw(table), rows);
  };
  return {
    fieldworkTrashed: (tx, _ctx, trash) =>
      each((table, rows) =>
        tx.send(sql`update ${table} set deleted_at = ${trash.deletedAt} where deleted_at is null and ${rows(trash)}`),
      ),
    fieldworkRestored: (tx, _ctx, trash) =>
      each((table, rows) =>
        tx.send(sql`update ${table} set deleted_at = null where deleted_at = ${trash.deletedAt} and ${rows(trash)}`),
      ),
  };
}

/** For what hangs on clients alone. */
export const onClient = ({ parent, id }: FieldworkTrash): Sql =>
  parent === 'client' ? sql`client_id = ${id}::uuid` : raw('false');

/** For what hangs on interventions, and by them on clients. */
export const onIntervention = ({ parent, id }: FieldworkTrash): Sql =>
  parent === 'client'
    ? sql`intervention_id in (select id from interventions where client_id = ${id}::uuid)`
    : sql`intervention_id = ${id}::uuid`;

/** For what hangs on both. */
export const onClientOrIntervention = (trash: FieldworkTrash): Sql =>
  trash.parent === 'client' ? onClient(trash) : onIntervention(trash);
