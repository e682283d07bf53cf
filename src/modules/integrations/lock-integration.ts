import type { Transaction } from '../../db/sql-client.js';
import { holds, sql } from '../../db/sql.js';
import type { SignedIn } from '../../kernel/viewer.js';
import { conflict, notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import type { IntegrationKind } from './integration.entity.js';
import { visibleIntegrations } from './integration.policy.js';

export interface StoredIntegration {
  id: string;
  ownerId: number;
  kind: IntegrationKind;
  name: string;
  description: string;
  /** Sealed. */
  configuration: string;
  endpointId: number | null;
}

/** Returns an integration, locked. Throws NOT_FOUND. */
export async function lockIntegration(tx: Transaction, viewer: SignedIn, id: string): Promise<StoredIntegration> {
  const found =
    isUuid(id) &&
    (await tx.first<StoredIntegration>(sql`
      select t.id, t.owner_id as "ownerId", t.kind, t.name, t.description, t.configuration,
             t.endpoint_id as "endpointId"
        from integrations t where t.id = ${id}::uuid and ${holds(visibleIntegrations(viewer), 't')} for update`));
  if (!found) throw notFound('Integration');
  return found;
}

/** The number of its webhook. Throws CONFLICT for a kind that is only kept. */
export function webhookOf({ endpointId, kind }: StoredIntegration): number {
  if (endpointId === null)
    throw conflict(`The server cannot connect to programs of the kind ${kind}`, {
      subject: 'Integration',
      reason: 'integration.unavailable',
    });
  return endpointId;
}
