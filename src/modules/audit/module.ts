import type { Module } from '../../kernel/module.js';
import { AuditEvent } from './audit-event.entity.js';
import { auditEventReads } from './audit-event.reads.js';
import { AccessLogResolver, AuditEventResolver, PositionResolver } from './audit-event.resolver.js';
import { auditPersonalData } from './personal-data.js';

export const auditModule: Module = {
  name: 'audit',
  entities: [AuditEvent],
  reads: [auditEventReads],
  resolvers: [AuditEventResolver, AccessLogResolver, PositionResolver],
  personalData: auditPersonalData,
};
