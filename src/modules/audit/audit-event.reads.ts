import { before, type Bind, column, equals, type ListedReadModel, notBefore, slow } from '../../kernel/read-model.js';
import { AuditEvent } from './audit-event.entity.js';
import { visibleEvents, visibleOrigins } from './audit-event.policy.js';

const longestNarrowMs = 3 * 86_400_000;

interface Window {
  occurredAfter?: Date | null;
  occurredBefore?: Date | null;
}

/**
 * The positions that the events of a narrow window lie between, from the index of when they occurred. Positions follow
 * the times closely, which the database does not know: it would look for the window from the end of its month on.
 * `+ 0` keeps it from looking for the lowest and the highest that way too.
 */
function positionsWithin({ occurredAfter, occurredBefore }: Window, a: string, bind: Bind): string {
  if (!occurredAfter || !occurredBefore) return 'true';
  if (occurredBefore.getTime() - occurredAfter.getTime() > longestNarrowMs) return 'true';
  const [from, until] = [occurredAfter, occurredBefore].map((at) => `${bind(at.toISOString())}::timestamptz`);
  const within = `from events w where w.occurred_at >= ${from} and w.occurred_at < ${until}`;
  return `${a}.id >= (select min(w.position + 0) ${within}) and ${a}.id <= (select max(w.position + 0) ${within})`;
}

export const auditEventReads: ListedReadModel<AuditEvent> = {
  entity: AuditEvent,
  visibleTo: visibleEvents,
  guarded: { properties: ['ip', 'requestId'], visibleTo: visibleOrigins },
  list: {
    defaultOrder: 'POSITION_DESC',
    orders: { POSITION: column('id', 'bigint') },
    always: positionsWithin,
    // With a plan for any value a rare type would be looked for through the whole log, newest first.
    filters: {
      type: slow(equals('type', 'text')),
      name: slow(equals('type', 'text')),
      // One type is found newest first by its index; several are not, but happen often.
      types: slow((value: readonly string[], a, bind) =>
        value.length === 1 ? `${a}.type = ${bind(value[0])}::text` : `${a}.type = any(${bind(value)}::text[])`,
      ),
      actorId: slow(equals('actor_id', 'int')),
      userId: slow(equals('account_id', 'int')),
      subject: slow(({ type, id }: { type: string; id?: string | null }, a, bind) => {
        const ofType = `${a}.subject_type = ${bind(type)}`;
        return id == null ? ofType : `${ofType} and ${a}.subject_id = ${bind(id)}`;
      }),
      ip: slow(equals('ip', 'text')),
      requestId: slow(equals('request_id', 'text')),
      occurredAfter: slow(notBefore('occurred_at')),
      occurredBefore: slow(before('occurred_at')),
    },
  },
};
