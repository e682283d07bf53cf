import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
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
}

/**
 * Creates a correspondent, or changes the one with `id`: facts that are undefined stay. Returns its id. Throws
 * BAD_USER_INPUT, CONFLICT for a name that is taken, NOT_FOUND.
 */
export async function saveCorrespondent(
  ctx: CommandContext,
  { id, ...facts }: LabelFacts & { id?: string },
): Promise<number> {
  requirePermission(ctx.viewer, 'correspondents:write');
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = id === undefined ? undefined : await lockCorrespondent(tx, id);
      const after = {
        name: facts.name === undefined ? (before?.name ?? '') : tidyName(facts.name ?? ''),
        match: facts.match === null ? '' : (facts.match ?? before?.match ?? ''),
        matchingAlgorithm: facts.matchingAlgorithm ?? before?.matchingAlgorithm ?? MatchingAlgorithm.NONE,
      };
      const problems = problemsOfLabel(after);
      if (problems.length) throw badInput(problems);
      const saved = await tx.first<{ id: number }>(
        before
          ? sql`update correspondents set ${set(Correspondent, { ...after, updatedAt: sql`now()` })}
                 where id = ${before.id} returning id`
          : sql`insert into correspondents ${values(Correspondent, after)} returning id`,
      );
      const { id: number } = saved as { id: number };
      await emit(tx, ctx, before ? 'correspondent.updated' : 'correspondent.created', ['Correspondent', number], {
        name: after.name,
      });
      return number;
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
    select id, name, match, matching_algorithm as "matchingAlgorithm"
      from correspondents where id = ${rowId(id) ?? null}::int for update`);
  if (!row) throw notFound('Correspondent');
  return row;
}
