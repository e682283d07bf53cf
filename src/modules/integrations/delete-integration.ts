import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { removeEndpoint } from '../webhooks/delete-endpoint.js';
import { lockManagedEndpoint } from '../webhooks/endpoint-fields.js';
import { requireIntegrationManager } from './integration.policy.js';
import { lockIntegration } from './lock-integration.js';

/** Deletes an integration with what waits to be delivered to it. Returns its id. Throws NOT_FOUND. */
export async function deleteIntegration(ctx: CommandContext, given: string): Promise<string> {
  const viewer = requireIntegrationManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const { id, ownerId, kind, name, endpointId } = await lockIntegration(tx, viewer, given);
    const endpoint = endpointId === null ? undefined : await lockManagedEndpoint(tx, endpointId);
    await tx.send(sql`delete from integrations where id = ${id}::uuid`);
    if (endpoint) await removeEndpoint(tx, ctx, endpoint);
    await emit(tx, ctx, 'integration.deleted', ['Integration', id], { ownerId, kind, name });
    return id;
  });
}
