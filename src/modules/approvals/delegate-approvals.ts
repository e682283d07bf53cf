import { holds, sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requireInPerson, requireScope, type SignedIn } from '../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem, forbidden, notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import { dayIn } from '../../lib/zoned-day.js';
import { visibleUsers } from '../identity/identity.policy.js';
import { personNumber } from '../identity/people/person-number.js';
import { ApprovalDelegation } from './approval-delegation.entity.js';
import { managesApprovals, visibleDelegations } from './approval.policy.js';

export interface Delegation {
  /** Whose right; the viewer's by default. Another person's: administrators of approval only. */
  fromId?: string | null | undefined;
  toId: string;
  validFrom: string;
  validTo: string;
}

/**
 * Lets another person decide with one's right from one day to another, both included; returns the delegation's id.
 * Needs a person who is signed in, no API key, since it grants rights. Throws BAD_USER_INPUT, FORBIDDEN for another
 * person's right.
 */
export async function delegateApprovals(
  ctx: CommandContext,
  { fromId: lenderId, toId: borrowerId, validFrom, validTo }: Delegation,
): Promise<number> {
  const viewer = requireInPerson(ctx.viewer);
  const from = lenderId == null ? viewer.userId : await personNumber(ctx.db, lenderId);
  if (from !== viewer.userId) requireMayManage(viewer);
  const to = await personNumber(ctx.db, borrowerId);
  const { config, now } = ctx.services;
  const problems: FieldProblem[] = [];
  if (validTo < validFrom)
    problems.push({ path: ['validTo'], code: 'too_small', message: 'Must not lie before validFrom' });
  else if (validTo < dayIn(config.timeZone, now()))
    problems.push({ path: ['validTo'], code: 'too_small', message: 'Must not lie in the past' });
  if (to !== undefined && to === from)
    problems.push({ path: ['toId'], code: 'not_allowed', message: 'Must be somebody else' });
  return ctx.db.transaction(async (tx) => {
    for (const [path, id] of [
      ['fromId', from],
      ['toId', to],
    ] as const) {
      if (path === 'fromId' && id === viewer.userId) continue;
      const found = await tx.first(sql`
        select t.id from users t
         where t.id = ${id ?? null}::int and t.is_active and ${holds(visibleUsers(viewer), 't')} for key share`);
      if (!found) problems.push({ path: [path], code: 'unknown_reference', message: 'There is no such person' });
    }
    if (problems.length) throw badInput(problems);
    const [fromId, toId] = [from as number, to as number];
    const delegation = { from: fromId, to: toId, validFrom, validTo };
    const made = await tx.first<{ id: number }>(
      sql`insert into approval_delegations ${values(ApprovalDelegation, delegation)} returning id`,
    );
    const { id } = made as { id: number };
    await emit(tx, ctx, 'approval_delegation.created', ['ApprovalDelegation', id], {
      fromId,
      toId,
      validFrom,
      validTo,
    });
    return id;
  });
}

/**
 * Ends a delegation of one's right at once. Throws NOT_FOUND for one that the viewer cannot see, FORBIDDEN for one that
 * was lent to them, CONFLICT when it was revoked already.
 */
export async function revokeDelegation(ctx: CommandContext, id: string): Promise<void> {
  const viewer = requireInPerson(ctx.viewer);
  await ctx.db.transaction(async (tx) => {
    const found = await tx.first<{
      id: number;
      fromId: number;
      toId: number;
      validFrom: string;
      validTo: string;
      isRevoked: boolean;
    }>(sql`
      select t.id, t.from_id as "fromId", t.to_id as "toId", t.valid_from::text as "validFrom",
             t.valid_to::text as "validTo", t.revoked_at is not null as "isRevoked"
        from approval_delegations t
       where t.id = ${rowId(id) ?? null}::int and ${holds(visibleDelegations(viewer), 't')} for update`);
    if (!found) throw notFound('ApprovalDelegation');
    const { id: number, isRevoked, ...facts } = found;
    if (facts.fromId !== viewer.userId) requireMayManage(viewer);
    if (isRevoked)
      throw conflict('The delegation was taken back already', {
        subject: 'ApprovalDelegation',
        reason: 'delegation.revoked',
      });
    await tx.send(sql`update approval_delegations set revoked_at = ${ctx.services.now()} where id = ${number}`);
    await emit(tx, ctx, 'approval_delegation.revoked', ['ApprovalDelegation', number], facts);
  });
}

function requireMayManage(viewer: SignedIn): void {
  if (!managesApprovals(viewer)) throw forbidden('This needs the permission approval_rules:write', 'permission');
  requireScope(viewer, 'admin');
}
