import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';

export interface ReportEventData extends ChangeEventData {
  interventionId: string;
}

export const reportEvents = declareEvents({
  'report.created': payload<ReportEventData>(),
  'report.updated': payload<ReportEventData>(),
  /** How much of its file is made, of 100. */
  'report.progressed': payload<ReportEventData & { progress: number }>(),
  'report.generated': payload<ReportEventData & { format: string }>(),
  'report.failed': payload<ReportEventData & { reason: string }>(),
  'report.deleted': payload<ReportEventData>(),
  'report_template.created': payload<{ name: string }>(),
  'report_template.updated': payload<{ name: string }>(),
  'report_template.deleted': payload<{ name: string }>(),
});

export type ReportEvents = PayloadsOf<typeof reportEvents>;
