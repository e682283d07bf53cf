import { pruneEvents } from '../../events/prune-events.js';
import type { Module } from '../../kernel/module.js';
import { AuditEvent } from './audit-event.entity.js';
import { auditEventReads } from './audit-event.reads.js';
import { AccessLogResolver, AuditEventResolver, PositionResolver } from './audit-event.resolver.js';
import { AuditedEventResolver } from './audited-event.resolver.js';
import { auditJobs } from './jobs.js';
import { eventMonthsHeld, eventsOutsideMonths } from './metrics.js';
import { auditPersonalData } from './personal-data.js';

export const auditModule: Module = {
  name: 'audit',
  entities: [AuditEvent],
  reads: [auditEventReads],
  resolvers: [AuditEventResolver, AuditedEventResolver, AccessLogResolver, PositionResolver],
  jobs: auditJobs,
  cleanup: async (ctx) => void (await pruneEvents(ctx)),
  personalData: auditPersonalData,
  gauges: [eventMonthsHeld, eventsOutsideMonths],
};
