import { raw, set, sql, values } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { insertOnce } from '../../../kernel/insert-once.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { checkedText } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { lockParent, lockPart, notePart, type Part, removePart } from '../parts.js';
import { ChecklistItem } from './checklist-item.entity.js';

const part: Part = { table: 'checklist_items', subject: 'ChecklistItem', field: 'checklist', most: 200 };
const mostAtOnce = 100;

export interface NewChecklistItem {
  id?: string | null | undefined;
  label: string;
  note?: string | null | undefined;
}

/** Adds items to the end of a checklist, and returns their ids. Throws NOT_FOUND, BAD_USER_INPUT, CONFLICT. */
export async function createChecklistItems(
  ctx: CommandContext,
  { interventionId, items }: { interventionId: string; items: readonly NewChecklistItem[] },
): Promise<string[]> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  const problems: FieldProblem[] = [];
  if (items.length < 1 || items.length > mostAtOnce) {
    const code = items.length < 1 ? 'too_short' : 'too_long';
    throw badInput([{ path: ['items'], code, message: `must be 1 to ${mostAtOnce}` }]);
  }
  const given = items.map(({ id, ...item }, index) => ({
    id,
    ...checkedItem(item, ['items', String(index)], problems),
  }));
  if (problems.length) throw badInput(problems);
  return ctx.db.transaction(async (tx) => {
    const parent = await lockParent(tx, viewer, interventionId, { part, added: given.length });
    const last = await tx.first<{ position: number }>(sql`
      select coalesce(max(position), 0) as position from checklist_items
       where intervention_id = ${parent.interventionId}::uuid`);
    const ids: string[] = [];
    let position = last?.position ?? 0;
    for (const { id, label, note } of given) {
      const row = { intervention: parent.interventionId, label, note, createdBy: viewer.userId };
      const made = await insertOnce(tx, {
        ...part,
        id,
        userId: viewer.userId,
        insert: (key) => sql`
          insert into checklist_items ${values(ChecklistItem, { id: key, position: position + 1, ...row })}
              on conflict (id) do nothing returning id`,
      });
      if (made.isNew) position += 1;
      ids.push(made.id);
    }
    if (position !== last?.position) await notePart(tx, ctx, part, parent);
    return ids;
  });
}

export interface ChecklistItemChange {
  id: string;
  label?: string | null | undefined;
  note?: string | null | undefined;
  isDone?: boolean | null | undefined;
  position?: number | null | undefined;
}

type Row = Pick<ChecklistItem, 'position' | 'label' | 'isDone'> & { note: string | null };

/** Changes what is given of an item. Throws NOT_FOUND, BAD_USER_INPUT with every problem. */
export async function updateChecklistItem(
  ctx: CommandContext,
  { id, label, note, isDone, position }: ChecklistItemChange,
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const columns = raw('p.position, p.label, p.note, p.is_done as "isDone"');
    const before = await lockPart<Row>(tx, viewer, { part, id, columns });
    const problems: FieldProblem[] = [];
    const text = checkedItem(
      { label: label ?? before.label, note: note === undefined ? before.note : note },
      [],
      problems,
    );
    if (position != null && position < 1)
      problems.push({ path: ['position'], code: 'too_small', message: 'must be 1 or more' });
    if (problems.length) throw badInput(problems);
    const isTurned = isDone != null && isDone !== before.isDone;
    const done = { isDone: isDone ?? before.isDone, doneAt: isDone ? ctx.services.now() : null };
    const changes = { ...text, ...(isTurned && { ...done, doneBy: isDone ? viewer.userId : null }) };
    await tx.send(sql`update checklist_items set ${set(ChecklistItem, changes)} where id = ${before.id}::uuid`);
    if (position != null)
      await tx.send(sql`
        update checklist_items i set position = o.place
          from (select p.id, row_number() over (order by p.rank, p.position)::int as place
                  from (select id, position,
                               case when id = ${before.id}::uuid then ${position}::numeric - 0.5
                                    else row_number() over (partition by id = ${before.id}::uuid order by position)
                                    end as rank
                          from checklist_items where intervention_id = ${before.interventionId}::uuid) p) o
         where i.id = o.id and i.position <> o.place`);
    await notePart(tx, ctx, part, before);
    return before.id;
  });
}

/** Takes an item off its checklist, and returns its id. Throws NOT_FOUND. */
export async function deleteChecklistItem(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const row = await lockPart(tx, viewer, { part, id, columns: raw('p.position') });
    return removePart(tx, ctx, { part, row });
  });
}

const checkedItem = (
  { label, note }: Pick<NewChecklistItem, 'label' | 'note'>,
  path: readonly string[],
  problems: FieldProblem[],
): { label: string; note: string | null } => ({
  label: checkedText(label, [...path, 'label'], problems, { max: 500, isRequired: true }),
  note: checkedText(note ?? '', [...path, 'note'], problems, { max: 2000 }) || null,
});
