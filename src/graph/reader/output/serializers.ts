import type { ConnectionPlan, Plan, Projection } from '../plan.js';
import type { LevelResult } from '../result.js';
import { connectionJson, objectJson } from './json.js';
import { connectionOf, objectsOf } from './objects.js';
import { connectionValues, objectValues } from './values.js';

/** Makes what the reader returns out of the rows that a plan read. */
export interface Serializer {
  rows: (plan: Plan, result: LevelResult) => unknown[];
  connection: (plan: Plan, result: LevelResult) => unknown;
}

export type SerializerFormat = 'json' | 'values';

/** What a resolver gets instead of objects that nobody looks at: the whole answer to its field. */
export class Serialized {
  constructor(readonly content: unknown) {}
}

export const toObjects: Serializer = {
  rows: ({ level, isOfInterface }, result) => {
    const objects = objectsOf(level.projections, result);
    return isOfInterface ? objects.map((object) => ({ ...object, __typename: level.shape.name })) : objects;
  },
  connection: ({ level }, result) => connectionOf(level.projections, result),
};

export const serializers: Record<SerializerFormat, Serializer> = {
  json: {
    rows: ({ level }, result) =>
      result.rows.map((row) => new Serialized(objectJson(level.projections[0] as Projection, row, result))),
    connection: ({ connection }, result) => new Serialized(connectionJson(connection as ConnectionPlan, result)),
  },
  values: {
    rows: ({ level }, result) =>
      result.rows.map((row) => new Serialized(objectValues(level.projections[0] as Projection, row, result))),
    connection: ({ connection }, result) => new Serialized(connectionValues(connection as ConnectionPlan, result)),
  },
};
