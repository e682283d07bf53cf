import type { Transaction } from '../../db/sql-client.js';
import { holds, sql } from '../../db/sql.js';
import type { SignedIn } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { visibleMedia } from './medium.policy.js';

export interface LockedMedium {
  id: string;
  version: number;
  interventionId: string;
}

/** Those of the ids that there are, locked in the order of their ids; those in the trash are not there. */
export async function lockMedia(tx: Transaction, viewer: SignedIn, ids: readonly string[]): Promise<LockedMedium[]> {
  return tx.all<LockedMedium>(sql`
    select t.id, t.version, t.intervention_id as "interventionId" from media t
     where t.id = any(${ids.filter(isUuid)}::uuid[]) and ${holds(visibleMedia(viewer), 't')}
     order by t.id for no key update`);
}

/** Throws NOT_FOUND. */
export async function lockMedium(tx: Transaction, viewer: SignedIn, id: string): Promise<LockedMedium> {
  const [medium] = await lockMedia(tx, viewer, [id]);
  if (!medium) throw notFound('Medium');
  return medium;
}
