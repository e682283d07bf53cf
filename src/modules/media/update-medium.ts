import type { Transaction } from '../../db/sql-client.js';
import { type RowChanges, set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { refuseStale } from '../../kernel/stale-version.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { lockMedium } from './lock-medium.js';
import { checkedFacts, type MediumFacts, namesOfFacts } from './medium-facts.js';
import { Medium, MediumStatus } from './medium.entity.js';

export interface MediumUpdate extends MediumFacts {
  id: string;
  version?: number | null | undefined;
  status?: MediumStatus | null | undefined;
}

/**
 * Changes what is known of a file: what is undefined stays, null empties, what is as it was changes nothing. Returns
 * its id. Throws FORBIDDEN, NOT_FOUND, BAD_USER_INPUT, CONFLICT for an older version.
 */
export async function updateMedium(ctx: CommandContext, update: MediumUpdate): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'media:write');
  return ctx.db.transaction(async (tx) => {
    const medium = await lockMedium(tx, viewer, update.id);
    await refuseStale(tx, ['Medium', medium], update.version);
    const problems: FieldProblem[] = [];
    const changes = { ...checkedFacts(update, problems), status: update.status ?? undefined };
    if (problems.length) throw badInput(problems);
    const fields = await changedFields(tx, medium.id, changes);
    if (fields.length === 0) return medium.id;
    const version = medium.version + 1;
    await tx.send(sql`
      update media set ${set(Medium, { ...changes, version, updatedAt: sql`now()` })} where id = ${medium.id}::uuid`);
    const { interventionId } = medium;
    await emit(tx, ctx, 'media.updated', ['Medium', medium.id], { interventionId, version, fields });
    if (changes.status === MediumStatus.PROCESSING && fields.includes('status'))
      await ctx.services.jobs.send(tx, 'media.process', { mediumId: medium.id }, { trace: ctx.notes.trace });
    return medium.id;
  });
}

/** The names of the facts that are stated and differ from what is there. */
async function changedFields(tx: Transaction, id: string, changes: RowChanges<Medium>): Promise<string[]> {
  const before = await tx.first<RowChanges<Medium>>(sql`
    select kind, status, description, annotations, device, capture_mode as "captureMode", tags,
           to_char(taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
           latitude::text, longitude::text, gps_accuracy::text as "gpsAccuracy", altitude::text
      from media where id = ${id}::uuid`);
  return namesOfFacts(changes).filter((name) => JSON.stringify(changes[name]) !== JSON.stringify(before?.[name]));
}
