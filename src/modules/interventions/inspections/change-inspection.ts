import { raw, set, sql, values } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { insertOnce } from '../../../kernel/insert-once.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { checkedMoment, checkedText } from '../../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { checkedPlace } from '../intervention-fields.js';
import { lockParent, lockPart, notePart, type Part, removePart } from '../parts.js';
import { Inspection, InspectionKind, InspectionStatus } from './inspection.entity.js';

const part: Part = { table: 'inspections', subject: 'Inspection', field: 'inspections', most: 200 };

export interface InspectionFields {
  kind?: InspectionKind | null | undefined;
  status?: InspectionStatus | null | undefined;
  result?: string | null | undefined;
  observations?: string | null | undefined;
  latitude?: string | null | undefined;
  longitude?: string | null | undefined;
  inspectedAt?: Date | null | undefined;
}

interface InspectionFacts {
  kind: InspectionKind;
  status: InspectionStatus;
  result: string | null;
  observations: string | null;
  latitude: string | null;
  longitude: string | null;
  inspectedAt: Date;
}

export interface NewInspection extends InspectionFields {
  interventionId: string;
  id?: string | null | undefined;
}

/** Notes what was found on site, and returns the inspection's id. Throws NOT_FOUND, BAD_USER_INPUT, CONFLICT. */
export async function createInspection(
  ctx: CommandContext,
  { interventionId, id, ...given }: NewInspection,
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  const now = ctx.services.now();
  const facts = checkedInspection(given, newInspection(now));
  return ctx.db.transaction(async (tx) => {
    const parent = await lockParent(tx, viewer, interventionId, { part });
    const row = { intervention: parent.interventionId, ...facts, createdBy: viewer.userId };
    const made = await insertOnce(tx, {
      ...part,
      table: 'inspections',
      id,
      userId: viewer.userId,
      insert: (key) => sql`
        insert into inspections ${values(Inspection, { id: key, ...row, createdAt: now })}
            on conflict (id) do nothing returning id`,
    });
    if (made.isNew) await notePart(tx, ctx, part, parent);
    return made.id;
  });
}

/** Changes what is given of an inspection. Throws NOT_FOUND, BAD_USER_INPUT with every problem. */
export async function updateInspection(
  ctx: CommandContext,
  { id, ...given }: InspectionFields & { id: string },
): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const columns = raw(`p.kind, p.status, p.result, p.observations, p.latitude, p.longitude,
      p.inspected_at as "inspectedAt"`);
    const before = await lockPart<InspectionFacts>(tx, viewer, { part, id, columns });
    const facts = checkedInspection(given, { ...before, inspectedAt: new Date(before.inspectedAt) });
    await tx.send(sql`update inspections set ${set(Inspection, facts)} where id = ${before.id}::uuid`);
    await notePart(tx, ctx, part, before);
    return before.id;
  });
}

/** Removes an inspection, and returns its id; what was photographed stays. Throws NOT_FOUND. */
export async function deleteInspection(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const row = await lockPart(tx, viewer, { part, id, columns: raw('p.kind') });
    return removePart(tx, ctx, { part, row });
  });
}

const newInspection = (inspectedAt: Date): InspectionFacts => ({
  kind: InspectionKind.OTHER,
  status: InspectionStatus.DONE,
  result: null,
  observations: null,
  latitude: null,
  longitude: null,
  inspectedAt,
});

function checkedInspection(given: InspectionFields, before: InspectionFacts): InspectionFacts {
  const problems: FieldProblem[] = [];
  const now = <K extends 'result' | 'observations' | 'latitude' | 'longitude'>(name: K): string | null =>
    (given[name] === undefined ? before[name] : given[name]) ?? null;
  const facts = {
    kind: given.kind ?? before.kind,
    status: given.status ?? before.status,
    result: checkedText(now('result') ?? '', ['result'], problems, { max: 500 }) || null,
    observations: checkedText(now('observations') ?? '', ['observations'], problems, { max: 10_000 }) || null,
    ...checkedPlace({ latitude: now('latitude'), longitude: now('longitude') }, problems),
    inspectedAt: checkedMoment(given.inspectedAt ?? before.inspectedAt, ['inspectedAt'], problems),
  };
  if (problems.length) throw badInput(problems);
  return facts;
}
