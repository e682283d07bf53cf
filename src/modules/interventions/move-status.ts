import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { badInput } from '../../lib/errors.js';
import type { StatusName } from './events.js';
import { InterventionStatus } from './intervention.entity.js';

const { PLANNED, IN_PROGRESS, VALIDATED, ARCHIVED } = InterventionStatus;

/** Where an intervention may go from where it stands. */
const moves: Readonly<Record<InterventionStatus, readonly InterventionStatus[]>> = {
  [PLANNED]: [IN_PROGRESS, ARCHIVED],
  [IN_PROGRESS]: [VALIDATED, ARCHIVED],
  [VALIDATED]: [ARCHIVED],
  [ARCHIVED]: [],
};

interface Work {
  startedAt: Date | null;
  finishedAt: Date | null;
}

/**
 * When the work began and was done, once the intervention stands so: as it was, else now. Throws BAD_USER_INPUT with
 * the reason `intervention.transition` when it may not go there.
 */
export function moved(
  { status: from, startedAt, finishedAt }: Work & { status: InterventionStatus },
  to: InterventionStatus,
  now: Date,
): Work {
  if (!moves[from].includes(to)) {
    const message = `must not become ${nameOf(to)} when it is ${nameOf(from)}`;
    throw badInput([{ path: ['status'], code: 'not_allowed', message }], {
      reason: 'intervention.transition',
      details: { from: nameOf(from), to: nameOf(to) },
    });
  }
  if (to === IN_PROGRESS) return { startedAt: startedAt ?? earlier(now, finishedAt), finishedAt };
  return from === IN_PROGRESS
    ? { startedAt, finishedAt: finishedAt ?? later(now, startedAt) }
    : { startedAt, finishedAt };
}

const earlier = (one: Date, other: Date | null): Date => (other && other < one ? other : one);
const later = (one: Date, other: Date | null): Date => (other && other > one ? other : one);

/** As the graph has it. */
export const nameOf = (status: InterventionStatus): StatusName => status.toUpperCase() as StatusName;

export interface StatusChange {
  id: string;
  /** null: it is new. */
  from: InterventionStatus | null;
  to: InterventionStatus;
  comment: string | null;
  at: Date;
}

/** Writes into the history how an intervention came to stand. */
export const noteStatus = (
  tx: Transaction,
  { viewer }: CommandContext,
  { id, from, to, comment, at }: StatusChange,
): Promise<void> =>
  tx.send(sql`
    insert into intervention_status_changes
      (intervention_id, from_status, to_status, comment, changed_by_id, changed_at)
    values (${id}::uuid, ${from}, ${to}, ${comment}, ${viewer.userId ?? null}, ${at})`);
