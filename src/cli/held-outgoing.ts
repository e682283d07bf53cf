import { type Sql, sql } from '../db/sql.js';
import { discardDeliveries, heldDeliveries, releaseDeliveries } from '../modules/webhooks/hold-deliveries.js';
import { heldUntil } from './backup/restore-backup.js';
import { directly, type DirectOptions } from './direct.js';

const isHeld = sql`state < 'active' and start_after >= ${heldUntil}::timestamptz`;

const statements: Record<'send' | 'discard', { webhooks: Sql; mails: Sql }> = {
  send: {
    webhooks: releaseDeliveries,
    mails: sql`
      update pgboss.job set start_after = now(), keep_until = now() + (keep_until - start_after) where ${isHeld}`,
  },
  discard: { webhooks: discardDeliveries, mails: sql`delete from pgboss.job where ${isHeld}` },
};

/** Returns how many there are, or were. */
export const heldOutgoing = (
  what: 'list' | 'send' | 'discard',
  options: DirectOptions,
): Promise<{ webhooks: number; mails: number }> =>
  directly(options, ({ database: { client } }) =>
    client.transaction(async (tx) => {
      if (what !== 'list')
        return { webhooks: await tx.run(statements[what].webhooks), mails: await tx.run(statements[what].mails) };
      const webhooks = await tx.first<{ n: number }>(heldDeliveries);
      const mails = await tx.first<{ n: number }>(sql`select count(*)::int as n from pgboss.job where ${isHeld}`);
      return { webhooks: webhooks?.n ?? 0, mails: mails?.n ?? 0 };
    }),
  );
