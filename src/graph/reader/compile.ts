import {
  defaultFieldResolver,
  type FieldNode,
  getArgumentValues,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { ListArgs } from '../../kernel/connection.js';
import { memoized } from '../../lib/memoized.js';
import { resolveNodeId } from './bind.js';
import { completionOf, type ComputedField } from './computed.js';
import { LevelBuilder } from './level-builder.js';
import type { EntityShape, EntityShapes, ScalarColumn, ToMany } from './metadata.js';
import { cellSerializer } from './output/cell-serializer.js';
import { resolveRelation } from './output/objects.js';
import type {
  ConnectionField,
  ConnectionPlan,
  EdgeField,
  Level,
  ObjectField,
  Output,
  OutputField,
  PageInfoField,
  Plan,
  Projection,
  ToManyStep,
} from './plan.js';
import { collectFields, conditionsIn, neededBy, objectTypeOf, type Scope, variablesIn } from './selection.js';

/** What a plan is compiled for: a field with what is selected below it. */
export type PlannedField = Scope & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;

export class PlanCompiler {
  /** By document field; a schema that was swapped out takes its plans with it. */
  readonly #plans = memoized((_schema: object) => new WeakMap<FieldNode, KeptPlans>());

  constructor(readonly shapes: EntityShapes) {}

  /** The plan for what a field selects, below `path`; compiled on first use, for each choice of its conditions. */
  planFor(shape: EntityShape, field: PlannedField, path: readonly string[]): Plan {
    const { fieldNodes, variableValues } = field;
    const compile = (): Plan => new Compilation(this.shapes, field).compile(shape, field, path);
    // Merged fields have no identity of their own.
    if (fieldNodes.length !== 1) return compile();
    const kept = this.#keptFor(field);
    if (kept.conditions.length > maxConditions) return compile();
    const chosen = kept.conditions.map((name) => String(variableValues[name])).join(' ');
    const cacheKey = `${shape.name} ${path.join('.')} ${chosen}`;
    const known = kept.plans.get(cacheKey);
    if (known) return known;
    const plan = compile();
    kept.plans.set(cacheKey, plan);
    return plan;
  }

  #keptFor({ fieldNodes, schema, fragments }: PlannedField): KeptPlans {
    const node = fieldNodes[0] as FieldNode;
    const bySchema = this.#plans(schema);
    const known = bySchema.get(node);
    if (known) return known;
    const kept = { conditions: conditionsIn([node, ...Object.values(fragments)]), plans: new Map<string, Plan>() };
    bySchema.set(node, kept);
    return kept;
  }

  /** Whether a serializer can write the field's whole answer, for all variables that choose the same by conditions. */
  canSerialize(field: PlannedField): boolean {
    // Which types an interface stands for is known when the field is asked: the reader looks at the plan then.
    if (isAbstractType(getNamedType(field.returnType))) return true;
    const shape = entityBehind(field.returnType, this.shapes);
    return shape !== undefined && isSerializable(this.planFor(shape, field, []));
  }
}

/** The entity that a type is, or is a connection of; any wrappers of lists and non-nulls aside. */
export function entityBehind(type: GraphQLResolveInfo['returnType'], shapes: EntityShapes): EntityShape | undefined {
  const named = getNamedType(type);
  const nodes = isObjectType(named) ? named.getFields()['nodes'] : undefined;
  return shapes.get(named.name) ?? (nodes && shapes.get(getNamedType(nodes.type).name));
}

/** What is kept for a field of a document. */
interface KeptPlans {
  /** Names of the variables that `@include` and `@skip` ask for. */
  conditions: readonly string[];
  plans: Map<string, Plan>;
}

/** Each doubles the number of plans. */
export const maxConditions = 5;

/** One plan while it is compiled. */
class Compilation {
  constructor(
    readonly shapes: EntityShapes,
    readonly scope: Scope,
  ) {}

  compile(shape: EntityShape, { fieldNodes, returnType }: PlannedField, path: readonly string[]): Plan {
    let type = objectTypeOf(returnType);
    let nodes: readonly FieldNode[] = fieldNodes;
    for (const name of path) {
      nodes = [...this.#fieldsOf(nodes, type).values()].filter(([node]) => node?.name.value === name).flat();
      type = objectTypeOf(type.getFields()[name]?.type);
    }
    const builder = new LevelBuilder(shape, 0);
    let connection: ConnectionPlan | undefined;
    const rowType = this.scope.schema.getType(shape.name) as GraphQLObjectType;
    const isOfInterface = isAbstractType(type);
    if (isOfInterface || type === rowType) this.#project(builder, nodes, rowType);
    else connection = this.#connection(builder, nodes, type);
    return { level: builder.level, connection, isOfInterface };
  }

  #connection(builder: LevelBuilder, nodes: readonly FieldNode[], type: GraphQLObjectType): ConnectionPlan {
    const connection: ConnectionPlan = {
      needsRows: false,
      needsCursors: false,
      needsNextPage: false,
      needsPreviousPage: false,
      needsTotalCount: false,
      needsIsEstimated: false,
      output: undefined,
    };
    const rowType = this.scope.schema.getType(builder.level.shape.name) as GraphQLObjectType;
    connection.output = this.#output<ConnectionField>(nodes, type, (field, same) => {
      switch (field.name) {
        case 'nodes':
          connection.needsRows = true;
          return { kind: 'nodes', projection: this.#project(builder, same, rowType) };
        case 'edges':
          return this.#edges(connection, builder, same, { type: objectTypeOf(field.type), rowType });
        case 'pageInfo':
          return this.#pageInfo(connection, same, objectTypeOf(field.type));
        case 'totalCount':
          connection.needsTotalCount = true;
          return { kind: 'totalCount' };
        case 'isEstimated':
          connection.needsIsEstimated = true;
          return { kind: 'isEstimated' };
        default:
          return undefined;
      }
    });
    // Every page has a projection, so that only one place has to know where a row's key lies.
    if (builder.level.projections.length === 0) this.#project(builder, [], rowType);
    return connection;
  }

  #edges(
    connection: ConnectionPlan,
    builder: LevelBuilder,
    nodes: readonly FieldNode[],
    { type, rowType }: { type: GraphQLObjectType; rowType: GraphQLObjectType },
  ): ConnectionField | undefined {
    connection.needsRows = true;
    const fields = this.#output<EdgeField>(nodes, type, ({ name }, same) => {
      if (name === 'node') return { kind: 'node', projection: this.#project(builder, same, rowType) };
      if (name !== 'cursor') return undefined;
      connection.needsCursors = true;
      return { kind: 'cursor' };
    });
    return fields && { kind: 'edges', fields };
  }

  #pageInfo(
    connection: ConnectionPlan,
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
  ): ConnectionField | undefined {
    const fields = this.#output<PageInfoField>(nodes, type, ({ name }) => {
      if (name === 'hasNextPage') connection.needsNextPage = true;
      else if (name === 'hasPreviousPage') connection.needsPreviousPage = true;
      else if (name === 'startCursor' || name === 'endCursor') connection.needsRows = connection.needsCursors = true;
      else return undefined;
      return { kind: 'page-info', property: name };
    });
    return fields && { kind: 'pageInfo', fields };
  }

  /** Adds a projection of the level's own rows. */
  #project(builder: LevelBuilder, nodes: readonly FieldNode[], type: GraphQLObjectType): Projection {
    const { shape, alias, projections } = builder.level;
    const projection = this.#projection(builder, { shape, alias }, nodes, type);
    projections.push(projection);
    return projection;
  }

  /** A projection of the row called `alias`, which is the level's own or joined in. */
  #projection(
    builder: LevelBuilder,
    { shape, alias }: { shape: EntityShape; alias: string },
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
  ): Projection {
    const projection: Projection = {
      keyCell: builder.keyCell(alias),
      scalars: [],
      toOne: [],
      toMany: [],
      output: undefined,
    };
    const cells = new Map<string, number>();
    const addScalar = (column: ScalarColumn): number => {
      const known = cells.get(column.property);
      if (known !== undefined) return known;
      const cell = builder.scalarCell(shape, alias, column);
      cells.set(column.property, cell);
      projection.scalars.push({ column, cell });
      return cell;
    };
    projection.output = this.#output<ObjectField>(nodes, type, (field, same) => {
      for (const name of neededBy(field)) {
        const needed = shape.properties.get(name);
        if (needed?.kind === 'scalar') addScalar(needed);
      }
      if (field.resolve === resolveNodeId) return { kind: 'node-id', cell: projection.keyCell, type: shape.name };
      const property = shape.properties.get(field.name);
      const isRequired = isNonNullType(field.type);
      const node = same[0] as FieldNode;
      if (isComputed(field) && (!property || property.kind === 'scalar')) {
        const needs = [...neededBy(field), field.name].flatMap((name) => {
          const needed = shape.properties.get(name);
          return needed?.kind === 'scalar' ? [{ column: needed, cell: addScalar(needed) }] : [];
        });
        return this.#computed(builder.level, { field, nodes: same, type, needs, keyCell: projection.keyCell });
      }
      switch (property?.kind) {
        case 'scalar': {
          const cell = addScalar(property);
          const serializer = cellSerializer(field.type, property);
          return serializer && { kind: 'scalar', cell, isRequired, serializer };
        }
        case 'to-one': {
          const target = this.#target(property.target, shape, field.name);
          const joined = { shape: target, alias: builder.join(alias, field.name, property, target) };
          const below = this.#projection(builder, joined, same, objectTypeOf(field.type));
          projection.toOne.push({ node, projection: below });
          return { kind: 'to-one', projection: below, isRequired };
        }
        case 'to-many': {
          const parent = { keyCell: projection.keyCell, alias, keyType: shape.keyType };
          const step = this.#step(property, { shape, parent, depth: builder.level.depth + 1 }, field, same);
          projection.toMany.push({ node, step });
          builder.level.steps.push(step);
          builder.level.hasComputed ||= step.level.hasComputed;
          builder.level.variables.push(...variablesIn(node), ...step.level.variables);
          return { kind: 'to-many', step };
        }
        default:
          return undefined;
      }
    });
    return projection;
  }

  #step(
    relation: ToMany,
    { shape, parent, depth }: { shape: EntityShape; parent: ToManyStep['parent']; depth: number },
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ): ToManyStep {
    const builder = new LevelBuilder(this.#target(relation.target, shape, field.name), depth);
    const type = objectTypeOf(field.type);
    const { guarded } = shape.model;
    const isPlainList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const connection = isPlainList ? undefined : this.#connection(builder, nodes, type);
    if (isPlainList) this.#project(builder, nodes, type);
    return {
      relation,
      parent,
      level: builder.level,
      connection,
      argumentsOf: (variables) => getArgumentValues(field, nodes[0] as FieldNode, variables) as unknown as ListArgs,
      guard: guarded?.properties.includes(field.name)
        ? { table: shape.table, visibleTo: guarded.visibleTo }
        : undefined,
    };
  }

  /** undefined: only graphql-js can complete what the resolver answers. */
  #computed(
    level: Level,
    {
      field,
      nodes,
      type,
      ...where
    }: Pick<ComputedField, 'field' | 'needs' | 'keyCell'> & { nodes: readonly FieldNode[]; type: GraphQLObjectType },
  ): ObjectField | undefined {
    const complete = completionOf(field.type, nodes, (same, below) =>
      this.shapes.has(below.name) ? undefined : this.#fieldsOf(same, below),
    );
    const { schema, fragments } = this.scope;
    const node = nodes[0] as FieldNode;
    if (!complete) return undefined;
    const info = {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType: type,
      schema,
      fragments,
    };
    const computed: ComputedField = { field, node, info, complete, ...where };
    level.computed.push(computed);
    level.hasComputed = true;
    return { kind: 'computed', computed };
  }

  #target(name: string, parent: EntityShape, field: string): EntityShape {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`${parent.name}.${field}: ${name} has no read model`);
    return shape;
  }

  /** Compiles each selected field with `compile`, which returns undefined for what no serializer can write. */
  #output<Field>(
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
    compile: (field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[]) => Field | undefined,
  ): Output<Field> {
    const output: OutputField<Field>[] = [];
    let isWhole = true;
    for (const [key, same] of this.#fieldsOf(nodes, type)) {
      const jsonKey = `${output.length ? ',' : ''}"${key}":`;
      const field = type.getFields()[same[0]?.name.value as string];
      if (!field) {
        output.push({ key, jsonKey, kind: 'constant', value: type.name, json: `"${type.name}"` }); // __typename
        continue;
      }
      const compiled = compile(field, same);
      const isWritten = !isComputed(field) || (compiled as { kind?: unknown } | undefined)?.kind === 'computed';
      if (compiled && isWritten) output.push({ key, jsonKey, ...compiled });
      else isWhole = false;
    }
    return isWhole ? output : undefined;
  }

  #fieldsOf(nodes: readonly FieldNode[], type: GraphQLObjectType): Map<string, FieldNode[]> {
    return collectFields(nodes, type, this.scope);
  }
}

export const isSerializable = ({ level, connection }: Pick<Plan, 'level' | 'connection'>): boolean =>
  (!connection || connection.output !== undefined) &&
  level.projections.every(isWhole) &&
  level.steps.every(isSerializable);

const isWhole = ({ output, toOne }: Projection): boolean =>
  output !== undefined && toOne.every(({ projection }) => isWhole(projection));

/** Whether a resolver of the field's own answers; those of relations and node ids only hand out what the plan read. */
export const isComputed = ({ resolve }: GraphQLField<unknown, unknown>): boolean =>
  resolve !== undefined && resolve !== defaultFieldResolver && resolve !== resolveRelation && resolve !== resolveNodeId;
