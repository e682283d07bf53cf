import { badInput } from '../../errors.js';
import { isRowId } from '../../lib/row-id.js';
import { type Bind, column, equals, equalsOrNone, type ListedReadModel, nullableColumn } from '../read-model.js';
import { visibleDocuments } from './document.policy.js';
import { Document } from './document.entity.js';
import { searchCondition } from './search-condition.js';

const maxTags = 100;

const withTag = (value: string, a: string, bind: Bind): string =>
  isRowId(value) ? `exists (select 1 from document_tags dt where dt.document_id = ${a}.id and dt.tag_id = ${bind(value)}::int)` : 'false';

export const documentReads: ListedReadModel = {
  entity: Document,
  visibleTo: visibleDocuments,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: {
      ID: column('id', 'int'),
      CREATED_AT: column('created_at', 'timestamptz'),
      UPDATED_AT: column('updated_at', 'timestamptz'),
      TITLE: { sql: (a) => `left(${a}.title, 200)`, type: 'text' },
      DOCUMENT_DATE: nullableColumn('document_date', 'date'),
      AMOUNT: nullableColumn('amount', 'numeric'),
    },
    filters: {
      typeId: equalsOrNone('document_type_id', 'int'),
      correspondentId: equalsOrNone('correspondent_id', 'int'),
      ownerId: equals('owner_id', 'int'),
      asn: equals('asn', 'int'),
      tagId: withTag,
      tagIds: (value: string[], a, bind) => {
        const ids = [...new Set(value)];
        if (ids.length > maxTags) throw badInput([{ path: ['filter', 'tagIds'], code: 'too_long', message: `At most ${maxTags} tags` }]);
        return ids.length ? ids.map((id) => withTag(id, a, bind)).join(' and ') : 'true';
      },
      search: (value: string, a, bind) => searchCondition(value, a, bind),
      createdAfter: (value: Date, a, bind) => `${a}.created_at >= ${bind(value.toISOString())}::timestamptz`,
      createdBefore: (value: Date, a, bind) => `${a}.created_at < ${bind(value.toISOString())}::timestamptz`,
      amountMin: (value: string, a, bind) => `coalesce(${a}.amount, '-infinity'::numeric) >= ${bind(value)}::numeric`,
      amountMax: (value: string, a, bind) =>
        `coalesce(${a}.amount, '-infinity'::numeric) <= ${bind(value)}::numeric and ${a}.amount is not null`,
    },
    always: (filter, a) => (filter['trashed'] === true ? `${a}.deleted_at is not null` : `${a}.deleted_at is null`),
  },
};
