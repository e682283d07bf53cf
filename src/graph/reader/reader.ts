import type { GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { isObjectType } from 'graphql';
import type { Connection, ListArgs } from '../../domain/connection.js';
import type { Reader, ReadOptions } from '../../domain/context.js';
import type { ReadModel } from '../../domain/read-model.js';
import type { Viewer } from '../../domain/viewer.js';
import { notFound } from '../../errors.js';
import type { EntityShape, EntityShapes } from './metadata.js';
import type { PlanCompiler } from './plan.js';
import { type Binding, readByIds, readList, relations, type Row } from './run-plan.js';
import type { ReadStatement } from './sql.js';

/** Where reads go: a mutation's payload must show what was just committed, which a replica may not have yet. */
export interface ReadSources {
  read: ReadStatement;
  readPrimary: ReadStatement;
}

/** A reader for one viewer. The compiler is shared by the whole process. */
export function makeReader(compiler: PlanCompiler, viewer: Viewer, sources: ReadSources): Reader {
  const shapeOf = (model: ReadModel): EntityShape => {
    const shape = compiler.shapes.get(model.entity.name);
    if (!shape) throw new Error(`${model.entity.name} has no read model`);
    return shape;
  };
  const bindingOf = (info: GraphQLResolveInfo): Binding => ({
    viewer,
    variables: info.variableValues,
    read: info.operation.operation === 'query' ? sources.read : sources.readPrimary,
  });
  const usable = (id: number | string): boolean => /^\d{1,9}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(id));

  const many = async <T extends object>(
    model: ReadModel,
    ids: readonly (number | string)[],
    info: GraphQLResolveInfo,
    { path = [], where }: ReadOptions = {},
  ): Promise<T[]> => {
    const shape = shapeOf(model);
    const real = ids.filter((id) => usable(id) && (shape.keyType === 'uuid') === String(id).includes('-'));
    if (!real.length) return [];
    const rows = await readByIds(compiler.planFor(shape, info, path), real, where, bindingOf(info));
    const byId = new Map(rows.map((row) => [String(row['id']), row]));
    return real.flatMap((id) => byId.get(String(id)) ?? []) as unknown as T[];
  };
  const one = async <T extends object>(model: ReadModel, id: number | string, info: GraphQLResolveInfo, options?: ReadOptions): Promise<T | undefined> =>
    (await many<T>(model, [id], info, options))[0];
  return {
    many,
    one,
    must: async <T extends object>(model: ReadModel, id: number | string, info: GraphQLResolveInfo, options?: ReadOptions) => {
      const row = await one<T>(model, id, info, options);
      if (!row) throw notFound(model.entity.name);
      return row;
    },
    list: async <T extends object>(model: ReadModel, args: ListArgs, info: GraphQLResolveInfo) => {
      const plan = compiler.planFor(shapeOf(model), info, []);
      return (await readList(plan, args, bindingOf(info))) as unknown as Connection<T>;
    },
  };
}

/**
 * Lets every relation field of the schema answer from what the plan fetched. A field that is a relation in the entity's
 * metadata has no resolver of its own: its type-graphql method only declares its arguments.
 */
export function bindRelations(schema: GraphQLSchema, shapes: EntityShapes): GraphQLSchema {
  const fromPlan: GraphQLFieldResolver<Row, unknown> = (row, _args, _context, info) => row[relations][info.path.key];
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
