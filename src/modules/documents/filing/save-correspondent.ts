import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { type CommandContext, duplicateField, execute } from '../files/write-rows.js';
import { type LabelFacts, problemsOfLabel } from './label-facts.js';
import { MatchingAlgorithm } from './matching-algorithm.js';

interface CorrespondentRow {
  id: number;
  name: string;
  match: string;
  matchingAlgorithm: MatchingAlgorithm;
}

/** Makes a correspondent, or changes the one with `id`: facts that are undefined stay. Answers its id. */
export async function saveCorrespondent(ctx: CommandContext, facts: LabelFacts, id?: string): Promise<number> {
  requirePermission(ctx.viewer, 'correspondents:write');
  try {
    return await ctx.em.transactional(async (em) => {
      const before = id === undefined ? undefined : await lockCorrespondent(em, id);
      const after = {
        name: facts.name === undefined ? (before?.name ?? '') : (facts.name ?? '').trim(),
        match: facts.match === null ? '' : (facts.match ?? before?.match ?? ''),
        matchingAlgorithm: facts.matchingAlgorithm ?? before?.matchingAlgorithm ?? MatchingAlgorithm.NONE,
      };
      const problems = problemsOfLabel(after);
      if (problems.length) throw badInput(problems);
      const values = [after.name, after.match, after.matchingAlgorithm];
      const [saved] = before
        ? await execute<{ id: number }>(
            em,
            'update correspondents set name = ?, match = ?, matching_algorithm = ?, updated_at = now() where id = ? returning id',
            [...values, before.id],
          )
        : await execute<{ id: number }>(
            em,
            'insert into correspondents (name, match, matching_algorithm) values (?, ?, ?) returning id',
            values,
          );
      const { id: number } = saved as { id: number };
      await emit(em, ctx, before ? 'correspondent.updated' : 'correspondent.created', ['Correspondent', number], {
        name: after.name,
      });
      return number;
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw duplicateField('Correspondent', 'name', 'Another correspondent has this name');
    throw error;
  }
}

/** Deletes a correspondent; the documents stay, without one. */
export async function deleteCorrespondent(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'correspondents:write');
  await ctx.em.transactional(async (em) => {
    const { id: number, name } = await lockCorrespondent(em, id);
    await execute(em, 'delete from correspondents where id = ?', [number]);
    await emit(em, ctx, 'correspondent.deleted', ['Correspondent', number], { name });
  });
}

async function lockCorrespondent(em: SqlEntityManager, id: string): Promise<CorrespondentRow> {
  const [row] = await execute<CorrespondentRow>(
    em,
    'select id, name, match, matching_algorithm as "matchingAlgorithm" from correspondents where id = ?::int for update',
    [rowId(id) ?? null],
  );
  if (!row) throw notFound('Correspondent');
  return row;
}
