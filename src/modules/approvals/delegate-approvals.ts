import { emit } from '../../events/outbox.js';
import { requireInPerson, requireScope, type SignedIn } from '../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem, forbidden, notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import { dayIn } from '../../lib/zoned-day.js';
import { execute, type CommandContext } from '../documents/files/write-rows.js';
import { visibleUsers } from '../identity/identity.policy.js';
import { personNumber } from '../identity/people/person-number.js';
import { managesApprovals, visibleDelegations } from './approval.policy.js';

export interface Delegation {
  /** Whose right; oneself by default. Another's: administrators of approval only. */
  fromId?: string | null | undefined;
  toId: string;
  validFrom: string;
  validTo: string;
}

/**
 * Lets another person decide with one's right on some days, both included; answers the delegation's number. In person
 * only: it hands rights out. Throws BAD_USER_INPUT, FORBIDDEN for another person's right.
 */
export async function delegateApprovals(
  ctx: CommandContext,
  { fromId, toId, validFrom, validTo }: Delegation,
): Promise<number> {
  const viewer = requireInPerson(ctx.viewer);
  const from = fromId == null ? viewer.userId : await personNumber(ctx.em, fromId);
  if (from !== viewer.userId) requireMayManage(viewer);
  const to = await personNumber(ctx.em, toId);
  const { config, now } = ctx.services;
  const problems: FieldProblem[] = [];
  if (validTo < validFrom)
    problems.push({ path: ['validTo'], code: 'too_small', message: 'Must not lie before validFrom' });
  else if (validTo < dayIn(config.timeZone, now()))
    problems.push({ path: ['validTo'], code: 'too_small', message: 'Must not lie in the past' });
  if (to !== undefined && to === from)
    problems.push({ path: ['toId'], code: 'not_allowed', message: 'Must be somebody else' });
  return ctx.em.transactional(async (em) => {
    for (const [path, id] of [
      ['fromId', from],
      ['toId', to],
    ] as const) {
      if (path === 'fromId' && id === viewer.userId) continue;
      const parameters: unknown[] = [id ?? null];
      const visible = visibleUsers(viewer)('t', (value) => (parameters.push(value), '?'));
      const found = await execute(
        em,
        `select t.id from users t where t.id = ?::int and t.is_active and (${visible}) for key share`,
        parameters,
      );
      if (!found.length) problems.push({ path: [path], code: 'unknown_reference', message: 'There is no such person' });
    }
    if (problems.length) throw badInput(problems);
    const [made] = await execute<{ id: number }>(
      em,
      'insert into approval_delegations (from_id, to_id, valid_from, valid_to) values (?, ?, ?, ?) returning id',
      [from, to, validFrom, validTo],
    );
    const { id } = made as { id: number };
    await emit(em, ctx, 'approval_delegation.created', ['ApprovalDelegation', id], {
      fromId: from as number,
      toId: to as number,
      validFrom,
      validTo,
    });
    return id;
  });
}

/** Ends a delegation of one's right at once. Throws NOT_FOUND for one that the viewer can't see, FORBIDDEN for one that was lent to them, CONFLICT when it has ended so already. */
export async function revokeDelegation(ctx: CommandContext, id: string): Promise<void> {
  const viewer = requireInPerson(ctx.viewer);
  await ctx.em.transactional(async (em) => {
    const parameters: unknown[] = [rowId(id) ?? null];
    const visible = visibleDelegations(viewer)('t', (value) => (parameters.push(value), '?'));
    const [found] = await execute<{
      id: number;
      fromId: number;
      toId: number;
      validFrom: string;
      validTo: string;
      isRevoked: boolean;
    }>(
      em,
      `select t.id, t.from_id as "fromId", t.to_id as "toId", t.valid_from::text as "validFrom", t.valid_to::text as "validTo", t.revoked_at is not null as "isRevoked"
         from approval_delegations t where t.id = ?::int and (${visible}) for update`,
      parameters,
    );
    if (!found) throw notFound('ApprovalDelegation');
    const { id: number, isRevoked, ...facts } = found;
    if (facts.fromId !== viewer.userId) requireMayManage(viewer);
    if (isRevoked)
      throw conflict('The delegation was taken back already', {
        subject: 'ApprovalDelegation',
        reason: 'delegation.revoked',
      });
    await execute(em, 'update approval_delegations set revoked_at = ?::timestamptz where id = ?', [
      ctx.services.now().toISOString(),
      number,
    ]);
    await emit(em, ctx, 'approval_delegation.revoked', ['ApprovalDelegation', number], facts);
  });
}

function requireMayManage(viewer: SignedIn): void {
  if (!managesApprovals(viewer)) throw forbidden('This needs the permission approval_rules:write', 'permission');
  requireScope(viewer, 'admin');
}
