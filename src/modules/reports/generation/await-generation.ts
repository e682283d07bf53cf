import { sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';

interface Awaited {
  id: string;
  /** undefined: whatever is under way. */
  generationId: string | undefined;
  seconds: number;
}

const isEnd = new Set(['report.generated', 'report.failed', 'report.deleted']);

/** Resolves when the file of a report is made or cannot be made, whichever process makes it, or when time is over. */
export async function awaitGeneration(
  { db, services }: Pick<CommandContext, 'db' | 'services'>,
  { id, generationId, seconds }: Awaited,
): Promise<void> {
  if (seconds <= 0) return;
  const events = services.events.stream({
    after: String(services.events.newest()),
    signal: AbortSignal.timeout(seconds * 1000),
  });
  const underWay = await db.first(sql`
    select 1 from reports where id = ${id}::uuid and generation_id is not null
       and generation_id = coalesce(${generationId ?? null}::uuid, generation_id)`);
  if (!underWay) return;
  for await (const { subjectType, subjectId, type } of events)
    if (subjectType === 'Report' && subjectId === id && isEnd.has(type)) return;
}
