import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { isObjectType } from 'graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Reader, ReadOptions } from '../../kernel/context.js';
import type { ReadModel } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import type { EntityShape, EntityShapes } from './metadata.js';
import { connectionText, rowText } from './output/json.js';
import { connectionOf, fromPlan, rowsOf } from './output/objects.js';
import { connectionValues, rowValues } from './output/values.js';
import type { ConnectionPlan, Plan, PlanCompiler, RowPlan } from './plan.js';
import { type Binding, type Fetched, readByIds, readList } from './run.js';
import type { ReadStatement } from './sql.js';

/** Where reads go: a mutation's payload must show what was just committed, which a replica may not have yet. */
export interface ReadSources {
  read: ReadStatement;
  readPrimary: ReadStatement;
  /** For what may take long: counts, searches. */
  readSlow: ReadStatement;
  /** For counts, which may be a moment old in a query. */
  count: ReadStatement;
}

/** What is given in place of rows that nobody looks at: the whole answer to the field, as JSON text or as values. */
export class Answer {
  constructor(readonly content: unknown) {}
}

export type AnswerForm = 'text' | 'values';

export interface PlannedReader extends Reader {
  /** The same rows as Answers, for resolvers that hand on what they read. Throws Unwritable where the plan can't say it. */
  answering: (form: AnswerForm) => Reader;
}

/** How the fetched lines become what the reader gives. */
interface Form {
  rows: (plan: Plan, fetched: Fetched) => unknown[];
  connection: (plan: Plan, fetched: Fetched) => unknown;
}

const objects: Form = {
  rows: ({ level }, fetched) => rowsOf(level.rows, fetched),
  connection: ({ level }, fetched) => connectionOf(level.rows, fetched),
};

const answers: Record<AnswerForm, Form> = {
  text: {
    rows: ({ level }, { lines, below }) =>
      lines.map((line) => new Answer(rowText(level.rows[0] as RowPlan, line, below))),
    connection: ({ connection }, fetched) => new Answer(connectionText(connection as ConnectionPlan, fetched)),
  },
  values: {
    rows: ({ level }, { lines, below }) =>
      lines.map((line) => new Answer(rowValues(level.rows[0] as RowPlan, line, below))),
    connection: ({ connection }, fetched) => new Answer(connectionValues(connection as ConnectionPlan, fetched)),
  },
};

/** A reader for one viewer. The compiler is shared by the whole process. */
export function makeReader(compiler: PlanCompiler, viewer: Viewer, sources: ReadSources): PlannedReader {
  const reader = readerOf(compiler, viewer, sources, objects);
  return { ...reader, answering: (form) => readerOf(compiler, viewer, sources, answers[form]) };
}

function readerOf(compiler: PlanCompiler, viewer: Viewer, sources: ReadSources, form: Form): Reader {
  const shapeOf = (model: ReadModel): EntityShape => {
    const shape = compiler.shapes.get(model.entity.name);
    if (!shape) throw new Error(`${model.entity.name} has no read model`);
    return shape;
  };
  const bindingOf = ({ variableValues, operation }: GraphQLResolveInfo): Binding =>
    operation.operation === 'query'
      ? { viewer, variables: variableValues, read: sources.read, readSlow: sources.readSlow, count: sources.count }
      : {
          viewer,
          variables: variableValues,
          read: sources.readPrimary,
          readSlow: sources.readPrimary,
          count: sources.readPrimary,
        };
  const usable = (id: number | string): boolean =>
    /^\d{1,9}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(id));

  const many = async <T extends object>(
    model: ReadModel,
    ids: readonly (number | string)[],
    info: GraphQLResolveInfo,
    { path = [], where }: ReadOptions = {},
  ): Promise<T[]> => {
    const shape = shapeOf(model);
    const real = ids.filter((id) => usable(id) && (shape.keyType === 'uuid') === String(id).includes('-'));
    if (!real.length) return [];
    const plan = compiler.planFor(shape, info, path);
    const fetched = await readByIds(plan, real, where, bindingOf(info));
    const rows = form.rows(plan, fetched) as T[];
    if (real.length === 1) return rows;
    const keyCell = plan.level.rows[0]?.key as number;
    const byId = new Map(fetched.lines.map((line, i) => [line[keyCell] as string, rows[i] as T]));
    return real.flatMap((id) => byId.get(String(id)) ?? []);
  };
  const one = async <T extends object>(
    model: ReadModel,
    id: number | string,
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T | undefined> => (await many<T>(model, [id], info, options))[0];
  return {
    many,
    one,
    must: async <T extends object>(
      model: ReadModel,
      id: number | string,
      info: GraphQLResolveInfo,
      options?: ReadOptions,
    ) => {
      const row = await one<T>(model, id, info, options);
      if (!row) throw notFound(model.entity.name);
      return row;
    },
    list: async <T extends object>(model: ReadModel, args: ListArgs, info: GraphQLResolveInfo) => {
      const plan = compiler.planFor(shapeOf(model), info, []);
      return form.connection(plan, await readList(plan, args, bindingOf(info))) as Connection<T>;
    },
  };
}

/**
 * Lets every relation field of the schema answer from what the plan fetched. A field that is a relation in the entity's
 * metadata has no resolver of its own: its type-graphql method only declares its arguments.
 */
export function bindRelations(schema: GraphQLSchema, shapes: EntityShapes): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    const shape = isObjectType(type) ? shapes.get(type.name) : undefined;
    if (!shape || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const property = shape.properties.get(field.name);
      if (property && property.kind !== 'scalar') field.resolve = fromPlan;
    }
  }
  return schema;
}
