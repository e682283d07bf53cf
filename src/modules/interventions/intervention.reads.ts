import {
  before,
  column,
  equals,
  inLowerCase,
  type ListedReadModel,
  notBefore,
  type ReadModel,
} from '../../kernel/read-model.js';
import { InterventionStatusChange } from './intervention-status-change.entity.js';
import { InterventionTechnician } from './intervention-technician.entity.js';
import { Intervention } from './intervention.entity.js';
import { visibleInInterventions, visibleInterventions } from './intervention.policy.js';

export const interventionReads: ListedReadModel<Intervention> = {
  entity: Intervention,
  visibleTo: visibleInterventions,
  list: {
    defaultOrder: 'SCHEDULED_AT_DESC',
    orders: { SCHEDULED_AT: column('scheduled_at', 'timestamptz'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      clientId: equals('client_id', 'uuid'),
      status: equals('status', 'text'),
      kind: equals('kind', 'text'),
      priority: equals('priority', 'text'),
      scheduledAfter: notBefore('scheduled_at'),
      scheduledBefore: before('scheduled_at'),
      technicianUserId: equals('technician_user_id', 'int'),
      technician: inLowerCase('technician_text'),
      search: inLowerCase('search_text'),
    },
  },
};

// Read with their interventions.
export const interventionStatusChangeReads: ReadModel<InterventionStatusChange> = {
  entity: InterventionStatusChange,
  visibleTo: visibleInInterventions,
};
export const interventionTechnicianReads: ReadModel<InterventionTechnician> = {
  entity: InterventionTechnician,
  visibleTo: visibleInInterventions,
};
