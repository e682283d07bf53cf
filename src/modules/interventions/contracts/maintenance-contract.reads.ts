import { column, equals, type ListedReadModel } from '../../../kernel/read-model.js';
import { visibleInterventions } from '../intervention.policy.js';
import { MaintenanceContract } from './maintenance-contract.entity.js';

export const maintenanceContractReads: ListedReadModel<MaintenanceContract> = {
  entity: MaintenanceContract,
  visibleTo: visibleInterventions,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      clientId: equals('client_id', 'uuid'),
      isActive: (value: boolean, a) => `${a}.is_active = ${value ? 'true' : 'false'}`,
    },
  },
};
