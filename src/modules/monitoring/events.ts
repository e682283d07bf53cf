import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { AlertEndReason, AlertKind, AlertSubjectKind } from './alerts/alert.entity.js';

export interface AlertEventData {
  kind: `${AlertKind}`;
  subjectKind: `${AlertSubjectKind}`;
  subjectName: string;
  /** Who is told. */
  adminIds: number[];
  /** Of the webhook; null for the rest, and when it is deleted. */
  webhookName: string | null;
  /** Of a task that is there. */
  taskName?: string;
}

export const monitoringEvents = declareEvents({
  'alert.raised': payload<AlertEventData & { value: number; threshold: number; requestCount: number | null }>(),
  'alert.ended': payload<AlertEventData & { reason: `${AlertEndReason}`; value: number | null }>(),
  /** Of a person's, by an administrator. */
  'subscription.ended': payload<{ userId: number; operation: string }>(),
});

export type MonitoringEvents = PayloadsOf<typeof monitoringEvents>;
