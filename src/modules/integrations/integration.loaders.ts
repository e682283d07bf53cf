import DataLoader from 'dataloader';
import { raw, sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import type { WebhookDisabledReason } from '../webhooks/webhook-endpoint.entity.js';
import { type Configuration, masked, openConfiguration } from './configuration.js';
import type { IntegrationHealth } from './integration.inputs.js';

/** Keyed by the number of the webhook. Ask only for integrations that the viewer was shown. */
type ByWebhook<T> = DataLoader<number, T | undefined>;

type HealthRow = Omit<IntegrationHealth, 'disabledReason'> & {
  id: number;
  disabledReason: WebhookDisabledReason | null;
};

export const integrationLoaders = {
  /** What may be shown of a configuration, by the integration's id. Ask only for those that the viewer was shown. */
  integrationConfigurations: ({ db, services }: LoaderScope): DataLoader<string, Configuration | undefined> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ id: string; configuration: string }>(
        sql`select id, configuration from integrations where id = any(${ids}::uuid[])`,
      );
      const byId = new Map(rows.map((row) => [row.id, row.configuration]));
      return ids.map((id) => {
        const sealed = byId.get(id);
        return sealed === undefined ? undefined : masked(openConfiguration(services.sealer, id, sealed));
      });
    }),
  /** Whether the webhook of an integration is told of events. */
  integrationsActive: ({ db }: LoaderScope): ByWebhook<boolean> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ id: number; isActive: boolean }>(
        sql`select id, is_active as "isActive" from webhook_endpoints where id = any(${ids}::int[])`,
      );
      const byId = new Map(rows.map(({ id, isActive }) => [id, isActive]));
      return ids.map((id) => byId.get(id));
    }),
  /** How deliveries to the webhook of an integration go. */
  integrationHealth: ({ db }: LoaderScope): ByWebhook<IntegrationHealth> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<HealthRow>(sql`
        select e.id, e.delivered_count as "deliveredCount", e.failed_count as "failedCount",
               (select count(*)::int from webhook_deliveries p
                 where p.endpoint_id = e.id and p.status = 'pending') as "pendingCount",
               ${raw(isoSecondsSql('e.last_attempt_at'))} as "lastAttemptAt",
               ${raw(isoSecondsSql('e.failing_since'))} as "failingSince",
               last.response_status as "lastHttpStatus", last.error as "lastError",
               e.disabled_reason as "disabledReason"
          from webhook_endpoints e
          left join lateral (
            select d.response_status, d.error from webhook_deliveries d
             where d.endpoint_id = e.id and d.last_attempt_at is not null
             order by d.last_attempt_at desc, d.id desc limit 1) last on true
         where e.id = any(${ids}::int[])`);
      const byId = new Map(rows.map(({ id, ...health }) => [id, health]));
      return ids.map((id) => byId.get(id));
    }),
};

export type IntegrationLoaders = LoadersOf<typeof integrationLoaders>;
