import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { changedFields, refuseStale } from '../../../kernel/stale-version.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, duplicateField, notFound } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import { Correspondent } from './correspondent.entity.js';
import { type LabelFacts, problemsOfLabel } from './label-facts.js';
import { MatchingAlgorithm } from './matching-algorithm.js';

interface CorrespondentRow {
  id: number;
  name: string;
  match: string;
  matchingAlgorithm: MatchingAlgorithm;
  version: number;
}

/**
 * Creates a correspondent, or changes the one with `id`: facts that are undefined stay, and what is as it was changes
 * nothing. Returns its id. Throws BAD_USER_INPUT, CONFLICT for an old version and for a name that is taken, NOT_FOUND.
 */
export async function saveCorrespondent(
  ctx: CommandContext,
  { id, version: seen, ...facts }: LabelFacts & { id?: string; version?: number | null | undefined },
): Promise<number> {
  requirePermission(ctx.viewer, 'correspondents:write');
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = id === undefined ? undefined : await lockCorrespondent(tx, id);
      if (before) await refuseStale(tx, ['Correspondent', { ...before, id: String(before.id) }], seen);
      const after = {
        name: facts.name === undefined ? (before?.name ?? '') : tidyName(facts.name ?? ''),
        match: facts.match === null ? '' : (facts.match ?? before?.match ?? ''),
        matchingAlgorithm: facts.matchingAlgorithm ?? before?.matchingAlgorithm ?? MatchingAlgorithm.NONE,
      };
      const problems = problemsOfLabel(after);
      if (problems.length) throw badInput(problems);
      if (!before) {
        const made = await tx.first<{ id: number }>(
          sql`insert into correspondents ${values(Correspondent, after)} returning id`,
        );
        const { id: number } = made as { id: number };
        await emit(tx, ctx, 'correspondent.created', ['Correspondent', number], { name: after.name });
        return number;
      }
      const fields = changedFields(before, after);
      if (fields.length === 0) return before.id;
      const version = before.version + 1;
      const changes = { ...after, version, updatedAt: sql`now()` };
      await tx.send(sql`update correspondents set ${set(Correspondent, changes)} where id = ${before.id}`);
      const data = { name: after.name, version, fields };
      await emit(tx, ctx, 'correspondent.updated', ['Correspondent', before.id], data);
      return before.id;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw duplicateField('Correspondent', 'name', 'Another correspondent has this name');
    throw error;
  }
}

/** Deletes a correspondent; the documents stay, without one. */
export async function deleteCorrespondent(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'correspondents:write');
  await ctx.db.transaction(async (tx) => {
    const { id: number, name } = await lockCorrespondent(tx, id);
    await tx.send(sql`delete from correspondents where id = ${number}`);
    await emit(tx, ctx, 'correspondent.deleted', ['Correspondent', number], { name });
  });
}

async function lockCorrespondent(tx: Transaction, id: string): Promise<CorrespondentRow> {
  const row = await tx.first<CorrespondentRow>(sql`
    select id, name, match, matching_algorithm as "matchingAlgorithm", version
      from correspondents where id = ${rowId(id) ?? null}::int for update`);
  if (!row) throw notFound('Correspondent');
  return row;
}
