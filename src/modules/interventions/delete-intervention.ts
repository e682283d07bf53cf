import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { CommandContext } from '../../kernel/command.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput } from '../../lib/errors.js';
import { InterventionStatus } from './intervention.entity.js';
import { lockIntervention } from './lock-intervention.js';

/**
 * Puts an intervention into the trash with its appointments, media and reports, all at the same moment. Throws
 * NOT_FOUND, BAD_USER_INPUT with the reason `intervention.kept` for one that is under way or validated.
 */
export async function deleteIntervention(ctx: CommandContext, id: string): Promise<string> {
  const viewer = requirePermission(ctx.viewer, 'interventions:write');
  return ctx.db.transaction(async (tx) => {
    const { status, ...before } = await lockIntervention(tx, viewer, id);
    if (status === InterventionStatus.IN_PROGRESS || status === InterventionStatus.VALIDATED)
      throw badInput([{ path: ['id'], code: 'not_allowed', message: 'is under way or validated, and is kept' }], {
        reason: 'intervention.kept',
      });
    const deletedAt = ctx.services.now();
    await tx.send(sql`
      update interventions set deleted_at = ${deletedAt}, updated_at = ${deletedAt} where id = ${before.id}::uuid`);
    await ctx.services.runHook('fieldworkTrashed', tx, ctx, { parent: 'intervention', id: before.id, deletedAt });
    const { version, clientId, technicianUserId } = before;
    const data = { version, fields: [], clientId, technicianUserId };
    await emit(tx, ctx, 'intervention.deleted', ['Intervention', before.id], data);
    return before.id;
  });
}
