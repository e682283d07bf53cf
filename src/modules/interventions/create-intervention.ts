import type { Transaction } from '../../db/sql-client.js';
import { sql, values } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { insertOnce, isMadeBefore } from '../../kernel/insert-once.js';
import { requirePermission } from '../../kernel/viewer.js';
import { holdClient } from '../clients/lock-client.js';
import type { NamedPerson } from '../identity/people/named-person.js';
import {
  checkIntervention,
  columnsOf,
  type InterventionFacts,
  type InterventionFields,
} from './intervention-fields.js';
import { Intervention, InterventionStatus } from './intervention.entity.js';
import { checkFollowed } from './lock-intervention.js';
import { noteStatus } from './move-status.js';
import { writeTechnicians } from './technicians.js';

export interface NewIntervention extends InterventionFields {
  /** A UUID of the sender's own making. */
  id?: string | null | undefined;
  clientId: string;
}

/**
 * Plans an intervention and returns its id. Under an id that the same person made one with before it changes nothing.
 * Throws BAD_USER_INPUT with every problem, then NOT_FOUND for a client that the viewer may not see, CONFLICT with the
 * reason `id_taken`.
 */
export async function createIntervention(ctx: CommandContext, input: NewIntervention): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const own = { table: 'interventions', id: input.id, userId: viewer.userId } as const;
    if (await isMadeBefore(tx, own)) return String(input.id).toLowerCase();
    const { facts, others = [] } = await checkIntervention(tx, input);
    const clientId = await holdClient(tx, viewer, input.clientId);
    if (facts.followsId) await checkFollowed(tx, viewer, { followsId: facts.followsId, clientId });
    const at = ctx.services.now();
    const { id, isNew } = await insertOnce(tx, {
      ...own,
      subject: 'Intervention',
      insert: (id) => sql`
        insert into interventions ${values(Intervention, {
          id,
          client: clientId,
          ...columnsOf(facts),
          status: InterventionStatus.PLANNED,
          createdBy: viewer.userId,
          createdAt: at,
          updatedAt: at,
        })} on conflict (id) do nothing returning id`,
    });
    if (isNew) await completeIntervention(tx, ctx, { id, clientId, facts, others, at });
    return id;
  });
}

/** What is written beside the row of a new intervention. */
export async function completeIntervention(
  tx: Transaction,
  ctx: CommandContext,
  { id, clientId, facts, others, at }: NewRow,
): Promise<void> {
  if (others.length) await writeTechnicians(tx, id, others);
  await noteStatus(tx, ctx, { id, from: null, to: InterventionStatus.PLANNED, comment: null, at });
  await emit(tx, ctx, 'intervention.created', ['Intervention', id], {
    version: 1,
    fields: [],
    clientId,
    technicianUserId: facts.technicianUserId,
  });
}

interface NewRow {
  id: string;
  clientId: string;
  facts: Pick<InterventionFacts, 'technicianUserId'>;
  others: readonly NamedPerson[];
  at: Date;
}
