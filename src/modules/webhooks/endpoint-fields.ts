import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { holds, type Sql, sql } from '../../db/sql.js';
import { requireScope, requireSignedIn, type SignedIn, type Viewer } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import { isUuid } from '../../lib/uuid.js';
import type { Condition } from './condition.js';
import type { WebhookFormat } from './webhook-endpoint.entity.js';
import { visibleWebhookEndpoints } from './webhook.policy.js';

/**
 * Whoever manages webhooks: a webhook outlives the credential that made it, so a credential needs the scope for it.
 * Throws UNAUTHENTICATED or FORBIDDEN.
 */
export function requireWebhookManager(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  requireScope(viewer, 'webhooks');
  return signedIn;
}

/** An endpoint as commands compare and change it. */
export interface StoredEndpoint {
  id: number;
  uuid: string;
  ownerId: number;
  name: string;
  description: string;
  url: string;
  events: string[];
  format: WebhookFormat;
  conditions: Condition[];
  resourceIds: string[];
  payloadQuery: string | null;
  maxAttempts: number | null;
  retryDelaySeconds: number | null;
  timeoutSeconds: number;
  maxPerMinute: number | null;
  /** Sealed. */
  secret: string;
  /** Sealed. */
  headerValues: string | null;
  isActive: boolean;
  isPaused: boolean;
}

/** Returns one's own endpoint by number or UUID, locked. Throws NOT_FOUND. */
export async function lockEndpoint(tx: Transaction, viewer: SignedIn, id: string | number): Promise<StoredEndpoint> {
  const found = await lockedEndpoint(tx, sql`${named(id)} and ${holds(visibleWebhookEndpoints(viewer), 't')}`);
  if (!found) throw notFound('WebhookEndpoint');
  return found;
}

/** Returns the endpoint that belongs to something else, locked. */
export async function lockManagedEndpoint(tx: Transaction, id: number): Promise<StoredEndpoint> {
  const found = await lockedEndpoint(tx, sql`${named(id)} and t.is_managed`);
  if (!found) throw notFound('WebhookEndpoint');
  return found;
}

const lockedEndpoint = (tx: Transaction, which: Sql): Promise<StoredEndpoint | undefined> =>
  tx.first<StoredEndpoint>(sql`
    select t.id, t.uuid, t.owner_id as "ownerId", t.name, t.description, t.url, t.events, t.format, t.conditions,
           t.resource_ids as "resourceIds", t.payload_query as "payloadQuery", t.max_attempts as "maxAttempts",
           t.retry_delay_seconds as "retryDelaySeconds", t.timeout_seconds as "timeoutSeconds",
           t.max_per_minute as "maxPerMinute", t.secret, t.header_values as "headerValues",
           t.is_active as "isActive", t.paused_at is not null as "isPaused"
      from webhook_endpoints t
     where ${which} for no key update`);

/** The number of one's own endpoint; undefined when there is none. */
export async function endpointNumber(db: SqlRunner, viewer: Viewer, id: string): Promise<number | undefined> {
  if (!isUuid(id)) return rowId(id);
  const found = await db.first<{ id: number }>(sql`
    select t.id from webhook_endpoints t where ${named(id)} and ${holds(visibleWebhookEndpoints(viewer), 't')}`);
  return found?.id;
}

/** The endpoint called `t`, by number or UUID. */
const named = (id: string | number): Sql =>
  isUuid(id) ? sql`t.uuid = ${id}::uuid` : sql`t.id = ${rowId(id) ?? null}::int`;
