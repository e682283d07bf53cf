import { randomUUID } from 'node:crypto';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import { refuseBeyond } from '../../kernel/bounds.js';
import type { CommandContext } from '../../kernel/command.js';
import { lockPerson } from '../identity/people/lock-person.js';
import { insertEndpoint } from '../webhooks/create-endpoint.js';
import { WebhookFormat } from '../webhooks/webhook-endpoint.entity.js';
import { checkIntegration } from './check-integration.js';
import { sealConfiguration } from './configuration.js';
import type { IntegrationKind } from './integration.entity.js';
import { requireIntegrationManager } from './integration.policy.js';

/** Of one person. */
const mostIntegrations = 20;

export interface NewIntegration {
  name: string;
  description?: string | null | undefined;
  kind: IntegrationKind;
  configuration: unknown;
}

/**
 * Connects a program; its address is not called before something happens. Returns the id. Throws BAD_USER_INPUT with
 * every problem, CONFLICT when the person has twenty.
 */
export async function createIntegration(ctx: CommandContext, { kind, ...input }: NewIntegration): Promise<string> {
  const { userId } = requireIntegrationManager(ctx.viewer);
  const fields = { ...input, configuration: input.configuration ?? {} };
  const {
    name = '',
    description = '',
    configuration = {},
    delivery,
  } = checkIntegration(ctx, fields, {
    kind,
    configuration: {},
  });
  const id = randomUUID();
  const { sealer, now } = ctx.services;
  await ctx.db.transaction(async (tx) => {
    await lockPerson(tx, userId);
    await refuseBeyond(tx, 'Integration', mostIntegrations, sql`select 1 from integrations where owner_id = ${userId}`);
    const endpoint = delivery && {
      ownerId: userId,
      format: WebhookFormat.DOCUMENTED,
      given: delivery.checked,
      isManaged: true,
    };
    const made = endpoint && (await insertEndpoint(tx, ctx, endpoint));
    // The configuration is no column of the entity, so that no plan can read it.
    await tx.send(sql`
      insert into integrations (id, owner_id, kind, name, description, configuration, endpoint_id, created_at,
                                updated_at)
      values (${id}, ${userId}, ${kind}, ${name}, ${description}, ${sealConfiguration(sealer, id, configuration)},
              ${made?.id ?? null}::int, ${now()}, ${now()})`);
    await emit(tx, ctx, 'integration.created', ['Integration', id], { ownerId: userId, kind, name });
  });
  return id;
}
