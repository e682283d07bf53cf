import { before, column, equals, type ListedReadModel, notBefore } from '../../kernel/read-model.js';
import { AuditEvent } from './audit-event.entity.js';
import { visibleEvents, visibleOrigins } from './audit-event.policy.js';

export const auditEventReads: ListedReadModel<AuditEvent> = {
  entity: AuditEvent,
  visibleTo: visibleEvents,
  guarded: { properties: ['ip', 'requestId'], visibleTo: visibleOrigins },
  list: {
    defaultOrder: 'POSITION_DESC',
    orders: { POSITION: column('id', 'bigint') },
    filters: {
      type: equals('type', 'text'),
      name: equals('type', 'text'),
      types: (value: readonly string[], a, bind) => `${a}.type = any(${bind(value)}::text[])`,
      actorId: equals('actor_id', 'int'),
      userId: equals('account_id', 'int'),
      subject: ({ type, id }: { type: string; id?: string | null }, a, bind) => {
        const ofType = `${a}.subject_type = ${bind(type)}`;
        return id == null ? ofType : `${ofType} and ${a}.subject_id = ${bind(id)}`;
      },
      ip: equals('ip', 'text'),
      requestId: equals('request_id', 'text'),
      occurredAfter: notBefore('occurred_at'),
      occurredBefore: before('occurred_at'),
    },
  },
};
