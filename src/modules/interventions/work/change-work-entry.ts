import type { Transaction } from '../../../db/sql-client.js';
import { raw, set, sql, values } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { insertOnce } from '../../../kernel/insert-once.js';
import { requirePermission, type SignedIn } from '../../../kernel/viewer.js';
import { checkedDay, checkedRange, checkedText } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { type NamedPerson, namedPerson } from '../../identity/people/named-person.js';
import { lockParent, lockPart, notePart, type Part, removePart } from '../parts.js';
import { WorkEntry } from './work-entry.entity.js';

const part: Part = { table: 'work_entries', subject: 'WorkEntry', field: 'workEntries', most: 500 };

export interface WorkEntryFields {
  /** The UUID or the user name of a person, or any other text. */
  technician?: string | null | undefined;
  workDate?: string | null | undefined;
  minutes?: number | null | undefined;
  note?: string | null | undefined;
}

interface WorkEntryFacts {
  technician: string;
  technicianUserId: number | null;
  workDate: string;
  minutes: number;
  note: string | null;
}

export interface NewWorkEntry extends WorkEntryFields {
  interventionId: string;
  id?: string | null | undefined;
  workDate: string;
  minutes: number;
}

/** Notes time that somebody worked, and returns the entry's id. Throws NOT_FOUND, BAD_USER_INPUT, CONFLICT. */
export async function createWorkEntry(
  ctx: CommandContext,
  { interventionId, id, ...given }: NewWorkEntry,
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const facts = await checkedEntry(tx, given, await ownName(tx, viewer));
    const parent = await lockParent(tx, viewer, interventionId, { part });
    const row = { intervention: parent.interventionId, ...columnsOf(facts), createdBy: viewer.userId };
    const made = await insertOnce(tx, {
      ...part,
      id,
      userId: viewer.userId,
      insert: (key) => sql`
        insert into work_entries ${values(WorkEntry, { id: key, ...row, createdAt: ctx.services.now() })}
            on conflict (id) do nothing returning id`,
    });
    if (made.isNew) await notePart(tx, ctx, part, parent);
    return made.id;
  });
}

/** Changes what is given of an entry. Throws NOT_FOUND, BAD_USER_INPUT with every problem. */
export async function updateWorkEntry(
  ctx: CommandContext,
  { id, ...given }: WorkEntryFields & { id: string },
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const columns = raw(
      `p.technician, p.technician_user_id as "ownerId", p.work_date as "workDate", p.minutes, p.note`,
    );
    const before = await lockPart<WorkEntryFacts & { ownerId: number | null }>(tx, viewer, { part, id, columns });
    const facts = await checkedEntry(tx, given, { ...before, technicianUserId: before.ownerId });
    await tx.send(sql`update work_entries set ${set(WorkEntry, columnsOf(facts))} where id = ${before.id}::uuid`);
    await notePart(tx, ctx, part, before);
    return before.id;
  });
}

/** Removes an entry, and returns its id. Throws NOT_FOUND. */
export async function deleteWorkEntry(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const row = await lockPart(tx, viewer, { part, id, columns: raw('p.minutes') });
    return removePart(tx, ctx, { part, row });
  });
}

const columnsOf = ({ technicianUserId, ...facts }: WorkEntryFacts) => ({ ...facts, technicianUser: technicianUserId });

type Before = Pick<WorkEntryFacts, 'technician' | 'technicianUserId'> & Partial<WorkEntryFacts>;

async function checkedEntry(tx: Transaction, given: WorkEntryFields, before: Before): Promise<WorkEntryFacts> {
  const problems: FieldProblem[] = [];
  const isNamed = given.technician?.trim() && given.technician.trim() !== before.technician;
  const named: NamedPerson = isNamed
    ? await namedPerson(tx, given.technician, ['technician'], problems)
    : { text: before.technician, userId: before.technicianUserId };
  const minutes = given.minutes ?? before.minutes ?? 0;
  checkedRange(minutes, ['minutes'], problems, { min: 1, max: 1440 });
  const facts = {
    technician: named.text ?? before.technician,
    technicianUserId: named.userId,
    workDate: checkedDay(given.workDate ?? before.workDate ?? '', ['workDate'], problems),
    minutes,
    note:
      given.note === undefined
        ? (before.note ?? null)
        : checkedText(given.note ?? '', ['note'], problems, { max: 2000 }) || null,
  };
  if (problems.length) throw badInput(problems);
  return facts;
}

/** Who notes their own time is named by their user name. */
async function ownName(tx: Transaction, { userId }: SignedIn): Promise<Before> {
  const own = await tx.first<{ username: string }>(sql`select username from users where id = ${userId}`);
  return { technician: own?.username ?? '', technicianUserId: userId };
}
