/**
 * Read plans: from a selection to SQL.
 *
 * - A *plan* is compiled once for a field of a parsed document. It holds the static part: columns, joins, levels.
 * - A *level* is one SQL statement: the rows of one list, with the to-one relations below them joined in. Each to-many
 *   relation below a level is a level of its own, fetched for all parents at once.
 * - A *row plan* says where in a level's cells one object lies: several objects come from one line when relations are
 *   joined in.
 *
 * Plans know nothing of a request: the viewer's policies, arguments and variables are bound when a plan runs, so one
 * plan serves everybody.
 */
import {
  type FieldNode,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { ListArgs } from '../../domain/connection.js';
import type { Viewer } from '../../domain/viewer.js';
import type { EntityShape, EntityShapes, ScalarColumn, ToMany } from './metadata.js';
import type { Bind, Predicate } from '../../domain/read-model.js';

export interface RowPlan {
  shape: EntityShape;
  alias: string;
  /** Index of the primary key among the level's cells; a null there means that the joined row is absent. */
  key: number;
  scalars: { column: ScalarColumn; cell: number }[];
  ones: { responseKey: string; row: RowPlan }[];
  manys: { responseKey: string; many: ManyPlan }[];
}

export interface Level {
  row: RowPlan;
  /** Select list; a column that is guarded depends on the viewer. */
  cells: ((viewer: Viewer, bind: Bind) => string)[];
  joins: ((viewer: Viewer, bind: Bind) => string)[];
}

/** What of a connection was asked for. */
export interface ConnectionPlan {
  rows: boolean;
  cursors: boolean;
  hasNextPage: boolean;
  totalCount: boolean;
}

export interface ManyPlan {
  relation: ToMany;
  level: Level;
  /** undefined: a plain list, all rows, no arguments. */
  connection: ConnectionPlan | undefined;
  argumentsOf: (variables: Readonly<Record<string, unknown>>) => ListArgs;
  /** Of a relation that only some may see: the parents for whom it is shown. */
  guard: { table: string; visibleTo: (viewer: Viewer) => Predicate } | undefined;
}

export interface Plan {
  level: Level;
  connection: ConnectionPlan | undefined;
}

/** Where a selection is compiled: the schema, the fragments and the variables of one operation. */
type Scope = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;
type Found = { fields: Map<string, FieldNode[]>; conditional: boolean };

export class PlanCompiler {
  /** By document field; a schema that was swapped out takes its plans with it. */
  readonly #plans = new WeakMap<object, WeakMap<FieldNode, Map<string, Plan>>>();
  #conditional = false;

  constructor(readonly shapes: EntityShapes) {}

  /** The plan for what `info`'s field selects, below `path`; compiled on first use. */
  planFor(shape: EntityShape, info: GraphQLResolveInfo, path: readonly string[]): Plan {
    const { fieldNodes, schema } = info;
    const node = fieldNodes[0] as FieldNode;
    const cacheKey = `${shape.name} ${path.join('.')}`;
    const cached = fieldNodes.length === 1 ? this.#plans.get(schema)?.get(node)?.get(cacheKey) : undefined;
    if (cached) return cached;

    this.#conditional = false;
    const plan = this.#compile(shape, info, path);
    // A plan with @include or @skip in it holds for these variables only; merged fields have no identity of their own.
    if (!this.#conditional && fieldNodes.length === 1) {
      const bySchema = this.#plans.get(schema) ?? new WeakMap<FieldNode, Map<string, Plan>>();
      this.#plans.set(schema, bySchema);
      const byNode = bySchema.get(node) ?? new Map<string, Plan>();
      bySchema.set(node, byNode.set(cacheKey, plan));
    }
    return plan;
  }

  #compile(shape: EntityShape, info: GraphQLResolveInfo, path: readonly string[]): Plan {
    let type = objectTypeOf(info.returnType);
    let nodes: readonly FieldNode[] = info.fieldNodes;
    for (const step of path) {
      const below = this.#fieldsOf(nodes, type, info);
      nodes = [...below.values()].filter((n) => n[0]?.name.value === step).flat();
      type = objectTypeOf(type.getFields()[step]?.type);
    }
    if (type.name === shape.name) return { level: this.#level(shape, nodes, type, info), connection: undefined };
    return this.#connection(shape, nodes, type, info);
  }

  #connection(shape: EntityShape, nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): Plan & { connection: ConnectionPlan } {
    const fields = this.#fieldsOf(nodes, type, scope);
    const rowNodes: FieldNode[] = [];
    const connection: ConnectionPlan = { rows: false, cursors: false, hasNextPage: false, totalCount: false };
    for (const [first, ...others] of fields.values()) {
      const same = [first as FieldNode, ...others];
      const named = (typeName: string) => scope.schema.getType(typeName) as GraphQLObjectType;
      switch (first?.name.value) {
        case 'nodes':
          connection.rows = true;
          rowNodes.push(...same);
          break;
        case 'edges': {
          connection.rows = true;
          const edgeType = objectTypeOf(type.getFields()['edges']?.type);
          for (const below of this.#fieldsOf(same, edgeType, scope).values()) {
            if (below[0]?.name.value === 'node') rowNodes.push(...below);
            if (below[0]?.name.value === 'cursor') connection.cursors = true;
          }
          break;
        }
        case 'pageInfo':
          for (const below of this.#fieldsOf(same, named('PageInfo'), scope).values()) {
            const name = below[0]?.name.value;
            if (name === 'hasNextPage') connection.rows = connection.hasNextPage = true;
            if (name === 'startCursor' || name === 'endCursor') connection.rows = connection.cursors = true;
          }
          break;
        case 'totalCount':
          connection.totalCount = true;
          break;
        default:
      }
    }
    const nodeType = scope.schema.getType(shape.name) as GraphQLObjectType;
    return { level: this.#level(shape, rowNodes, nodeType, scope), connection };
  }

  #level(shape: EntityShape, nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): Level {
    const level: Level = { row: undefined as never, cells: [], joins: [] };
    level.row = this.#row(level, shape, 't', nodes, type, scope);
    return level;
  }

  #row(level: Level, shape: EntityShape, alias: string, nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): RowPlan {
    const row: RowPlan = { shape, alias, key: level.cells.push(() => `${alias}.id`) - 1, scalars: [], ones: [], manys: [] };
    const taken = new Set<string>();
    const takeScalar = (name: string): void => {
      const property = shape.properties.get(name);
      if (taken.has(name) || property?.kind !== 'scalar') return;
      taken.add(name);
      row.scalars.push({ column: property, cell: level.cells.push(cellOf(shape, alias, property)) - 1 });
    };
    for (const [responseKey, same] of this.#fieldsOf(nodes, type, scope)) {
      const [node] = same as [FieldNode];
      const name = node.name.value;
      const field = type.getFields()[name];
      const property = shape.properties.get(name);
      if (!field) continue; // __typename
      for (const needed of neededBy(field)) takeScalar(needed);
      if (property?.kind === 'scalar') takeScalar(name);
      if (property?.kind === 'to-one') {
        const target = this.#shape(property.target, shape, name);
        // Numbered within the level, so that equal selections give equal SQL in every document.
        const joined = `j${level.joins.length + 1}`;
        level.joins.push((viewer, bind) => {
          const visible = target.model.visibleTo(viewer)(joined, bind);
          return ` left join ${target.table} ${joined} on ${joined}.${property.other} = ${alias}.${property.own}${visible === 'true' ? '' : ` and (${visible})`}`;
        });
        const targetType = objectTypeOf(field.type);
        row.ones.push({ responseKey, row: this.#row(level, target, joined, same, targetType, scope) });
      }
      if (property?.kind === 'to-many') row.manys.push({ responseKey, many: this.#many(property, shape, field, same, scope) });
    }
    return row;
  }

  #many(relation: ToMany, parent: EntityShape, field: GraphQLField<unknown, unknown>, same: readonly FieldNode[], scope: Scope): ManyPlan {
    const target = this.#shape(relation.target, parent, field.name);
    const type = objectTypeOf(field.type);
    const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
    const argumentsOf: ManyPlan['argumentsOf'] = (variables) => getArgumentValues(field, same[0] as FieldNode, variables) as unknown as ListArgs;
    const { guarded } = parent.model;
    const guard = guarded?.properties.includes(field.name) ? { table: parent.table, visibleTo: guarded.visibleTo } : undefined;
    return isListType(nullable)
      ? { relation, level: this.#level(target, same, type, scope), connection: undefined, argumentsOf, guard }
      : { relation, ...this.#connection(target, same, type, scope), argumentsOf, guard };
  }

  #shape(name: string, parent: EntityShape, field: string): EntityShape {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`${parent.name}.${field}: ${name} has no read model`);
    return shape;
  }

  /** GraphQL's CollectFields over several nodes of one type: fields by response key, in order. */
  #fieldsOf(nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): Map<string, FieldNode[]> {
    const found: Found = { fields: new Map(), conditional: false };
    for (const node of nodes) if (node.selectionSet) collect(node.selectionSet, type, scope, found, new Set());
    if (found.conditional) this.#conditional = true;
    return found.fields;
  }
}

function collect(set: SelectionSetNode, type: GraphQLObjectType, scope: Scope, found: Found, seen: Set<string>): void {
  for (const selection of set.selections) {
    if (selection.directives?.length) {
      found.conditional = true;
      if (getDirectiveValues(GraphQLSkipDirective, selection, scope.variableValues)?.['if'] === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, selection, scope.variableValues)?.['if'] === false) continue;
    }
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      found.fields.set(key, [...(found.fields.get(key) ?? []), selection]);
      continue;
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? scope.fragments[selection.name.value] : selection;
    if (!fragment) continue;
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seen.has(selection.name.value)) continue;
      seen.add(selection.name.value);
    }
    const condition = fragment.typeCondition?.name.value;
    const conditionType = condition ? scope.schema.getType(condition) : type;
    const applies = !condition || condition === type.name || (conditionType && !isObjectType(conditionType));
    if (applies) collect(fragment.selectionSet, type, scope, found, seen);
  }
}

const objectTypeOf = (type: GraphQLOutputType | undefined): GraphQLObjectType => getNamedType(type as GraphQLOutputType) as GraphQLObjectType;

/** Columns that a computed field declares with `@Extensions({ needs: [...] })`. */
export const neededBy = (field: GraphQLField<unknown, unknown>): readonly string[] => (field.extensions['needs'] as string[] | undefined) ?? [];

function cellOf(shape: EntityShape, alias: string, property: ScalarColumn): Level['cells'][number] {
  const plain = `${alias}.${property.column}`;
  const { guarded } = shape.model;
  if (!guarded?.properties.includes(property.property)) return () => plain;
  return (viewer, bind) => {
    const visible = guarded.visibleTo(viewer)(alias, bind);
    return visible === 'true' ? plain : `case when ${visible} then ${plain} end`;
  };
}
