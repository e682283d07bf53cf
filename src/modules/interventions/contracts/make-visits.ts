import { Temporal } from 'temporal-polyfill';
import type { Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { theSystem } from '../../../kernel/viewer.js';
import { DomainError } from '../../../lib/errors.js';
import { dayAfter, occurrencesBetween, placeFrom } from '../../../lib/occurrences.js';
import { dayIn } from '../../../lib/zoned-day.js';
import { completeIntervention } from '../create-intervention.js';
import { Intervention, InterventionStatus } from '../intervention.entity.js';
import type { ContractFacts } from './contract-fields.js';
import { contractSql } from './contract-sql.js';

const batchSize = 20;
const pageSize = 500;

/** Where a day begins first. */
const earliestZone = 'Pacific/Kiritimati';

/**
 * Makes the visits of all contracts that are to be made by now, however long nobody did. Harmless when run twice, by
 * several processes at once, or ended in the middle: every twenty visits of a contract are committed together with its
 * move, and a unique index stands behind that. A contract that fails does not stop the others.
 */
export async function makeVisits(ctx: CommandContext): Promise<void> {
  const latest = dayIn(earliestZone, ctx.services.now());
  let after = { nextVisit: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const page = await ctx.db.all<{ nextVisit: string; id: string }>(sql`
      select t.next_visit as "nextVisit", t.id from maintenance_contracts t
       where t.is_active and t.deleted_at is null and t.next_visit - t.horizon_days <= ${latest}::date
         and (t.next_visit, t.id) > (${after.nextVisit}::date, ${after.id}::uuid)
       order by t.next_visit, t.id limit ${pageSize}`);
    for (const { id } of page) await makeVisitsNow(ctx, id);
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last;
  }
}

/** Makes the visits of one contract that are to be made by now; the job makes up for it when that fails. */
export async function makeVisitsNow(ctx: CommandContext, contractId: string): Promise<void> {
  const server = { ...ctx, viewer: theSystem };
  try {
    while (await ctx.db.transaction((tx) => makeSome(tx, server, contractId)));
  } catch (err) {
    ctx.log.error({ err, contract: contractId }, 'the visits of a contract could not be made');
  }
}

type Contract = ContractFacts & { id: string; clientId: string; createdById: number | null; nextVisit: string | null };

/** Makes some visits, and resolves to whether there are more to make. */
async function makeSome(tx: Transaction, ctx: CommandContext, contractId: string): Promise<boolean> {
  // The client first, as whoever deletes it does: its contracts go into the trash with it.
  await tx.first(sql`
    select c.id from clients c
     where c.id = (select client_id from maintenance_contracts where id = ${contractId}::uuid) for share`);
  const contract = await tx.first<Contract>(sql`
    select ${contractSql}, t.created_by_id as "createdById", t.next_visit as "nextVisit" from maintenance_contracts t
     where t.id = ${contractId}::uuid and t.is_active and t.deleted_at is null for no key update`);
  if (!contract?.nextVisit) return false;
  const until = Temporal.PlainDate.from(dayIn(contract.timeZone, ctx.services.now()))
    .add({ days: contract.horizonDays })
    .toString();
  const days = occurrencesBetween(contract, { from: contract.nextVisit, until, limit: batchSize });
  for (const day of days) await makeVisit(tx, ctx, contract, day);
  const last = days.at(-1);
  if (last === undefined) return false;
  const { nextOccurrence } = placeFrom(contract, dayAfter(last), []);
  await tx.send(
    sql`update maintenance_contracts set next_visit = ${nextOccurrence}::date where id = ${contract.id}::uuid`,
  );
  return nextOccurrence !== null && nextOccurrence <= until;
}

async function makeVisit(tx: Transaction, ctx: CommandContext, contract: Contract, day: string): Promise<void> {
  const { clientId, technician, technicianUserId, createdById, visitMinutes } = contract;
  const at = ctx.services.now();
  const startsAt = visitStart(contract, day);
  const row = {
    client: clientId,
    contract: contract.id,
    contractDay: day,
    scheduledAt: startsAt,
    kind: contract.kind,
    status: InterventionStatus.PLANNED,
    location: contract.location,
    description: contract.description ?? contract.title,
    technician,
    technicianUser: technicianUserId,
    estimatedMinutes: visitMinutes,
    createdBy: createdById,
    createdAt: at,
    updatedAt: at,
  };
  const made = await tx.first<{ id: string }>(sql`
    insert into interventions ${values(Intervention, row)}
        on conflict (contract_id, contract_day) do nothing returning id`);
  if (!made) return;
  const { id } = made;
  await completeIntervention(tx, ctx, { id, clientId, facts: contract, others: [], at });
  // Nobody goes there in the past.
  if (startsAt <= at) return;
  const endsAt = new Date(startsAt.getTime() + visitMinutes * 60_000);
  const visit = { interventionId: id, clientId, startsAt, endsAt, technician, technicianUserId, createdById };
  try {
    await tx.savepoint(() => ctx.services.runHook('visitPlanned', tx, ctx, visit));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'CONFLICT') throw error;
    await emit(tx, ctx, 'maintenance_contract.visit_unbooked', ['MaintenanceContract', contract.id], {
      clientId,
      interventionId: id,
      title: contract.title,
      startsAtLocal: `${day}T${contract.visitTime}`,
      technicianUserId,
      createdById,
    });
  }
}

/**
 * When the visit of a day begins, on the clock of the contract's time zone. A time that does not exist on that day is
 * as much later as the clock is set forward; of one that exists twice it is the first.
 */
function visitStart({ timeZone, visitTime }: Contract, day: string): Date {
  const start = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: visitTime });
  return new Date(start.epochMilliseconds);
}
