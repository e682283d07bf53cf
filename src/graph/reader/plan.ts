/**
 * Read plans: from a selection to SQL, and from the rows to the answer.
 *
 * - A *plan* is compiled once for a field of a parsed document (`compile.ts`). It knows nothing of a request: the
 *   viewer's predicates, arguments and variables are bound when it runs (`run.ts`), so that one plan serves everybody.
 * - A *level* is one SQL statement: the rows of one list, with the rows of their to-one relations joined in.
 * - A *projection* says where in a level's rows one object of the answer lies, for one place in the document. Several
 *   objects lie in one row when relations are joined in; `nodes` and `edges { node }` are two projections of one level.
 * - A *step* follows a relation from a projection. A to-one step stays in the level, a to-many step leads to a level of
 *   its own, which is read for all rows above it at once. Below a single row it is *inlined* into the row's own
 *   statement instead (`inline.ts`).
 * - A *cell* is one value of a row, as the text that PostgreSQL sent; cells are named by their index in the select
 *   list.
 * - A *computed field* has a resolver of its own, which is asked for each row once the rows are there (`computed.ts`).
 * - A *predicate* is a condition in SQL; a viewer's row policy is one (`kernel/read-model.ts`).
 * - A *prepared statement* is the SQL text of a level with its parameters, for one viewer and one set of arguments
 *   (`statement-cache.ts`).
 * - A *serializer* writes the answer from the rows of a plan (`output/`): as JSON, as values, or as the objects that
 *   resolvers get.
 */
import type { FieldNode } from 'graphql';
import type { ListArgs, PageInfo } from '../../kernel/connection.js';
import type { Bind, Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import type { ComputedField } from './computed.js';
import type { EntityShape, ScalarColumn, ToMany } from './metadata.js';
import type { CellSerializer } from './output/cell-serializer.js';
import type { StatementCache } from './statement-cache.js';

export interface Plan {
  level: Level;
  /** undefined: the rows themselves are asked for, not a page of them. */
  connection: ConnectionPlan | undefined;
  /** The field's type is an interface, so that an object must say which type it is. */
  isOfInterface: boolean;
}

/** A part of a statement that may depend on the viewer. */
export type ViewerSql = (viewer: Viewer, bind: Bind) => string;

export interface Level {
  shape: EntityShape;
  /** Of the level's own rows in SQL. Each depth has its own, since an inlined level stands inside the one above. */
  alias: string;
  depth: number;
  /** The select list. A guarded column depends on the viewer. */
  columns: ViewerSql[];
  /** Of them, those that may hold a text of megabytes. */
  longCells: Set<number>;
  joins: ViewerSql[];
  /** Whether its rows and those that are joined in are all of `isShared` models. */
  isShared: boolean;
  /** Of the level's own rows. */
  projections: Projection[];
  /** To the levels below, from all projections and from the rows that are joined in. */
  steps: ToManyStep[];
  /** Of its rows, and of those that are joined in. */
  computed: ComputedField[];
  /** Whether there are such fields at this depth or below. */
  hasComputed: boolean;
  /** Names of the variables that the arguments of the steps use, at any depth. */
  variables: string[];
  statements: StatementCache;
}

export interface Projection {
  /** The primary key's; null there means that the joined row is absent. */
  keyCell: number;
  /** For resolvers: every column that was asked for, or that a computed field needs. */
  scalars: { column: ScalarColumn; cell: number }[];
  toOne: ToOneStep[];
  toMany: { node: FieldNode; step: ToManyStep }[];
  output: Output<ObjectField>;
}

export interface ToOneStep {
  node: FieldNode;
  projection: Projection;
}

export interface ToManyStep {
  relation: ToMany;
  /** Where the parents' keys lie in the level above, and by which alias. */
  parent: { keyCell: number; alias: string; keyType: string };
  level: Level;
  /** undefined: a plain list, all rows, no arguments. */
  connection: ConnectionPlan | undefined;
  argumentsOf: (variables: Readonly<Record<string, unknown>>) => ListArgs;
  /** Of a relation that only some may see: the parents for whom it is shown. */
  guard: { table: string; visibleTo: (viewer: Viewer) => Predicate } | undefined;
}

/** What of a connection was asked for. */
export interface ConnectionPlan {
  /** Rows or cursors, in whichever direction. */
  needsRows: boolean;
  needsCursors: boolean;
  /** hasNextPage, which takes one more row of a page that is read forward. */
  needsNextPage: boolean;
  /** hasPreviousPage, which takes one more row of a page that is read backward. */
  needsPreviousPage: boolean;
  needsTotalCount: boolean;
  /** Whether the count is an estimate, which only a search of its own may tell (`sought.ts`). */
  needsIsEstimated: boolean;
  output: Output<ConnectionField>;
}

/** The fields of an object in the order of the answer; undefined when one of them can only come from graphql-js. */
export type Output<Field> = readonly OutputField<Field>[] | undefined;

/** `jsonKey` is the key in JSON with its colon, and with a comma before it unless the field is the first. */
export type OutputField<Field> = { key: string; jsonKey: string } & (
  | Field
  | { kind: 'constant'; value: string; json: string }
);

/** A serializer gives up where `isRequired` and the database has null: graphql-js then says what is wrong. */
export type ObjectField =
  | { kind: 'scalar'; cell: number; isRequired: boolean; serializer: CellSerializer }
  | { kind: 'node-id'; cell: number; type: string }
  | { kind: 'to-one'; projection: Projection; isRequired: boolean }
  | { kind: 'to-many'; step: ToManyStep }
  | { kind: 'computed'; computed: ComputedField };

export type EdgeField = { kind: 'cursor' } | { kind: 'node'; projection: Projection };

export type PageInfoField = { kind: 'page-info'; property: keyof PageInfo };

export type ConnectionField =
  | { kind: 'nodes'; projection: Projection }
  | { kind: 'edges'; fields: readonly OutputField<EdgeField>[] }
  | { kind: 'pageInfo'; fields: readonly OutputField<PageInfoField>[] }
  | { kind: 'totalCount' }
  | { kind: 'isEstimated' };
