import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { IntegrationKind } from './integration.entity.js';

interface IntegrationEventData {
  ownerId: number;
  kind: `${IntegrationKind}`;
  name: string;
}

/** Configurations stay out: they hold secrets. */
export const integrationEvents = declareEvents({
  'integration.created': payload<IntegrationEventData>(),
  'integration.updated': payload<IntegrationEventData & { fields: string[] }>(),
  /** A test is on its way. */
  'integration.synced': payload<IntegrationEventData>(),
  'integration.deleted': payload<IntegrationEventData>(),
});

export type IntegrationEvents = PayloadsOf<typeof integrationEvents>;
