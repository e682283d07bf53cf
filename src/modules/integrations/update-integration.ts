import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { forbidden } from '../../lib/errors.js';
import { lockManagedEndpoint } from '../webhooks/endpoint-fields.js';
import { changeEndpoint } from '../webhooks/update-endpoint.js';
import { checkIntegration, type IntegrationFields } from './check-integration.js';
import { openConfiguration, sealConfiguration } from './configuration.js';
import { requireIntegrationManager } from './integration.policy.js';
import { lockIntegration, webhookOf } from './lock-integration.js';

export interface IntegrationChanges extends IntegrationFields {
  id: string;
  isActive?: boolean | null | undefined;
}

/**
 * Changes the given fields; what is as it was changes nothing. Only the owner says where events go: they are what the
 * owner may hear, and the kept secrets are theirs. Throws NOT_FOUND, FORBIDDEN, BAD_USER_INPUT with every problem,
 * CONFLICT for switching on a kind that is only kept.
 */
export async function updateIntegration(
  ctx: CommandContext,
  { id, isActive, ...input }: IntegrationChanges,
): Promise<string> {
  const viewer = requireIntegrationManager(ctx.viewer);
  const { sealer, now } = ctx.services;
  return ctx.db.transaction(async (tx) => {
    const before = await lockIntegration(tx, viewer, id);
    const stored = openConfiguration(sealer, before.id, before.configuration);
    const given = checkIntegration(ctx, input, { kind: before.kind, configuration: stored });
    const { name = before.name, description = before.description, configuration = stored, delivery } = given;
    const isConfigured = JSON.stringify(configuration) !== JSON.stringify(stored);
    if (isConfigured && before.ownerId !== viewer.userId)
      throw forbidden('Only its owner says where its events go', 'integration.not_own');
    const fields = [
      ...(name === before.name ? [] : ['name']),
      ...(description === before.description ? [] : ['description']),
      ...(isConfigured ? ['configuration'] : []),
    ];
    if (isActive) webhookOf(before);
    if (before.endpointId !== null) {
      const endpoint = await lockManagedEndpoint(tx, before.endpointId);
      if (isActive != null && isActive !== endpoint.isActive) fields.push('isActive');
      const changes = isConfigured ? delivery?.fields : {};
      if (fields.length) await changeEndpoint(tx, ctx, endpoint, { ...changes, name, description, isActive });
    }
    if (!fields.length) return before.id;
    const sealed = isConfigured ? sealConfiguration(sealer, before.id, configuration) : before.configuration;
    await tx.send(sql`
      update integrations set name = ${name}, description = ${description}, configuration = ${sealed},
             updated_at = ${now()} where id = ${before.id}::uuid`);
    const { ownerId, kind } = before;
    await emit(tx, ctx, 'integration.updated', ['Integration', before.id], { ownerId, kind, name, fields });
    return before.id;
  });
}
