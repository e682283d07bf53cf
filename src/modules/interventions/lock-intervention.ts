import type { Transaction } from '../../db/sql-client.js';
import { holds, raw, sql } from '../../db/sql.js';
import type { Viewer } from '../../kernel/viewer.js';
import { badField, notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import type { InterventionFacts } from './intervention-fields.js';
import type { InterventionStatus } from './intervention.entity.js';
import { visibleInterventions } from './intervention.policy.js';

/** An intervention as it is while nobody else can change it. */
export interface LockedIntervention extends InterventionFacts {
  id: string;
  clientId: string;
  status: InterventionStatus;
  signatureKey: string | null;
  version: number;
}

const columns = raw(`
  t.id, t.client_id as "clientId", t.scheduled_at as "scheduledAt", t.kind, t.status, t.priority, t.location,
  t.description, t.technician, t.technician_user_id as "technicianUserId",
  t.estimated_minutes as "estimatedMinutes", t.latitude, t.longitude, t.started_at as "startedAt",
  t.finished_at as "finishedAt", t.follows_id as "followsId", t.signature_key as "signatureKey", t.version`);

type Times = 'scheduledAt' | 'startedAt' | 'finishedAt';
type Row = Omit<LockedIntervention, Times> & { [T in Times]: string | null };

/** Throws NOT_FOUND when there is none that the viewer may see. */
export async function lockIntervention(tx: Transaction, viewer: Viewer, id: string): Promise<LockedIntervention> {
  const row = isUuid(id)
    ? await tx.first<Row>(sql`
        select ${columns} from interventions t
         where t.id = ${id}::uuid and ${holds(visibleInterventions(viewer), 't')} for no key update`)
    : undefined;
  if (!row) throw notFound('Intervention');
  const { scheduledAt, startedAt, finishedAt, ...rest } = row;
  return {
    ...rest,
    scheduledAt: new Date(scheduledAt as string),
    startedAt: startedAt === null ? null : new Date(startedAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
  };
}

/**
 * Throws BAD_USER_INPUT unless an intervention can continue that one: it is at the same client, and does not continue
 * this one itself. `id`: of one that is there already.
 */
export async function checkFollowed(
  tx: Transaction,
  viewer: Viewer,
  { followsId, clientId, id = null }: { followsId: string; clientId: string; id?: string | null },
): Promise<void> {
  const found = isUuid(followsId)
    ? await tx.first<{ clientId: string; isAfter: boolean }>(sql`
        with recursive before as (
          select f.id, f.follows_id from interventions f where f.id = ${followsId}::uuid
          union select f.id, f.follows_id from interventions f join before b on f.id = b.follows_id)
        select t.client_id as "clientId", exists (select 1 from before b where b.id = ${id}::uuid) as "isAfter"
          from interventions t where t.id = ${followsId}::uuid and ${holds(visibleInterventions(viewer), 't')}`)
    : undefined;
  if (!found) throw badField('followsId', 'unknown_reference', 'is no intervention');
  if (found.clientId !== clientId) throw badField('followsId', 'not_allowed', 'is at another client');
  if (found.isAfter) throw badField('followsId', 'not_allowed', 'continues this one');
}
