import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { conflict } from '../../lib/errors.js';
import { lockManagedEndpoint } from '../webhooks/endpoint-fields.js';
import { queueTest } from '../webhooks/test-endpoint.js';
import { requireIntegrationManager } from './integration.policy.js';
import { lockIntegration, webhookOf } from './lock-integration.js';

/**
 * Sends a test event to an integration, soon. Returns its id. Throws NOT_FOUND, CONFLICT for a kind that is only kept,
 * or one that is switched off.
 */
export async function syncIntegration(ctx: CommandContext, given: string): Promise<string> {
  const viewer = requireIntegrationManager(ctx.viewer);
  return ctx.db.transaction(async (tx) => {
    const integration = await lockIntegration(tx, viewer, given);
    const { id, ownerId, kind, name } = integration;
    const endpoint = await lockManagedEndpoint(tx, webhookOf(integration));
    if (!endpoint.isActive) throw conflict('The integration is switched off', { reason: 'integration.inactive' });
    await queueTest(tx, ctx, endpoint, { type: 'integration_test', resource_id: id });
    await tx.send(sql`
      update integrations set last_sync_at = ${ctx.services.now()}, sync_count = sync_count + 1
       where id = ${id}::uuid`);
    await emit(tx, ctx, 'integration.synced', ['Integration', id], { ownerId, kind, name });
    return id;
  });
}
