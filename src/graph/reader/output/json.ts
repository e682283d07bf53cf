import { cursorOf, pageInfoOf } from '../page.js';
import type { ConnectionPlan, EdgeField, RowPlan, Written } from '../plan.js';
import type { Fetched, Line } from '../run.js';
import { Unwritable } from './cell-serializer.js';

// Texts are added and never joined: what is joined is copied at once, what is added only when it leaves.

/** JSON of a row, straight from its line. Throws Unwritable for a null where there must be none. */
export function rowText(plan: RowPlan, line: Line, below: Fetched['below']): string {
  if (!plan.text) throw new Unwritable();
  let text = '{';
  for (const field of plan.text) {
    text += field.name;
    switch (field.kind) {
      case 'cell': {
        const cell = line[field.cell] as string | null;
        text += cell === null ? nullText(field.required) : field.write.text(cell);
        break;
      }
      case 'one':
        text += line[field.row.key] === null ? nullText(field.required) : rowText(field.row, line, below);
        break;
      case 'many': {
        const { many } = field;
        const fetched = below.get(many)?.get(line[plan.key] as string) as Fetched;
        text += many.connection
          ? connectionText(many.connection, fetched)
          : listText(many.level.rows[0] as RowPlan, fetched);
        break;
      }
      case 'constant':
        text += field.json;
    }
  }
  return `${text}}`;
}

export function listText(plan: RowPlan, { lines, below }: Fetched): string {
  let text = '[';
  let comma = '';
  for (const line of lines) {
    text += comma + rowText(plan, line, below);
    comma = ',';
  }
  return `${text}]`;
}

export function connectionText(plan: ConnectionPlan, fetched: Fetched): string {
  if (!plan.text) throw new Unwritable();
  let text = '{';
  for (const field of plan.text) {
    text += field.name;
    switch (field.kind) {
      case 'nodes':
        text += listText(field.row, fetched);
        break;
      case 'edges':
        text += `[${fetched.lines.map((line) => edgeText(field.fields, line, fetched)).join(',')}]`;
        break;
      case 'pageInfo': {
        const facts = pageInfoOf(fetched);
        text += `{${field.fields.map((one) => one.name + (one.kind === 'fact' ? JSON.stringify(facts[one.fact]) : one.json)).join('')}}`;
        break;
      }
      case 'totalCount':
        text += String(fetched.page?.totalCount);
        break;
      case 'constant':
        text += field.json;
    }
  }
  return `${text}}`;
}

function edgeText(fields: readonly Written<EdgeField>[], line: Line, fetched: Fetched): string {
  let text = '{';
  for (const field of fields) {
    text += field.name;
    if (field.kind === 'node') text += rowText(field.row, line, fetched.below);
    else text += field.kind === 'cursor' ? JSON.stringify(cursorOf(fetched, line)) : field.json;
  }
  return `${text}}`;
}

function nullText(required: boolean): string {
  if (required) throw new Unwritable();
  return 'null';
}
