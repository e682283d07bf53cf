import { before, column, equals, inLowerCase, type ListedReadModel, notBefore } from '../../kernel/read-model.js';
import { Client } from './client.entity.js';
import { visibleClients } from './client.policy.js';

export const clientReads: ListedReadModel<Client> = {
  entity: Client,
  visibleTo: visibleClients,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      CREATED_AT: column('created_at', 'timestamptz'),
      NAME: { sql: (a) => `left(${a}.name, 200)`, type: 'text' },
    },
    filters: {
      status: equals('status', 'text'),
      createdAfter: notBefore('created_at'),
      createdBefore: before('created_at'),
      search: inLowerCase('search_text'),
    },
  },
};
