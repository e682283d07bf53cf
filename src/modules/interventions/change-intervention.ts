import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { refuseStale } from '../../kernel/stale-version.js';
import { requirePermission } from '../../kernel/viewer.js';
import { checkedText } from '../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { changesOf, checkIntervention, columnsOf, type InterventionFields } from './intervention-fields.js';
import { Intervention, type InterventionStatus } from './intervention.entity.js';
import { checkFollowed, lockIntervention } from './lock-intervention.js';
import { moved, nameOf, noteStatus } from './move-status.js';
import { techniciansOf, writeTechnicians } from './technicians.js';

export interface InterventionChange extends InterventionFields {
  id: string;
  /** The version that the change was made on. */
  version?: number | null | undefined;
  /** Where it is to stand; where it stands already is no move. */
  status?: InterventionStatus | null | undefined;
  /** Why it moves. */
  comment?: string | null | undefined;
}

const longestComment = 2000;

interface ChangeOptions {
  /** Whether going where it stands already is refused too. */
  mustMove?: boolean;
}

/**
 * Changes what is given, and returns the id. Of two people who move one at the same time the second is refused. What is
 * as it was before is no change. Throws NOT_FOUND, CONFLICT with the reason `stale_version`, BAD_USER_INPUT with every
 * problem, or with the reason `intervention.transition`.
 */
export async function changeIntervention(
  ctx: CommandContext,
  { id, version, status, comment, ...given }: InterventionChange,
  { mustMove = false }: ChangeOptions = {},
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const before = await lockIntervention(tx, viewer, id);
    await refuseStale(tx, ['Intervention', before], version);
    const { facts, others } = await checkIntervention(tx, given, before);
    const { clientId } = before;
    const { followsId } = facts;
    if (followsId && followsId !== before.followsId)
      await checkFollowed(tx, viewer, { followsId, clientId, id: before.id });

    const at = ctx.services.now();
    const isMove = status != null && (mustMove || status !== before.status);
    const after = isMove ? { ...facts, ...moved({ ...facts, status: before.status }, status, at) } : facts;
    const areOthersChanged =
      others !== undefined && JSON.stringify(others) !== JSON.stringify(await techniciansOf(tx, before.id));
    const changed = [...changesOf(before, after), ...(areOthersChanged ? ['otherTechnicians'] : [])];
    if (!isMove && changed.length === 0) return before.id;

    const data = { version: before.version + 1, clientId, technicianUserId: after.technicianUserId };
    const columns = { ...columnsOf(after), ...(isMove && { status }), version: data.version, updatedAt: at };
    await tx.send(sql`update interventions set ${set(Intervention, columns)} where id = ${before.id}::uuid`);
    if (areOthersChanged) await writeTechnicians(tx, before.id, others);
    if (isMove) {
      const [from, to] = [before.status, status];
      await noteStatus(tx, ctx, { id: before.id, from, to, comment: checkedComment(comment), at });
      const fields = ['status', ...changed.filter(isOfMove)];
      const move = { ...data, fields, from: nameOf(from), to: nameOf(to) };
      await emit(tx, ctx, 'intervention.status_changed', ['Intervention', before.id], move);
    }
    const fields = isMove ? changed.filter((name) => !isOfMove(name)) : changed;
    if (fields.length) await emit(tx, ctx, 'intervention.updated', ['Intervention', before.id], { ...data, fields });
    return before.id;
  });
}

/** Whether a change belongs to the move of an intervention that moves. */
const isOfMove = (name: string): boolean => name === 'startedAt' || name === 'finishedAt';

function checkedComment(comment: string | null | undefined): string | null {
  const problems: FieldProblem[] = [];
  const text = checkedText(comment ?? '', ['comment'], problems, { max: longestComment });
  if (problems.length) throw badInput(problems);
  return text || null;
}
