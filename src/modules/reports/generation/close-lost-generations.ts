import { raw, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { failGeneration, type Generation } from './finish-generation.js';

/** Longer than all tries of a job together. */
const lostAfterMinutes = 120;

/** Gives up orders whose job ended without a word: its processes died one after the other. */
export async function closeLostGenerations(ctx: Context): Promise<void> {
  const lost = await ctx.db.all<Generation>(sql`
    select id, intervention_id as "interventionId", generation_id as "generationId" from reports
     where generation_id is not null and deleted_at is null
       and updated_at < ${ctx.services.now()}::timestamptz - interval '${raw(String(lostAfterMinutes))} minutes'`);
  for (const generation of lost)
    await failGeneration(ctx, generation, 'Un incident du serveur ; relancez la génération.');
}
