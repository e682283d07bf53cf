import { Temporal } from 'temporal-polyfill';
import { sql } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { Frequency } from '../../kernel/frequency.js';
import { dayIn } from '../../lib/zoned-day.js';
import { createContract } from './contracts/save-contract.js';
import { InterventionKind } from './intervention.entity.js';

const { INSPECTION, DETECTION, MAINTENANCE } = InterventionKind;

/** Whose, what, who goes there, how often, and in how many days first: each has one visit by then. */
const contracts = [
  {
    client: 'Résidence des Tilleuls (démo)',
    title: 'Entretien des colonnes (démo)',
    kind: MAINTENANCE,
    technician: 'hugo.demo',
    interval: 3,
    firstInDays: 12,
    visitTime: '08:30',
    visitMinutes: 120,
  },
  {
    client: 'Hôtel des Deux Fleuves (démo)',
    title: 'Contrôle mensuel de la chaufferie (démo)',
    kind: INSPECTION,
    technician: 'karim.demo',
    interval: 1,
    firstInDays: 16,
    visitTime: '14:00',
    visitMinutes: 60,
  },
  {
    client: 'Piscine municipale (démo)',
    title: 'Recherche de fuites avant l’ouverture (démo)',
    kind: DETECTION,
    technician: 'lea.demo',
    interval: 12,
    firstInDays: 19,
    visitTime: '09:00',
    visitMinutes: 180,
  },
] as const;

/** Three maintenance contracts, each with its first visit. */
export async function fillContractsDemo({ as }: DemoFirm): Promise<void> {
  const ctx = as('claire.demo');
  const { config, now } = ctx.services;
  const today = Temporal.PlainDate.from(dayIn(config.timeZone, now()));
  for (const { client: name, firstInDays, ...contract } of contracts) {
    const client = await ctx.db.first<{ id: string; address: string | null }>(sql`
      select id, address from clients where name = ${name}`);
    if (!client) return;
    await createContract(ctx, {
      ...contract,
      clientId: client.id,
      location: client.address,
      frequency: Frequency.MONTHLY,
      startDate: today.add({ days: firstInDays }).toString(),
    });
  }
}
