import { sql, type Sql } from '../../db/sql.js';

/** What a delivery says that waited when a backup was taken: whether it was sent since, nobody here can know. */
const held = 'Held by a restore';

/** SQL that holds what waits. It counts as failed, so that what comes after it does not wait. */
export const holdDeliveriesSql = `
  update webhook_deliveries
     set status = 'failed', next_attempt_at = null, leased_until = null, finished_at = now(), error = '${held}'
   where status = 'pending'`;

export const heldDeliveries: Sql = sql`
  select count(*)::int as n from webhook_deliveries where status = 'failed' and error = ${held}`;

/** Sends them after all: those whose endpoint is in use. */
export const releaseDeliveries: Sql = sql`
  update webhook_deliveries set status = 'pending', next_attempt_at = now(), finished_at = null, error = null
   where status = 'failed' and error = ${held}`;

/** They stay failed; a person may still replay one. */
export const discardDeliveries: Sql = sql`
  update webhook_deliveries set error = 'It waited when a backup was taken, and was given up after its restore'
   where status = 'failed' and error = ${held}`;
