import { column, type ListedReadModel } from '../../kernel/read-model.js';
import { ServerProcess } from './server-process.entity.js';
import { visibleProcesses } from './server-process.policy.js';

export const serverProcessReads: ListedReadModel<ServerProcess> = {
  entity: ServerProcess,
  visibleTo: visibleProcesses,
  list: {
    defaultOrder: 'STARTED_AT_DESC',
    orders: { STARTED_AT: column('started_at', 'timestamptz') },
    filters: {},
  },
};
