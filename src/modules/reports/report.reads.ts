import { before, column, equals, inLowerCase, type ListedReadModel, notBefore } from '../../kernel/read-model.js';
import { Report } from './report.entity.js';
import { visibleReports } from './report.policy.js';

export const reportReads: ListedReadModel<Report> = {
  entity: Report,
  visibleTo: visibleReports,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      interventionId: equals('intervention_id', 'uuid'),
      kind: equals('kind', 'text'),
      status: equals('status', 'text'),
      createdAfter: notBefore('created_at'),
      createdBefore: before('created_at'),
      author: inLowerCase('author_text'),
      search: inLowerCase('search_text'),
    },
  },
};
