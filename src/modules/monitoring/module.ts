import type { Module } from '../../kernel/module.js';
import { AlertEventResolver, mayHearOfAlert } from './alerts/alert-event.resolver.js';
import { Alert } from './alerts/alert.entity.js';
import { alertReads } from './alerts/alert.reads.js';
import { AlertResolver } from './alerts/alert.resolver.js';
import { monitoringEvents } from './events.js';
import { monitoringJobs } from './jobs.js';
import { alertsUp, apiKeyRequestsTotal } from './metrics.js';
import { monitoringNotices } from './notices.js';
import { OpenSubscriptionResolver } from './subscriptions/open-subscription.resolver.js';
import { MonitoringSummaryResolver } from './summary/monitoring-summary.resolver.js';
import { monitoringActions } from './task-actions.js';

export const monitoringModule: Module = {
  name: 'monitoring',
  entities: [Alert],
  reads: [alertReads],
  resolvers: [AlertResolver, AlertEventResolver, MonitoringSummaryResolver, OpenSubscriptionResolver],
  events: monitoringEvents,
  notices: monitoringNotices,
  jobs: monitoringJobs,
  taskActions: monitoringActions,
  hears: { Alert: mayHearOfAlert },
  counters: [apiKeyRequestsTotal],
  gauges: [alertsUp],
};
