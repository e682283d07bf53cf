import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';
import type { InterventionStatus } from './intervention.entity.js';

export interface InterventionEventData extends ChangeEventData {
  clientId: string;
  /** Of whoever leads it. */
  technicianUserId: number | null;
}

interface ContractEventData extends ChangeEventData {
  clientId: string;
}

interface UnbookedVisitData {
  clientId: string;
  interventionId: string;
  /** Of the contract. */
  title: string;
  /** When it was to begin, on the contract's clock: `2026-03-30T09:00`. */
  startsAtLocal: string;
  technicianUserId: number | null;
  createdById: number | null;
}

/** Where an intervention stands, as the graph has it. */
export type StatusName = keyof typeof InterventionStatus;

export const interventionEvents = declareEvents({
  'intervention.created': payload<InterventionEventData>(),
  'intervention.updated': payload<InterventionEventData>(),
  'intervention.status_changed': payload<InterventionEventData & { from: StatusName; to: StatusName }>(),
  'intervention.deleted': payload<InterventionEventData>(),
  'maintenance_contract.created': payload<ContractEventData>(),
  'maintenance_contract.updated': payload<ContractEventData>(),
  'maintenance_contract.deleted': payload<ContractEventData>(),
  /** Its intervention was made, but the time of the appointment is taken. */
  'maintenance_contract.visit_unbooked': payload<UnbookedVisitData>(),
});

export type InterventionEvents = PayloadsOf<typeof interventionEvents>;
