import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { lockUntilCommit } from '../../../db/locks.js';
import { emit } from '../../../events/outbox.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { assignments, type CommandContext, duplicateField, execute } from '../files/write-rows.js';
import { type LabelFacts, problemsOfLabel } from './label-facts.js';
import { MatchingAlgorithm } from './matching-algorithm.js';

export interface TagFacts extends LabelFacts {
  color?: string | null | undefined;
  parentId?: string | null | undefined;
}

const maxTagDepth = 5;
const defaultTagColor = '#6B7280';

interface TagRow {
  name: string;
  color: string;
  match: string;
  matchingAlgorithm: MatchingAlgorithm;
}

const newTag: TagRow = { name: '', color: defaultTagColor, match: '', matchingAlgorithm: MatchingAlgorithm.NONE };

/**
 * Makes a tag, or changes the one with `id`: facts that are undefined stay. Answers its id. Throws BAD_USER_INPUT (also for
 * a cycle and for a sixth level), CONFLICT for a name that is taken, NOT_FOUND.
 */
export async function saveTag(ctx: CommandContext, facts: TagFacts, id?: string): Promise<number> {
  requirePermission(ctx.viewer, 'tags:write');
  try {
    return await ctx.em.transactional(async (em) => {
      await execute(em, lockUntilCommit('tagTree'));
      const number = id === undefined ? undefined : await lockTag(em, id);
      const before = number === undefined ? newTag : await readTag(em, number);
      const after = {
        name: facts.name === undefined ? before.name : (facts.name ?? '').trim(),
        color: facts.color ?? before.color,
        match: facts.match === null ? '' : (facts.match ?? before.match),
        matchingAlgorithm: facts.matchingAlgorithm ?? before.matchingAlgorithm,
      };
      const problems = problemsOfLabel(after);
      if (!/^#[0-9A-Fa-f]{6}$/.test(after.color))
        problems.push({ path: ['color'], code: 'invalid_format', message: 'A colour such as #6B7280' });
      if (facts.parentId != null) problems.push(...(await problemsOfParent(em, facts.parentId, number)));
      if (problems.length) throw badInput(problems);

      const columns = {
        name: after.name,
        color: after.color,
        match: after.match,
        matching_algorithm: after.matchingAlgorithm,
      };
      const saved = await write(
        em,
        { ...columns, parent_id: facts.parentId === undefined ? undefined : (rowId(facts.parentId ?? '') ?? null) },
        number,
      );
      await emit(em, ctx, number === undefined ? 'tag.created' : 'tag.updated', ['Tag', saved], { name: after.name });
      return saved;
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw duplicateField('Tag', 'name', 'Another tag has this name');
    throw error;
  }
}

/** Deletes a tag; its children move to the top, its documents stay. */
export async function deleteTag(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'tags:write');
  await ctx.em.transactional(async (em) => {
    const number = await lockTag(em, id);
    const { name } = await readTag(em, number);
    await execute(em, 'delete from tags where id = ?', [number]);
    await emit(em, ctx, 'tag.deleted', ['Tag', number], { name });
  });
}

async function lockTag(em: SqlEntityManager, id: string): Promise<number> {
  const number = rowId(id);
  const [found] =
    number === undefined ? [] : await execute(em, 'select id from tags where id = ? for update', [number]);
  if (number === undefined || !found) throw notFound('Tag');
  return number;
}

async function readTag(em: SqlEntityManager, id: number): Promise<TagRow> {
  const [row] = await execute<TagRow>(
    em,
    'select name, color, match, matching_algorithm as "matchingAlgorithm" from tags where id = ?',
    [id],
  );
  return row as TagRow;
}

/** Whether the tag (undefined: a new one) can hang below that parent: no cycle, no more levels than there may be. */
async function problemsOfParent(
  em: SqlEntityManager,
  parentId: string,
  tagId: number | undefined,
): Promise<FieldProblem[]> {
  const path = ['parentId'];
  const parent = rowId(parentId);
  const ancestors = await execute<{ id: number }>(
    em,
    `with recursive above as (
       select id, parent_id from tags where id = ?::int
       union select t.id, t.parent_id from tags t join above a on t.id = a.parent_id)
     select id from above`,
    [parent ?? null],
  );
  if (!ancestors.length) return [{ path, code: 'unknown_reference', message: 'There is no such tag' }];
  if (ancestors.some(({ id }) => id === tagId))
    return [{ path, code: 'not_allowed', message: 'A tag cannot lie below itself' }];
  const [subtree] = await execute<{ height: number }>(
    em,
    `with recursive below as (
       select id, 1 as level from tags where id = ?::int
       union select t.id, b.level + 1 from tags t join below b on t.parent_id = b.id where b.level <= ${maxTagDepth})
     select coalesce(max(level), 1)::int as height from below`,
    [tagId ?? null],
  );
  const levels = ancestors.length + (subtree?.height ?? 1);
  return levels > maxTagDepth
    ? [{ path, code: 'not_allowed', message: `Tags lie at most ${maxTagDepth} levels deep` }]
    : [];
}

async function write(
  em: SqlEntityManager,
  columns: Readonly<Record<string, unknown>>,
  id: number | undefined,
): Promise<number> {
  const { sql, parameters } = assignments(columns);
  if (id !== undefined) {
    await execute(em, `update tags set ${sql} where id = ?`, [...parameters, id]);
    return id;
  }
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  const [row] = await execute<{ id: number }>(
    em,
    `insert into tags (${given.map(([name]) => name).join(', ')}) values (${given.map(() => '?').join(', ')}) returning id`,
    given.map(([, value]) => value),
  );
  return (row as { id: number }).id;
}
