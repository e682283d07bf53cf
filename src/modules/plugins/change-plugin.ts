import { setTimeout } from 'node:timers/promises';
import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { type LiveProcess, processesBehind } from '../processes/live-processes.js';
import { nextRevision, type PluginRow, pluginRow, untilUndisturbed } from './plugin-rows.js';

/** What a command on a plugin answers. */
export interface PluginChange {
  id: string;
  /** Live processes that do not serve the change yet; they serve the plugin's routes 503 until they do. */
  lagging: readonly LiveProcess[];
}

/** DECISIONS.md, section 8. */
const patienceMs = 15_000;
const lookEveryMs = 50;

/** Resolves when every live process serves this revision, or after 15 seconds, with those that do not. */
export async function untilFollowed(db: SqlRunner, revision: string): Promise<readonly LiveProcess[]> {
  const endsAt = performance.now() + patienceMs;
  for (;;) {
    const behind = await processesBehind(db, revision);
    if (!behind.length || performance.now() >= endsAt) return behind;
    await setTimeout(lookEveryMs);
  }
}

/** Commits a change of plugins, if nothing changed since `seen`, and waits until all processes follow. */
export async function commitChange(
  ctx: CommandContext,
  id: string,
  seen: string,
  work: (tx: Transaction, now: Date) => Promise<void>,
): Promise<PluginChange> {
  const now = ctx.services.now();
  const revision = await ctx.db.transaction(async (tx) => {
    const next = await nextRevision(tx, seen);
    await work(tx, now);
    return next;
  });
  return { id, lagging: await untilFollowed(ctx.db, revision) };
}

export const factsOf = ({ name, version }: Pick<PluginRow, 'name' | 'version'>) => ({ name, version });

/**
 * Notes that a plugin cannot be served, unless another version of it is there by now, or it is not active. For what
 * runs plugins: it calls this when one does not start, or fails too often. Does not wait for other processes.
 */
export async function failPlugin(
  ctx: CommandContext,
  id: string,
  { reason, packageHash }: { reason: string; packageHash: string },
): Promise<void> {
  await untilUndisturbed(async () => {
    const [seen, row] = [await revisionOf(ctx.db), await pluginRow(ctx.db, id).catch(() => undefined)];
    if (!row || row.status !== 'active' || row.packageHash !== packageHash) return;
    await ctx.db.transaction(async (tx) => {
      await nextRevision(tx, seen);
      await markFailed(tx, ctx, row, reason);
    });
  });
}

/** A step. */
export async function markFailed(
  tx: Transaction,
  ctx: CommandContext,
  row: Pick<PluginRow, 'id' | 'name' | 'version'>,
  given: string,
): Promise<void> {
  const reason = given.slice(0, 2_000) || 'It does not say why';
  await tx.send(sql`update plugins set status = 'failed', reason = ${reason} where id = ${row.id}`);
  await ctx.services.plugins.current.leave(tx, ctx, { id: row.id, isGone: false });
  await emit(tx, ctx, 'plugin.failed', ['Plugin', row.id], { ...factsOf(row), reason });
}

const revisionOf = async (db: SqlRunner): Promise<string> =>
  (await db.first<{ revision: string }>(sql`select revision::text as revision from plugin_revision`))?.revision ?? '0';
