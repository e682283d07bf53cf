import { before, column, equals, inLowerCase, type ListedReadModel, notBefore } from '../../kernel/read-model.js';
import { Medium } from './medium.entity.js';
import { visibleMedia } from './medium.policy.js';

export const mediumReads: ListedReadModel<Medium> = {
  entity: Medium,
  visibleTo: visibleMedia,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      interventionId: equals('intervention_id', 'uuid'),
      inspectionId: equals('inspection_id', 'uuid'),
      kind: equals('kind', 'text'),
      status: equals('status', 'text'),
      hasPlace: (value: boolean, a) => (value ? `${a}.has_place` : `not ${a}.has_place`),
      hasAnnotations: (value: boolean, a) => (value ? `${a}.has_annotations` : `not ${a}.has_annotations`),
      createdAfter: notBefore('created_at'),
      createdBefore: before('created_at'),
      search: inLowerCase('search_text'),
    },
  },
};
