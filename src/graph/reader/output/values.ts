import { cursorOf, pageInfoOf } from '../page.js';
import type { ConnectionPlan, EdgeField, RowPlan, Written } from '../plan.js';
import type { Fetched, Line } from '../run.js';
import { Unwritable } from './cell-serializer.js';

// What `row-text.ts` writes as JSON, as values: for doors that put them into words of their own.

type Values = Record<string, unknown>;

/** A row, straight from its line. Throws Unwritable for a null where there must be none. */
export function rowValues(plan: RowPlan, line: Line, below: Fetched['below']): Values {
  if (!plan.text) throw new Unwritable();
  const values: Values = {};
  for (const field of plan.text) {
    switch (field.kind) {
      case 'cell': {
        const cell = line[field.cell] as string | null;
        values[field.key] = cell === null ? nullValue(field.required) : field.write.value(cell);
        break;
      }
      case 'one':
        values[field.key] =
          line[field.row.key] === null ? nullValue(field.required) : rowValues(field.row, line, below);
        break;
      case 'many': {
        const { many } = field;
        const fetched = below.get(many)?.get(line[plan.key] as string) as Fetched;
        values[field.key] = many.connection
          ? connectionValues(many.connection, fetched)
          : listValues(many.level.rows[0] as RowPlan, fetched);
        break;
      }
      case 'constant':
        values[field.key] = field.value;
    }
  }
  return values;
}

export const listValues = (plan: RowPlan, { lines, below }: Fetched): Values[] =>
  lines.map((line) => rowValues(plan, line, below));

export function connectionValues(plan: ConnectionPlan, fetched: Fetched): Values {
  if (!plan.text) throw new Unwritable();
  const values: Values = {};
  for (const field of plan.text) {
    switch (field.kind) {
      case 'nodes':
        values[field.key] = listValues(field.row, fetched);
        break;
      case 'edges':
        values[field.key] = fetched.lines.map((line) => edgeValues(field.fields, line, fetched));
        break;
      case 'pageInfo': {
        const facts = pageInfoOf(fetched);
        values[field.key] = Object.fromEntries(
          field.fields.map((one) => [one.key, one.kind === 'fact' ? facts[one.fact] : one.value]),
        );
        break;
      }
      case 'totalCount':
        values[field.key] = fetched.page?.totalCount;
        break;
      case 'constant':
        values[field.key] = field.value;
    }
  }
  return values;
}

function edgeValues(fields: readonly Written<EdgeField>[], line: Line, fetched: Fetched): Values {
  const values: Values = {};
  for (const field of fields) {
    if (field.kind === 'node') values[field.key] = rowValues(field.row, line, fetched.below);
    else values[field.key] = field.kind === 'cursor' ? cursorOf(fetched, line) : field.value;
  }
  return values;
}

function nullValue(required: boolean): null {
  if (required) throw new Unwritable();
  return null;
}
