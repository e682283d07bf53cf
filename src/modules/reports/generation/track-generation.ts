import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { type Generation, GenerationLost } from './finish-generation.js';

const tellEveryMs = 1_000;

/**
 * Makes the function that notes how much of a file is made, of 100, and tells it at most once a second. It throws
 * GenerationLost when the order has ended meanwhile; what cannot be noted is only logged.
 */
export function trackGeneration(ctx: CommandContext, generation: Generation): (progress: number) => Promise<void> {
  let toldAt = performance.now();
  const tell = (progress: number): Promise<boolean> =>
    ctx.db.transaction(async (tx) => {
      const row = await tx.first<{ version: number }>(sql`
        update reports set progress = ${progress}
         where id = ${generation.id}::uuid and generation_id = ${generation.generationId}::uuid
           and deleted_at is null returning version`);
      if (!row) return false;
      const { id, interventionId } = generation;
      const data = { interventionId, version: row.version, fields: [], progress };
      await emit(tx, ctx, 'report.progressed', ['Report', id], data);
      return true;
    });
  return async (progress) => {
    if (performance.now() - toldAt < tellEveryMs) return;
    toldAt = performance.now();
    const isOrdered = await tell(progress).catch((error: unknown) => {
      ctx.log.warn({ err: error, report: generation.id }, 'the progress of a report could not be noted');
      return true;
    });
    if (!isOrdered) throw new GenerationLost(`Report ${generation.id} has no such order`);
  };
}
