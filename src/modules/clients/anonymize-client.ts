import type { Transaction } from '../../db/sql-client.js';
import { set, sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import type { Remainder } from '../../kernel/personal-data.js';
import { requirePermission } from '../../kernel/viewer.js';
import { Client } from './client.entity.js';
import { lockClient } from './lock-client.js';

/** What stands where a client was named. */
export const anonymous = {
  name: 'ANONYME',
  companyName: null,
  phone: null,
  address: null,
  contactName: null,
  notes: null,
} as const;

export interface Anonymization {
  id: string;
  /** What stays and why, in plain words. */
  kept: string[];
  remains: Remainder[];
}

/**
 * Removes for good what names a client, but for its e-mail address (CONSUMERS.md, section 1), and says what is left.
 * What was done for it stays as it was written. A second time changes nothing. Throws NOT_FOUND.
 */
export async function anonymizeClient(ctx: CommandContext, given: string): Promise<Anonymization> {
  const viewer = requirePermission(ctx.viewer, 'clients:write');
  return ctx.db.transaction(async (tx) => {
    const { id, version, anonymizedAt, email } = await lockClient(tx, viewer, given);
    if (anonymizedAt === null) {
      const at = ctx.services.now();
      const changes = { ...anonymous, version: version + 1, anonymizedAt: at, updatedAt: at };
      await tx.send(sql`update clients set ${set(Client, changes)} where id = ${id}::uuid`);
      const fields = Object.keys(anonymous);
      await emit(tx, ctx, 'client.anonymized', ['Client', id], { version: version + 1, fields });
    }
    const remains = await remainsOf(tx, id, email);
    return { id, remains, kept: remains.map(({ words, reason }) => `${words}, because ${reason}`) };
  });
}

interface Counted {
  interventions: number;
  appointments: number;
  invoices: number;
  until: string | null;
}

async function remainsOf(tx: Transaction, id: string, email: string | null): Promise<Remainder[]> {
  const found = await tx.first<Counted>(sql`
    select (select count(*)::int from interventions where client_id = ${id}::uuid) as interventions,
           (select count(*)::int from appointments
             where client_id = ${id}::uuid and (notes is not null or move_request is not null)) as appointments,
           count(*)::int as invoices, (max(issued_at) + interval '10 years')::date::text as until
      from invoices where client_id = ${id}::uuid and status <> 'draft'`);
  const { interventions = 0, appointments = 0, invoices = 0, until = null } = found ?? {};
  const remains: Remainder[] = [];
  if (email !== null)
    remains.push({
      what: 'email',
      words: 'The e-mail address',
      count: 1,
      reason: 'it tells the client from others',
      until: null,
    });
  if (interventions > 0)
    remains.push({
      what: 'interventions',
      words: `${plural(interventions, 'intervention')} with texts, signatures, photos and reports as they were made`,
      count: interventions,
      reason: 'they say what was done; what names the client in them is removed by whoever finds it there',
      until: null,
    });
  if (appointments > 0)
    remains.push({
      what: 'appointments',
      words: `${plural(appointments, 'appointment')} with notes, or with what the client wrote`,
      count: appointments,
      reason: 'they say what was agreed; what names the client in them is removed by whoever finds it there',
      until: null,
    });
  if (invoices > 0)
    remains.push({
      what: 'invoices',
      words: plural(invoices, 'issued invoice'),
      count: invoices,
      reason: 'the law demands that they are kept for ten years',
      until,
    });
  return remains;
}

const plural = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
