import type { ConnectionPlan, RowPlan, Written } from './plan.js';
import { cursorOf, pageInfoOf } from './list-page.js';
import type { Fetched, Line } from './run-plan.js';
import { Unwritable } from './write-cell.js';

/** JSON of a row, straight from its line. Throws Unwritable for a null where there must be none. */
export function rowText(plan: RowPlan, line: Line, below: Fetched['below']): string {
  return objectText(plan.text, (field) => {
    switch (field.kind) {
      case 'cell': {
        const cell = line[field.cell] as string | null;
        return cell === null ? nullText(field.required) : field.write(cell);
      }
      case 'one':
        return line[field.row.key] === null ? nullText(field.required) : rowText(field.row, line, below);
      case 'many': {
        const { many } = field;
        const fetched = below.get(many)?.get(line[plan.key] as string) as Fetched;
        return many.connection ? connectionText(many.connection, fetched) : listText(many.level.rows[0] as RowPlan, fetched);
      }
    }
  });
}

export const listText = (plan: RowPlan, { lines, below }: Fetched): string => `[${lines.map((line) => rowText(plan, line, below)).join(',')}]`;

export function connectionText(plan: ConnectionPlan, fetched: Fetched): string {
  return objectText(plan.text, (field) => {
    switch (field.kind) {
      case 'nodes':
        return listText(field.row, fetched);
      case 'edges':
        return `[${fetched.lines.map((line) => edgeText(field.fields, line, fetched)).join(',')}]`;
      case 'pageInfo': {
        const facts = pageInfoOf(fetched);
        return objectText(field.fields, ({ fact }) => JSON.stringify(facts[fact]));
      }
      case 'totalCount':
        return String(fetched.page?.totalCount);
    }
  });
}

const edgeText = (fields: Extract<NonNullable<ConnectionPlan['text']>[number], { kind: 'edges' }>['fields'], line: Line, fetched: Fetched): string =>
  objectText(fields, (field) => (field.kind === 'cursor' ? JSON.stringify(cursorOf(fetched, line)) : rowText(field.row, line, fetched.below)));

function objectText<Field extends { kind: string }>(fields: readonly Written<Field>[] | undefined, valueText: (field: Field) => string): string {
  if (!fields) throw new Unwritable();
  let text = '{';
  for (const field of fields) text += field.name + ('json' in field ? field.json : valueText(field as Field));
  return `${text}}`;
}

function nullText(required: boolean): string {
  if (required) throw new Unwritable();
  return 'null';
}
