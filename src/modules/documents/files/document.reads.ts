import {
  before,
  type Bind,
  column,
  equals,
  equalsOrNone,
  type ListedReadModel,
  notBefore,
  nullableColumn,
  slow,
} from '../../../kernel/read-model.js';
import { badInput } from '../../../lib/errors.js';
import { isRowId } from '../../../lib/row-id.js';
import { canonicalNumber } from '../custom-fields/custom-field-value.js';
import { refuseCostlyPrefixes } from '../search/bounded-search.js';
import { searchCondition } from '../search/search-condition.js';
import { Document } from './document.entity.js';
import { visibleDocuments } from './document.policy.js';

const maxTags = 100;

const withTag = (value: string, a: string, bind: Bind): string =>
  isRowId(value)
    ? `exists (select 1 from document_tags dt where dt.document_id = ${a}.id and dt.tag_id = ${bind(value)}::int)`
    : 'false';

const maxFieldConditions = 10;

interface FieldCondition {
  fieldId: string;
  value: unknown;
}

/** A number is stored in one spelling, and may be asked for in another. */
function hasValue({ fieldId, value }: FieldCondition, alias: string, bind: Bind): string {
  if (!isRowId(fieldId) || !['string', 'number', 'boolean'].includes(typeof value)) return 'false';
  const text = String(value).trim();
  const number = canonicalNumber(text) ?? text;
  const found = bind(text);
  const isSame =
    number === text
      ? `fv.value = ${found}::text`
      : `(fv.value = ${found}::text or (fv.value = ${bind(number)}::text and fv.number_value is not null))`;
  // The index holds the beginning of a value.
  const beginsAlike = `left(fv.value, 200) in (left(${found}::text, 200), left(${bind(number)}::text, 200))`;
  return `exists (select 1 from document_field_values fv where fv.document_id = ${alias}.id
    and fv.field_id = ${bind(fieldId)}::int and ${beginsAlike} and ${isSame})`;
}

export const documentReads: ListedReadModel<Document> = {
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
        if (ids.length > maxTags)
          throw badInput([{ path: ['filter', 'tagIds'], code: 'too_long', message: `At most ${maxTags} tags` }]);
        return ids.length ? ids.map((id) => withTag(id, a, bind)).join(' and ') : 'true';
      },
      // Of a list below another row, or in the trash; for the others see `listed-search.ts`.
      search: slow((value: string, a: string, bind: Bind) => {
        refuseCostlyPrefixes(value, ['filter', 'search']);
        return searchCondition(value, a, bind);
      }),
      fields: (conditions: readonly FieldCondition[], a, bind) => {
        if (conditions.length > maxFieldConditions)
          throw badInput([
            { path: ['filter', 'fields'], code: 'too_long', message: `At most ${maxFieldConditions} conditions` },
          ]);
        return conditions.map((condition) => hasValue(condition, a, bind)).join(' and ') || 'true';
      },
      createdAfter: notBefore('created_at'),
      createdBefore: before('created_at'),
      amountMin: (value: string, a, bind) => `coalesce(${a}.amount, '-infinity'::numeric) >= ${bind(value)}::numeric`,
      amountMax: (value: string, a, bind) =>
        `coalesce(${a}.amount, '-infinity'::numeric) <= ${bind(value)}::numeric and ${a}.amount is not null`,
    },
    always: (filter, a) => (filter['trashed'] === true ? `${a}.deleted_at is not null` : `${a}.deleted_at is null`),
  },
};
