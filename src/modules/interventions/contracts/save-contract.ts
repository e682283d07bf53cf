import type { Transaction } from '../../../db/sql-client.js';
import { holds, set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { insertOnce, isMadeBefore } from '../../../kernel/insert-once.js';
import { refuseStale } from '../../../kernel/stale-version.js';
import { requirePermission, type Viewer } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { dayAfterPeriod, placeFrom } from '../../../lib/occurrences.js';
import { isUuid } from '../../../lib/uuid.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { holdClient } from '../../clients/lock-client.js';
import { visibleInterventions } from '../intervention.policy.js';
import {
  checkContract,
  contractChanges,
  contractColumns,
  type ContractFacts,
  type ContractFields,
  newContract,
} from './contract-fields.js';
import { contractSql } from './contract-sql.js';
import { MaintenanceContract } from './maintenance-contract.entity.js';
import { makeVisitsNow } from './make-visits.js';

type Required = 'title' | 'kind' | 'frequency' | 'startDate' | 'visitTime' | 'visitMinutes';
export type NewContract = Omit<ContractFields, Required> &
  Pick<ContractFacts, Required> & { id?: string | null | undefined; clientId: string };

/**
 * Makes a contract with the visits that are due already, and returns its id. Under an id that the same person made one
 * with before it changes nothing. Throws BAD_USER_INPUT with every problem, NOT_FOUND, CONFLICT.
 */
export async function createContract(
  ctx: CommandContext,
  { id: given, clientId, ...fields }: NewContract,
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  const { now, config } = ctx.services;
  const made = await ctx.db.transaction(async (tx) => {
    const own = { table: 'maintenance_contracts', id: given, userId: viewer.userId } as const;
    if (await isMadeBefore(tx, own)) return { id: String(given).toLowerCase(), isNew: false };
    const facts = await checkContract(tx, fields, { ...fields, ...newContract(config.timeZone) });
    const client = await holdClient(tx, viewer, clientId);
    const at = now();
    const row = {
      client,
      ...contractColumns(facts),
      nextVisit: nextVisitOf(facts, dayIn(facts.timeZone, at), undefined),
      createdBy: viewer.userId,
      createdAt: at,
      updatedAt: at,
    };
    const { id, isNew } = await insertOnce(tx, {
      ...own,
      subject: 'MaintenanceContract',
      insert: (key) => sql`
        insert into maintenance_contracts ${values(MaintenanceContract, { id: key, ...row })}
            on conflict (id) do nothing returning id`,
    });
    const data = { version: 1, fields: [], clientId: client };
    if (isNew) await emit(tx, ctx, 'maintenance_contract.created', ['MaintenanceContract', id], data);
    return { id, isNew };
  });
  if (made.isNew) await makeVisitsNow(ctx, made.id);
  return made.id;
}

export interface ContractChange extends ContractFields {
  id: string;
  version?: number | null | undefined;
}

/**
 * Changes what is given, for the visits that are not made yet: the next one lies in a later day, week, month or year
 * (by the frequency) than the last that was made. Throws NOT_FOUND, CONFLICT, BAD_USER_INPUT with every problem.
 */
export async function updateContract(ctx: CommandContext, { id, version, ...given }: ContractChange): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  const contractId = await ctx.db.transaction(async (tx) => {
    const before = await lockContract(tx, viewer, id);
    await refuseStale(tx, ['MaintenanceContract', before], version);
    const facts = await checkContract(tx, given, before);
    const fields = contractChanges(before, facts);
    if (fields.length === 0) return before.id;
    const at = ctx.services.now();
    const isMoved = fields.some((name) => timing.includes(name));
    const nextVisit = isMoved
      ? nextVisitOf(facts, dayIn(facts.timeZone, at), await lastVisitOf(tx, before.id))
      : before.nextVisit;
    const changes = { ...contractColumns(facts), nextVisit, version: before.version + 1, updatedAt: at };
    await tx.send(sql`
      update maintenance_contracts set ${set(MaintenanceContract, changes)} where id = ${before.id}::uuid`);
    const data = { version: changes.version, fields, clientId: before.clientId };
    await emit(tx, ctx, 'maintenance_contract.updated', ['MaintenanceContract', before.id], data);
    return before.id;
  });
  await makeVisitsNow(ctx, contractId);
  return contractId;
}

/** Puts a contract into the trash; the visits that were made stay. Throws NOT_FOUND. */
export async function deleteContract(ctx: CommandContext, given: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const { id, version, clientId } = await lockContract(tx, viewer, given);
    const at = ctx.services.now();
    await tx.send(sql`
      update maintenance_contracts set deleted_at = ${at}, updated_at = ${at} where id = ${id}::uuid`);
    const data = { version, fields: [], clientId };
    await emit(tx, ctx, 'maintenance_contract.deleted', ['MaintenanceContract', id], data);
    return id;
  });
}

/** What moves the visits that are not made yet. While a contract is switched off, there are none. */
const timing: readonly string[] = ['frequency', 'interval', 'startDate', 'endDate', 'timeZone', 'isActive'];

interface LockedContract extends ContractFacts {
  id: string;
  clientId: string;
  nextVisit: string | null;
  version: number;
}

async function lockContract(tx: Transaction, viewer: Viewer, id: string): Promise<LockedContract> {
  const row = isUuid(id)
    ? await tx.first<LockedContract>(sql`
        select ${contractSql}, t.next_visit as "nextVisit", t.version from maintenance_contracts t
         where t.id = ${id}::uuid and ${holds(visibleInterventions(viewer), 't')} for no key update`)
    : undefined;
  if (!row) throw notFound('MaintenanceContract');
  return row;
}

/** Of today or later, and after the period of the last one that was made. */
function nextVisitOf(facts: ContractFacts, today: string, lastVisit: string | undefined): string | null {
  const free = lastVisit === undefined ? '' : dayAfterPeriod(facts.frequency, lastVisit);
  return placeFrom(facts, free > today ? free : today, []).nextOccurrence;
}

async function lastVisitOf(tx: Transaction, contractId: string): Promise<string | undefined> {
  const last = await tx.first<{ day: string | null }>(sql`
    select max(contract_day)::text as day from interventions where contract_id = ${contractId}::uuid`);
  return last?.day ?? undefined;
}
