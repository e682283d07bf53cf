import { takeLock } from '../../../db/locks.js';
import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { changedFields, refuseStale } from '../../../kernel/stale-version.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, duplicateField, type FieldProblem, notFound } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import { type LabelFacts, problemsOfLabel } from './label-facts.js';
import { MatchingAlgorithm } from './matching-algorithm.js';
import { Tag } from './tag.entity.js';

export interface TagFacts extends LabelFacts {
  color?: string | null | undefined;
  parentId?: string | null | undefined;
  /** That the changes were made on. */
  version?: number | null | undefined;
}

const maxTagDepth = 5;
const defaultTagColor = '#6B7280';

interface TagRow extends SavedTag {
  id: number;
  version: number;
}

interface SavedTag {
  name: string;
  color: string;
  match: string;
  matchingAlgorithm: MatchingAlgorithm;
  parentId: number | null;
}

const newTag: SavedTag = {
  name: '',
  color: defaultTagColor,
  match: '',
  matchingAlgorithm: MatchingAlgorithm.NONE,
  parentId: null,
};

/**
 * Creates a tag, or changes the one with `id`: facts that are undefined stay, and what is as it was changes nothing.
 * Returns its id. Throws BAD_USER_INPUT (also for a cycle and for a sixth level), CONFLICT for an old version and for a
 * name that is taken, NOT_FOUND.
 */
export async function saveTag(ctx: CommandContext, { id, ...facts }: TagFacts & { id?: string }): Promise<number> {
  requirePermission(ctx.viewer, 'tags:write');
  try {
    return await ctx.db.transaction(async (tx) => {
      await tx.send(takeLock('tagTree'));
      const existing = id === undefined ? undefined : await lockTag(tx, id);
      if (existing) await refuseStale(tx, ['Tag', { ...existing, id: String(existing.id) }], facts.version);
      const before = existing ?? newTag;
      const after: SavedTag = {
        name: facts.name === undefined ? before.name : tidyName(facts.name ?? ''),
        color: facts.color ?? before.color,
        match: facts.match === null ? '' : (facts.match ?? before.match),
        matchingAlgorithm: facts.matchingAlgorithm ?? before.matchingAlgorithm,
        parentId: facts.parentId === undefined ? before.parentId : (rowId(facts.parentId ?? '') ?? null),
      };
      const problems = problemsOfLabel(after);
      if (!/^#[0-9A-Fa-f]{6}$/.test(after.color))
        problems.push({ path: ['color'], code: 'invalid_format', message: 'A colour such as #6B7280' });
      if (facts.parentId != null) problems.push(...(await problemsOfParent(tx, facts.parentId, existing?.id)));
      if (problems.length) throw badInput(problems);

      const { parentId: parent, ...columns } = after;
      if (!existing) {
        const made = await tx.first<{ id: number }>(
          sql`insert into tags ${values(Tag, { ...columns, parent })} returning id`,
        );
        const { id: number } = made as { id: number };
        await emit(tx, ctx, 'tag.created', ['Tag', number], { name: after.name });
        return number;
      }
      const fields = changedFields(before, after);
      if (fields.length === 0) return existing.id;
      const version = existing.version + 1;
      const changes = { ...columns, parent, version, updatedAt: sql`now()` };
      await tx.send(sql`update tags set ${set(Tag, changes)} where id = ${existing.id}`);
      await emit(tx, ctx, 'tag.updated', ['Tag', existing.id], { name: after.name, version, fields });
      return existing.id;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw duplicateField('Tag', 'name', 'Another tag has this name');
    throw error;
  }
}

/** Deletes a tag; its children move to the top, its documents stay. */
export async function deleteTag(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'tags:write');
  await ctx.db.transaction(async (tx) => {
    // As whoever saves: a tag that is just being put below this one would hang on nothing, or wait for it in a circle.
    await tx.send(takeLock('tagTree'));
    const { id: number, name } = await lockTag(tx, id);
    await tx.send(sql`delete from tags where id = ${number}`);
    await emit(tx, ctx, 'tag.deleted', ['Tag', number], { name });
  });
}

async function lockTag(tx: Transaction, id: string): Promise<TagRow> {
  const row = await tx.first<TagRow>(sql`
    select id, name, color, match, matching_algorithm as "matchingAlgorithm", parent_id as "parentId", version
      from tags where id = ${rowId(id) ?? null}::int for update`);
  if (!row) throw notFound('Tag');
  return row;
}

/** Whether the tag (undefined: a new one) can lie below that parent: no cycle, and no level too many. */
async function problemsOfParent(tx: Transaction, parentId: string, tagId: number | undefined): Promise<FieldProblem[]> {
  const path = ['parentId'];
  const ancestors = await tx.all<{ id: number }>(sql`
    with recursive above as (
      select id, parent_id from tags where id = ${rowId(parentId) ?? null}::int
      union select t.id, t.parent_id from tags t join above a on t.id = a.parent_id)
    select id from above`);
  if (!ancestors.length) return [{ path, code: 'unknown_reference', message: 'There is no such tag' }];
  if (ancestors.some(({ id }) => id === tagId))
    return [{ path, code: 'not_allowed', message: 'A tag cannot lie below itself' }];
  const subtree = await tx.first<{ height: number }>(sql`
    with recursive below as (
      select id, 1 as level from tags where id = ${tagId ?? null}::int
      union select t.id, b.level + 1 from tags t join below b on t.parent_id = b.id
             where b.level <= ${maxTagDepth}::int)
    select coalesce(max(level), 1)::int as height from below`);
  const levels = ancestors.length + (subtree?.height ?? 1);
  return levels > maxTagDepth
    ? [{ path, code: 'not_allowed', message: `Tags lie at most ${maxTagDepth} levels deep` }]
    : [];
}
