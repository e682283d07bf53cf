import { Temporal } from 'temporal-polyfill';
import { sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { changeIntervention } from './change-intervention.js';
import { createChecklistItems, updateChecklistItem } from './checklist/change-checklist.js';
import { fillContractsDemo } from './contracts-demo.js';
import { createIntervention } from './create-intervention.js';
import { createInspection } from './inspections/change-inspection.js';
import { InspectionKind, InspectionStatus } from './inspections/inspection.entity.js';
import { InterventionKind, InterventionPriority, InterventionStatus } from './intervention.entity.js';
import { createUsedPart } from './work/change-used-part.js';
import { createWorkEntry } from './work/change-work-entry.js';

const { IN_PROGRESS, VALIDATED, ARCHIVED } = InterventionStatus;
const { INSPECTION, DETECTION, REPAIR, MAINTENANCE } = InterventionKind;
const { LOW, NORMAL, HIGH, URGENT } = InterventionPriority;

const works = [
  [DETECTION, 'Recherche de fuite au compteur'],
  [REPAIR, 'Remplacement d’un joint de colonne'],
  [MAINTENANCE, 'Entretien annuel du réseau'],
  [INSPECTION, 'Contrôle d’étanchéité de la terrasse'],
  [DETECTION, 'Écoute acoustique de la canalisation enterrée'],
  [REPAIR, 'Réparation du ballon d’eau chaude'],
] as const;
const technicians = ['hugo.demo', 'karim.demo', 'lea.demo'] as const;
const steps = ['Couper l’arrivée d’eau', 'Relever le compteur', 'Photographier l’installation', 'Remettre en eau'];
/** How many of the whole firm's interventions there are, and how far apart, from six weeks ago to two weeks ahead. */
const count = 30;
const daysApart = 2;
const firstDay = -44;

/**
 * Thirty interventions: those of long ago are archived, those of today are under way, those ahead are planned; and the
 * visits of contracts.
 */
export async function fillInterventionsDemo(firm: DemoFirm): Promise<void> {
  const { as, isWhole } = firm;
  if (!isWhole) return;
  const ctx = as('claire.demo');
  const { config, now } = ctx.services;
  const today = Temporal.Instant.fromEpochMilliseconds(now().getTime()).toZonedDateTimeISO(config.timeZone);
  const clients = await ctx.db.all<{ id: string; address: string | null }>(sql`
    select id, address from clients order by name`);
  for (let index = 0; index < count; index += 1) {
    const days = firstDay + index * daysApart;
    const start = today.add({ days }).with({ hour: 8 + (index % 4) * 2, minute: 0, second: 0, millisecond: 0 });
    const scheduledAt = new Date(start.epochMilliseconds);
    const technician = technicians[index % technicians.length] as string;
    const client = clients[index % clients.length];
    const [kind, description] = works[index % works.length] as (typeof works)[number];
    if (!client) return;
    const id = await createIntervention(ctx, {
      clientId: client.id,
      scheduledAt,
      kind,
      priority: [NORMAL, NORMAL, HIGH, LOW, URGENT][index % 5] ?? NORMAL,
      location: client.address,
      description: `${description} (démo)`,
      technician,
      estimatedMinutes: 60 + (index % 3) * 30,
      latitude: (45.72 + (index % 7) * 0.012).toFixed(5),
      longitude: (4.79 + (index % 9) * 0.013).toFixed(5),
    });
    await createChecklistItems(ctx, { interventionId: id, items: steps.map((label) => ({ label })) });
    if (days <= 0) await work(as(technician), { id, days, index, day: start.toPlainDate().toString(), scheduledAt });
  }
  await fillContractsDemo(firm);
}

interface Done {
  id: string;
  /** From today. */
  days: number;
  index: number;
  day: string;
  scheduledAt: Date;
}

/** What was done by today, as its technician notes it. */
async function work(ctx: CommandContext, { id, days, index, day, scheduledAt }: Done): Promise<void> {
  await changeIntervention(ctx, { id, status: IN_PROGRESS, startedAt: scheduledAt });
  if (days > -2) return;
  const minutes = 60 + (index % 4) * 25;
  const finishedAt = new Date(scheduledAt.getTime() + minutes * 60_000);
  const items = await ctx.db.all<{ id: string }>(sql`
    select id from checklist_items where intervention_id = ${id}::uuid order by position`);
  for (const item of items) await updateChecklistItem(ctx, { id: item.id, isDone: true });
  await createWorkEntry(ctx, { interventionId: id, workDate: day, minutes, note: 'Sur place (démo)' });
  if (index % 2 === 0)
    await createUsedPart(ctx, {
      interventionId: id,
      reference: `JT-${100 + index}`,
      label: 'Joint torique (démo)',
      quantity: String(1 + (index % 3)),
      unitPrice: '4.90',
    });
  if (index % 3 === 0)
    await createInspection(ctx, {
      interventionId: id,
      kind: InspectionKind.ACOUSTIC,
      status: InspectionStatus.DONE,
      result: 'Fuite localisée sous le regard (démo)',
      inspectedAt: finishedAt,
    });
  await changeIntervention(ctx, { id, status: VALIDATED, finishedAt, comment: 'Conforme (démo)' });
  if (days < -21) await changeIntervention(ctx, { id, status: ARCHIVED });
}
