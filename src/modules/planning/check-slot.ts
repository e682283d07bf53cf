import { Field, Int, ObjectType } from 'type-graphql';
import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import { namedPerson } from '../identity/people/named-person.js';
import { blockedUntilOf, conflictsOf } from './book-slot.js';

@ObjectType({ simpleResolvers: true, description: 'Whether a time is free.' })
export class SlotCheck {
  @Field(() => Boolean, { description: 'True when an appointment could be made then.' })
  isFree!: boolean;

  @Field(() => Int, { description: 'How many appointments it would overlap with.' })
  conflictCount!: number;
}

export interface AskedSlot {
  startsAt: Date;
  endsAt: Date;
  clientId?: string | null | undefined;
  technician?: string | null | undefined;
  /** An appointment that would be moved there. */
  exceptId?: string | null | undefined;
}

/**
 * Whether an appointment could be made at a time, as of now. Of an appointment that would be moved, its client counts
 * when none is given. Needs `appointments:read`. Throws BAD_USER_INPUT.
 */
export async function checkSlot(
  { db, viewer, services }: Pick<Context, 'db' | 'viewer' | 'services'>,
  { startsAt, endsAt, ...asked }: AskedSlot,
): Promise<SlotCheck> {
  requirePermission(viewer, 'appointments:read');
  if (endsAt <= startsAt)
    throw badInput([{ path: ['endsAt'], code: 'too_small', message: 'must be later than startsAt' }], {
      reason: 'appointment.ends_before_start',
    });
  const problems: FieldProblem[] = [];
  const exceptId = idOf(asked.exceptId, 'exceptId', problems);
  const givenClient = idOf(asked.clientId, 'clientId', problems);
  const { text: technician, userId: technicianUserId } = await namedPerson(
    db,
    asked.technician,
    ['technician'],
    problems,
  );
  if (problems.length) throw badInput(problems);
  const clientId = givenClient ?? (exceptId && (await clientOf(db, exceptId))) ?? null;
  const blockedUntil = blockedUntilOf({ endsAt, technician }, services.config.travelBufferMinutes);
  const slot = { clientId, technician, technicianUserId, startsAt, blockedUntil };
  const conflictCount = await conflictsOf(db, slot, exceptId);
  return { isFree: conflictCount === 0, conflictCount };
}

const clientOf = async (db: Context['db'], appointmentId: string): Promise<string | null> => {
  const found = await db.first<{ clientId: string }>(
    sql`select client_id as "clientId" from appointments where id = ${appointmentId}::uuid and deleted_at is null`,
  );
  return found?.clientId ?? null;
};

function idOf(id: string | null | undefined, path: string, problems: FieldProblem[]): string | null {
  if (id == null) return null;
  if (!isUuid(id)) problems.push({ path: [path], code: 'invalid_format', message: 'must be a UUID' });
  return id;
}
