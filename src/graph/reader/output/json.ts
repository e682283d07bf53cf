import { nodeIdOf } from '../../../lib/node-id.js';
import type { ConnectionPlan, EdgeField, OutputField, PageInfoField, Projection } from '../plan.js';
import { computedOf, cursorOf, type LevelResult, pageInfoOf, type ResultRow } from '../result.js';
import { NotSerializable } from './cell-serializer.js';

// `values.ts` is this walk again, with objects for strings. One walk for both, with a function for each thing that
// differs, costs 12 % more CPU for a list as JSON and 18 % more as values (measured), so they stay apart; the
// differential fuzz compares them. Strings are concatenated and never joined: `join` copies at once, `+` only when the
// answer leaves.

/** A row as JSON. Throws NotSerializable for a null where there must be none. */
export function objectJson(
  { output, keyCell }: Projection,
  row: ResultRow,
  result: Pick<LevelResult, 'below' | 'computed'>,
): string {
  if (!output) throw new NotSerializable();
  let json = '{';
  for (const field of output) {
    json += field.jsonKey;
    switch (field.kind) {
      case 'scalar': {
        const cell = row[field.cell] as string | null;
        json += cell === null ? nullJson(field.isRequired) : field.serializer.json(cell);
        break;
      }
      case 'node-id':
        json += `"${nodeIdOf(field.type, row[field.cell] as string)}"`;
        break;
      case 'to-one': {
        const { projection } = field;
        json += row[projection.keyCell] === null ? nullJson(field.isRequired) : objectJson(projection, row, result);
        break;
      }
      case 'to-many': {
        const { step } = field;
        const found = result.below.get(step)?.get(row[keyCell] as string) as LevelResult;
        json += step.connection
          ? connectionJson(step.connection, found)
          : listJson(step.level.projections[0] as Projection, found);
        break;
      }
      case 'computed':
        json += JSON.stringify(computedOf(field.computed, row, result));
        break;
      case 'constant':
        json += field.json;
    }
  }
  return `${json}}`;
}

export function listJson(projection: Projection, result: LevelResult): string {
  let json = '[';
  let comma = '';
  for (const row of result.rows) {
    json += comma + objectJson(projection, row, result);
    comma = ',';
  }
  return `${json}]`;
}

export function connectionJson({ output }: ConnectionPlan, result: LevelResult): string {
  if (!output) throw new NotSerializable();
  let json = '{';
  for (const field of output) {
    json += field.jsonKey;
    switch (field.kind) {
      case 'nodes':
        json += listJson(field.projection, result);
        break;
      case 'edges':
        json += edgesJson(field.fields, result);
        break;
      case 'pageInfo':
        json += pageInfoJson(field.fields, result);
        break;
      case 'totalCount':
        json += String(result.page?.totalCount);
        break;
      case 'isEstimated':
        json += String(result.page?.isEstimated);
        break;
      case 'constant':
        json += field.json;
    }
  }
  return `${json}}`;
}

function edgesJson(fields: readonly OutputField<EdgeField>[], result: LevelResult): string {
  let json = '[';
  let comma = '';
  for (const row of result.rows) {
    json += `${comma}{`;
    for (const field of fields) {
      json += field.jsonKey;
      if (field.kind === 'node') json += objectJson(field.projection, row, result);
      else json += field.kind === 'cursor' ? JSON.stringify(cursorOf(result, row)) : field.json;
    }
    json += '}';
    comma = ',';
  }
  return `${json}]`;
}

function pageInfoJson(fields: readonly OutputField<PageInfoField>[], result: LevelResult): string {
  const pageInfo = pageInfoOf(result);
  let json = '{';
  for (const field of fields)
    json += field.jsonKey + (field.kind === 'page-info' ? JSON.stringify(pageInfo[field.property]) : field.json);
  return `${json}}`;
}

function nullJson(isRequired: boolean): string {
  if (isRequired) throw new NotSerializable();
  return 'null';
}
