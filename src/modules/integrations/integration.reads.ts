import { column, contains, equals, type Filter, type ListedReadModel } from '../../kernel/read-model.js';
import { Integration, IntegrationStatus } from './integration.entity.js';
import { visibleIntegrations } from './integration.policy.js';

/** What its webhook is, for the kinds that have one. */
const standing: Filter<IntegrationStatus> = (value, a) =>
  value === IntegrationStatus.UNAVAILABLE
    ? `${a}.endpoint_id is null`
    : `exists (select 1 from webhook_endpoints hook where hook.id = ${a}.endpoint_id
                and ${value === IntegrationStatus.ACTIVE ? '' : 'not '}hook.is_active)`;

export const integrationReads: ListedReadModel<Integration> = {
  entity: Integration,
  visibleTo: visibleIntegrations,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      kind: equals('kind', 'text'),
      status: standing,
      // A firm has few.
      search: contains((a) => `(${a}.name || ' ' || ${a}.description)`),
    },
  },
};
