/**
 * Read plans: from a selection to SQL, and from its rows to the answer.
 *
 * - A *plan* is compiled once for a field of a parsed document. It holds the static part: columns, joins, levels.
 * - A *level* is one SQL statement: the rows of one list, with the to-one relations below them joined in. Each to-many
 *   relation below a level is a level of its own, fetched for all parents at once; below a single row it is folded into
 *   the row's own statement.
 * - A *row plan* says where in a level's cells one object lies, for one place in the document that selects from it:
 *   several objects come from one line when relations are joined in, and `nodes` and `edges { node }` look at the same
 *   lines in two ways.
 *
 * Plans know nothing of a request: the viewer's policies, arguments and variables are bound when a plan runs, so one
 * plan serves everybody.
 */
import {
  defaultFieldResolver,
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
  visit,
} from 'graphql';
import type { ListArgs, PageInfo } from '../../kernel/connection.js';
import type { Bind, Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import type { EntityShape, EntityShapes, ScalarColumn, ToMany, ToOne } from './metadata.js';
import { type CellWriter, cellWriter } from './output/cell-serializer.js';
import { fromPlan } from './output/objects.js';

/** A field of the answer: its key, the same in JSON with the comma before it, and what follows. */
export type Written<Value> = { key: string; name: string } & (
  | Value
  | { kind: 'constant'; value: string; json: string }
);

/** Where graphql-js would not take a null, writing gives up and leaves the operation to it. */
type RowField =
  | { kind: 'cell'; cell: number; required: boolean; write: CellWriter }
  | { kind: 'one'; row: RowPlan; required: boolean }
  | { kind: 'many'; many: ManyPlan };

export type EdgeField = { kind: 'cursor' } | { kind: 'node'; row: RowPlan };
type PageInfoField = { kind: 'fact'; fact: keyof PageInfo };
type ConnectionField =
  | { kind: 'nodes'; row: RowPlan }
  | { kind: 'edges'; fields: readonly Written<EdgeField>[] }
  | { kind: 'pageInfo'; fields: readonly Written<PageInfoField>[] }
  | { kind: 'totalCount' };

/** undefined: something was selected that only a resolver can answer. */
type WholeText<Field> = readonly Written<Field>[] | undefined;

export interface RowPlan {
  /** Index of the primary key among the level's cells; a null there means that the joined row is absent. */
  key: number;
  /** What resolvers get: every column that was asked for, or that a computed field needs. */
  scalars: { column: ScalarColumn; cell: number }[];
  ones: { node: FieldNode; row: RowPlan }[];
  manys: { node: FieldNode; many: ManyPlan }[];
  text: WholeText<RowField>;
}

type Sql = (viewer: Viewer, bind: Bind) => string;

export interface Level {
  shape: EntityShape;
  /** Of the level's own rows in SQL. Each depth has its own, since a folded level stands inside the one above. */
  alias: string;
  depth: number;
  /** Select list; a column that is guarded depends on the viewer. */
  cells: Sql[];
  joins: Sql[];
  /** The places in the document that select from these rows. */
  rows: RowPlan[];
  /** The levels below, of all those places and of the rows joined in. */
  manys: ManyPlan[];
  /** Names of the variables that the lists below are asked with. */
  variables: string[];
  /** The SQL texts of the level, and what was written for a viewer by question: see `run-plan.ts`. */
  texts: Map<string, string>;
  remembers: WeakMap<Viewer, Map<string, unknown>>;
  /** While compiling: what the cells and joins hold, so that places share them. */
  taken: { cells: Map<string, number>; joins: Map<string, string> };
}

/** What of a connection was asked for. */
export interface ConnectionPlan {
  rows: boolean;
  cursors: boolean;
  hasNextPage: boolean;
  totalCount: boolean;
  text: WholeText<ConnectionField>;
}

export interface ManyPlan {
  relation: ToMany;
  /** Where the parents' keys lie among the cells of the level above, and by which alias. */
  parent: { key: number; alias: string; keyType: string };
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
export type Scope = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;
/** What a plan is compiled for: a field with what is selected below it. */
export type PlannedField = Scope & Pick<GraphQLResolveInfo, 'fieldNodes' | 'returnType'>;
type Found = { fields: Map<string, FieldNode[]>; conditional: boolean };

export class PlanCompiler {
  /** By document field; a schema that was swapped out takes its plans with it. */
  readonly #plans = new WeakMap<object, WeakMap<FieldNode, Map<string, Plan>>>();
  #conditional = false;

  constructor(readonly shapes: EntityShapes) {}

  /** The plan for what a field selects, below `path`; compiled on first use. */
  planFor(shape: EntityShape, info: PlannedField, path: readonly string[]): Plan {
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

  /** Whether the plan of a field can write its whole answer, for any variables. There must be no directives in the document. */
  canWrite(field: PlannedField): boolean {
    const type = getNamedType(field.returnType);
    const shape = this.shapes.get(type.name) ?? this.#nodeShape(type);
    return shape !== undefined && isWritable(this.planFor(shape, field, []));
  }

  #nodeShape(type: ReturnType<typeof getNamedType>): EntityShape | undefined {
    const nodes = isObjectType(type) ? type.getFields()['nodes'] : undefined;
    return nodes && this.shapes.get(getNamedType(nodes.type).name);
  }

  #compile(shape: EntityShape, info: PlannedField, path: readonly string[]): Plan {
    let type = objectTypeOf(info.returnType);
    let nodes: readonly FieldNode[] = info.fieldNodes;
    for (const step of path) {
      const below = this.#fieldsOf(nodes, type, info);
      nodes = [...below.values()].filter((n) => n[0]?.name.value === step).flat();
      type = objectTypeOf(type.getFields()[step]?.type);
    }
    const level = emptyLevel(shape, 0);
    if (type.name !== shape.name) return { level, connection: this.#connection(level, nodes, type, info) };
    this.#select(level, nodes, type, info);
    return { level, connection: undefined };
  }

  #connection(level: Level, nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): ConnectionPlan {
    const connection: ConnectionPlan = {
      rows: false,
      cursors: false,
      hasNextPage: false,
      totalCount: false,
      text: undefined,
    };
    const rowType = scope.schema.getType(level.shape.name) as GraphQLObjectType;
    connection.text = this.#texts<ConnectionField>(nodes, type, scope, (field, same) => {
      switch (field.name) {
        case 'nodes':
          connection.rows = true;
          return { kind: 'nodes', row: this.#select(level, same, rowType, scope) };
        case 'edges': {
          connection.rows = true;
          const fields = this.#texts<EdgeField>(same, objectTypeOf(field.type), scope, ({ name }, below) => {
            if (name === 'node') return { kind: 'node', row: this.#select(level, below, rowType, scope) };
            if (name !== 'cursor') return undefined;
            connection.cursors = true;
            return { kind: 'cursor' };
          });
          return fields && { kind: 'edges', fields };
        }
        case 'pageInfo': {
          const fields = this.#texts<PageInfoField>(same, objectTypeOf(field.type), scope, ({ name }) => {
            if (name === 'hasNextPage') connection.rows = connection.hasNextPage = true;
            else if (name === 'startCursor' || name === 'endCursor') connection.rows = connection.cursors = true;
            else if (name !== 'hasPreviousPage') return undefined;
            return { kind: 'fact', fact: name };
          });
          return fields && { kind: 'pageInfo', fields };
        }
        case 'totalCount':
          connection.totalCount = true;
          return { kind: 'totalCount' };
        default:
          return undefined;
      }
    });
    // Every page has rows to look at, so that only one place has to know how a list is read.
    if (connection.rows && level.rows.length === 0) this.#select(level, [], rowType, scope);
    return connection;
  }

  /** Adds a place that selects from a level's own rows. */
  #select(level: Level, nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): RowPlan {
    const row = this.#row(level, level.shape, level.alias, nodes, type, scope);
    level.rows.push(row);
    return row;
  }

  #row(
    level: Level,
    shape: EntityShape,
    alias: string,
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
    scope: Scope,
  ): RowPlan {
    const row: RowPlan = {
      key: takeCell(level, `${alias}.id`, () => `${alias}.id`),
      scalars: [],
      ones: [],
      manys: [],
      text: undefined,
    };
    const taken = new Map<string, number>();
    const takeScalar = (name: string): { column: ScalarColumn; cell: number } | undefined => {
      const column = shape.properties.get(name);
      if (column?.kind !== 'scalar') return undefined;
      const cell =
        taken.get(name) ?? takeCell(level, `${alias}.${column.column} ${name}`, cellOf(shape, alias, column));
      if (!taken.has(name)) row.scalars.push({ column, cell });
      taken.set(name, cell);
      return { column, cell };
    };
    row.text = this.#texts<RowField>(nodes, type, scope, (field, same) => {
      for (const needed of neededBy(field)) takeScalar(needed);
      const property = shape.properties.get(field.name);
      const required = isNonNullType(field.type);
      const [node] = same as [FieldNode];
      switch (property?.kind) {
        case 'scalar': {
          const { column, cell } = takeScalar(field.name) as { column: ScalarColumn; cell: number };
          const write = cellWriter(field.type, column);
          return write && { kind: 'cell', cell, required, write };
        }
        case 'to-one': {
          const target = this.#shape(property.target, shape, field.name);
          const below = this.#row(
            level,
            target,
            join(level, alias, field.name, property, target),
            same,
            objectTypeOf(field.type),
            scope,
          );
          row.ones.push({ node, row: below });
          return { kind: 'one', row: below, required };
        }
        case 'to-many': {
          const many = this.#many(
            {
              relation: property,
              shape,
              parent: { key: row.key, alias, keyType: shape.keyType },
              depth: level.depth + 1,
            },
            field,
            same,
            scope,
          );
          row.manys.push({ node, many });
          level.manys.push(many);
          level.variables.push(...variablesIn(node), ...many.level.variables);
          return { kind: 'many', many };
        }
        default:
          return undefined;
      }
    });
    return row;
  }

  #many(
    {
      relation,
      shape,
      parent,
      depth,
    }: { relation: ToMany; shape: EntityShape; parent: ManyPlan['parent']; depth: number },
    field: GraphQLField<unknown, unknown>,
    same: readonly FieldNode[],
    scope: Scope,
  ): ManyPlan {
    const level = emptyLevel(this.#shape(relation.target, shape, field.name), depth);
    const type = objectTypeOf(field.type);
    const nullable = isNonNullType(field.type) ? field.type.ofType : field.type;
    const argumentsOf: ManyPlan['argumentsOf'] = (variables) =>
      getArgumentValues(field, same[0] as FieldNode, variables) as unknown as ListArgs;
    const { guarded } = shape.model;
    const guard = guarded?.properties.includes(field.name)
      ? { table: shape.table, visibleTo: guarded.visibleTo }
      : undefined;
    const connection = isListType(nullable) ? undefined : this.#connection(level, same, type, scope);
    if (!connection) this.#select(level, same, type, scope);
    return { relation, parent, level, connection, argumentsOf, guard };
  }

  #shape(name: string, parent: EntityShape, field: string): EntityShape {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`${parent.name}.${field}: ${name} has no read model`);
    return shape;
  }

  /** Visits the selected fields in the order of the answer; undefined when one of them can't be written. */
  #texts<Value>(
    nodes: readonly FieldNode[],
    type: GraphQLObjectType,
    scope: Scope,
    visit: (field: GraphQLField<unknown, unknown>, same: readonly FieldNode[]) => Value | undefined,
  ): WholeText<Value> {
    const texts: Written<Value>[] = [];
    let isWhole = true;
    for (const [key, same] of this.#fieldsOf(nodes, type, scope)) {
      const name = `${texts.length ? ',' : ''}"${key}":`;
      const field = type.getFields()[same[0]?.name.value as string];
      if (!field) {
        texts.push({ key, name, kind: 'constant', value: type.name, json: `"${type.name}"` }); // __typename
        continue;
      }
      const value = visit(field, same);
      if (value && !hasOwnResolver(field)) texts.push({ key, name, ...value });
      else isWhole = false;
    }
    return isWhole ? texts : undefined;
  }

  /** GraphQL's CollectFields over several nodes of one type: fields by response key, in order. */
  #fieldsOf(nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): Map<string, FieldNode[]> {
    const found: Found = { fields: new Map(), conditional: false };
    for (const node of nodes) if (node.selectionSet) collect(node.selectionSet, type, scope, found, new Set());
    if (found.conditional) this.#conditional = true;
    return found.fields;
  }
}

const emptyLevel = (shape: EntityShape, depth: number): Level => ({
  shape,
  depth,
  alias: depth ? `t${depth}` : 't',
  cells: [],
  joins: [],
  rows: [],
  manys: [],
  variables: [],
  texts: new Map(),
  remembers: new WeakMap(),
  taken: { cells: new Map(), joins: new Map() },
});

/** The index of a cell; places that ask for the same one share it. */
function takeCell(level: Level, what: string, sql: Sql): number {
  const index = level.taken.cells.get(what) ?? level.cells.push(sql) - 1;
  level.taken.cells.set(what, index);
  return index;
}

/** The alias of a row that is joined in, which places share likewise. */
function join(level: Level, alias: string, property: string, { own, other }: ToOne, target: EntityShape): string {
  const what = `${alias} ${property}`;
  const known = level.taken.joins.get(what);
  if (known) return known;
  // Numbered within the level, so that equal selections give equal SQL in every document.
  const joined = `${level.alias}j${level.joins.length + 1}`;
  level.taken.joins.set(what, joined);
  level.joins.push((viewer, bind) => {
    const visible = target.model.visibleTo(viewer)(joined, bind);
    return ` left join ${target.table} ${joined} on ${joined}.${other} = ${alias}.${own}${visible === 'true' ? '' : ` and (${visible})`}`;
  });
  return joined;
}

const isWritable = ({ level, connection }: Pick<Plan, 'level' | 'connection'>): boolean =>
  (!connection || connection.text !== undefined) && level.rows.every(isWritableRow) && level.manys.every(isWritable);

const isWritableRow = ({ text, ones }: RowPlan): boolean =>
  text !== undefined && ones.every(({ row }) => isWritableRow(row));

/** A relation's resolver hands out what the plan fetched; any other one makes an answer of its own. */
const hasOwnResolver = ({ resolve }: GraphQLField<unknown, unknown>): boolean =>
  resolve !== undefined && resolve !== defaultFieldResolver && resolve !== fromPlan;

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

const objectTypeOf = (type: GraphQLOutputType | undefined): GraphQLObjectType =>
  getNamedType(type as GraphQLOutputType) as GraphQLObjectType;

function variablesIn({ arguments: given = [] }: FieldNode): string[] {
  const names: string[] = [];
  for (const { value } of given) visit(value, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}

/** Columns that a computed field declares with `@Extensions({ needs: [...] })`. */
export const neededBy = (field: GraphQLField<unknown, unknown>): readonly string[] =>
  (field.extensions['needs'] as string[] | undefined) ?? [];

function cellOf(shape: EntityShape, alias: string, property: ScalarColumn): Level['cells'][number] {
  const plain = `${alias}.${property.column}`;
  const { guarded } = shape.model;
  if (!guarded?.properties.includes(property.property)) return () => plain;
  return (viewer, bind) => {
    const visible = guarded.visibleTo(viewer)(alias, bind);
    return visible === 'true' ? plain : `case when ${visible} then ${plain} end`;
  };
}
