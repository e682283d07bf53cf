import { column, equals, type ListedReadModel } from '../../kernel/read-model.js';
import { Ingest } from './ingest.entity.js';
import { visibleIngests } from './ingest.policy.js';

export const ingestReads: ListedReadModel<Ingest> = {
  entity: Ingest,
  visibleTo: visibleIngests,
  list: {
    defaultOrder: 'ID_DESC',
    orders: { ID: column('id', 'int') },
    filters: {
      status: equals('status', 'text'),
      kind: equals('kind', 'text'),
      ownerId: equals('owner_id', 'int'),
      documentId: equals('document_id', 'int'),
    },
  },
};
