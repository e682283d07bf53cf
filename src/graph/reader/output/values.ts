import { nodeIdOf } from '../../../lib/node-id.js';
import type { ConnectionPlan, EdgeField, OutputField, PageInfoField, Projection } from '../plan.js';
import { computedOf, cursorOf, type LevelResult, pageInfoOf, type ResultRow } from '../result.js';
import { NotSerializable } from './cell-serializer.js';

// What `json.ts` writes as JSON, as values: for the REST engine, which gives them another shape. It says why they are
// two.

type Values = Record<string, unknown>;

/** A row as an object of its fields. Throws NotSerializable for a null where there must be none. */
export function objectValues(
  { output, keyCell }: Projection,
  row: ResultRow,
  result: Pick<LevelResult, 'below' | 'computed'>,
): Values {
  if (!output) throw new NotSerializable();
  const values: Values = {};
  for (const field of output) {
    switch (field.kind) {
      case 'scalar': {
        const cell = row[field.cell] as string | null;
        values[field.key] = cell === null ? nullValue(field.isRequired) : field.serializer.value(cell);
        break;
      }
      case 'node-id':
        values[field.key] = nodeIdOf(field.type, row[field.cell] as string);
        break;
      case 'to-one': {
        const { projection } = field;
        const isAbsent = row[projection.keyCell] === null;
        values[field.key] = isAbsent ? nullValue(field.isRequired) : objectValues(projection, row, result);
        break;
      }
      case 'to-many': {
        const { step } = field;
        const found = result.below.get(step)?.get(row[keyCell] as string) as LevelResult;
        values[field.key] = step.connection
          ? connectionValues(step.connection, found)
          : listValues(step.level.projections[0] as Projection, found);
        break;
      }
      case 'computed':
        values[field.key] = computedOf(field.computed, row, result);
        break;
      case 'constant':
        values[field.key] = field.value;
    }
  }
  return values;
}

export const listValues = (projection: Projection, result: LevelResult): Values[] =>
  result.rows.map((row) => objectValues(projection, row, result));

export function connectionValues({ output }: ConnectionPlan, result: LevelResult): Values {
  if (!output) throw new NotSerializable();
  const values: Values = {};
  for (const field of output) {
    switch (field.kind) {
      case 'nodes':
        values[field.key] = listValues(field.projection, result);
        break;
      case 'edges':
        values[field.key] = result.rows.map((row) => edgeValues(field.fields, row, result));
        break;
      case 'pageInfo':
        values[field.key] = pageInfoValues(field.fields, result);
        break;
      case 'totalCount':
        values[field.key] = result.page?.totalCount;
        break;
      case 'isEstimated':
        values[field.key] = result.page?.isEstimated;
        break;
      case 'constant':
        values[field.key] = field.value;
    }
  }
  return values;
}

function edgeValues(fields: readonly OutputField<EdgeField>[], row: ResultRow, result: LevelResult): Values {
  const values: Values = {};
  for (const field of fields) {
    if (field.kind === 'node') values[field.key] = objectValues(field.projection, row, result);
    else values[field.key] = field.kind === 'cursor' ? cursorOf(result, row) : field.value;
  }
  return values;
}

function pageInfoValues(fields: readonly OutputField<PageInfoField>[], result: LevelResult): Values {
  const pageInfo = pageInfoOf(result);
  const values: Values = {};
  for (const field of fields) values[field.key] = field.kind === 'page-info' ? pageInfo[field.property] : field.value;
  return values;
}

function nullValue(isRequired: boolean): null {
  if (isRequired) throw new NotSerializable();
  return null;
}
