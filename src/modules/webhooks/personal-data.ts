import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

/** What was delivered goes with the webhook. What is sealed stays out of the export. */
export const webhookPersonalData: PersonalData = {
  exports: {
    webhooks: {
      sql: `
        select hook.id, hook.uuid, hook.name, hook.description, hook.url, hook.events, hook.format,
               hook.payload_query as "payloadQuery", hook.conditions, hook.resource_ids as "resourceIds",
               hook.header_names as "headerNames", hook.max_attempts as "maxAttempts",
               hook.retry_delay_seconds as "retryDelaySeconds", hook.timeout_seconds as "timeoutSeconds",
               hook.max_per_minute as "maxPerMinute", hook.status, ${at('hook.paused_at', 'pausedAt')},
               hook.is_active as "isActive",
               hook.disabled_reason as "disabledReason", ${at('hook.disabled_at', 'disabledAt')},
               ${at('hook.failing_since', 'failingSince')}, hook.delivered_count as "deliveredCount",
               hook.failed_count as "failedCount", ${at('hook.previous_secret_ends_at', 'previousSecretEndsAt')},
               ${at('hook.last_attempt_at', 'lastAttemptAt')}, ${at('hook.created_at', 'createdAt')},
               ${at('hook.updated_at', 'updatedAt')}
          from webhook_endpoints hook where hook.owner_id = me.id order by hook.id`,
    },
  },
  references: { 'webhook_endpoints.owner_id': { export: 'webhooks', erasure: 'deleted' } },
};
