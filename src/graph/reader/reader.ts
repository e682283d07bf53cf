import type { GraphQLResolveInfo } from 'graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context, Reader, ReadOptions } from '../../kernel/context.js';
import { isKey, type ReadModel } from '../../kernel/read-model.js';
import type { Seek } from '../../kernel/seek.js';
import type { Viewer } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { memoized } from '../../lib/memoized.js';
import { isSerializable, type PlanCompiler } from './compile.js';
import { resolveComputed } from './computed.js';
import type { EntityShape } from './metadata.js';
import { NotSerializable } from './output/cell-serializer.js';
import { type Serializer, serializers, type SerializerFormat, toObjects } from './output/serializers.js';
import type { Plan } from './plan.js';
import type { ResultRow } from './result.js';
import { readByIds, type ReadKind, readList, type RunContext } from './run.js';
import { readSought } from './sought.js';
import type { ReadStatement } from './sql.js';

/** Where reads go: a mutation's payload must show what was just committed, which a replica may not have yet. */
export interface ReadSources {
  read: ReadStatement;
  readPrimary: ReadStatement;
  /** For what may take long: counts, searches. */
  readSlow: ReadStatement;
  /** For rows with texts of megabytes: behind it others wait that read such texts, and nothing else. */
  readLong: ReadStatement;
  /** The same from the primary. Default: `readPrimary`. */
  readLongPrimary?: ReadStatement;
  /** For counts, which may be a moment old in a query. */
  count: ReadStatement;
  /** For lists of `isShared` models. */
  readShared: ReadStatement;
  /** Is told of cells of rows that came inside of another row's cell. */
  countCells?: (cells: number) => void;
}

export interface PlannedReader extends Reader {
  /**
   * Gives the same rows as Serialized, for resolvers that return what they read as it is. Throws NotSerializable where
   * the plan can't write the answer. `context` is what computed fields are asked with.
   */
  serializing: (format: SerializerFormat, context: Context) => Reader;
}

/** A reader for one viewer. The compiler is shared by the whole process. */
export const makeReader = (compiler: PlanCompiler, viewer: Viewer, sources: ReadSources): PlannedReader =>
  new PlanReader(compiler, viewer, sources, toObjects);

class PlanReader implements PlannedReader {
  constructor(
    private readonly compiler: PlanCompiler,
    private readonly viewer: Viewer,
    private readonly sources: ReadSources,
    private readonly serializer: Serializer,
    /** What computed fields are asked with; undefined: they are left to graphql-js. */
    private readonly context?: Context,
  ) {}

  serializing(format: SerializerFormat, context: Context): Reader {
    return new PlanReader(this.compiler, this.viewer, this.sources, serializers[format], context);
  }

  async each<T extends object>(
    model: ReadModel,
    ids: readonly (number | string)[],
    info: GraphQLResolveInfo,
    { path = [], where }: ReadOptions = {},
  ): Promise<(T | undefined)[]> {
    const shape = this.#shapeOf(model);
    const possible = ids.filter((id) => isKey(String(id), shape.keyType));
    if (!possible.length) return ids.map(() => undefined);
    const plan = this.compiler.planFor(shape, info, path);
    if (plan.isOfInterface && this.serializer !== toObjects && !isSerializable(plan)) throw new NotSerializable();
    const result = await readByIds(plan, possible, where, this.#runContext(info));
    if (plan.level.hasComputed && this.context)
      await resolveComputed(plan.level, [result], { context: this.context, info });
    const rows = this.serializer.rows(plan, result) as T[];
    if (ids.length === 1) return [rows[0]];
    const keyCell = plan.level.projections[0]?.keyCell as number;
    const byId = new Map(result.rows.map((row, i) => [row[keyCell] as string, rows[i] as T]));
    return ids.map((id) => byId.get(String(id)));
  }

  async many<T extends object>(
    model: ReadModel,
    ids: readonly (number | string)[],
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T[]> {
    const rows = await this.each<T>(model, ids, info, options);
    return rows.filter((row) => row !== undefined);
  }

  async one<T extends object>(
    model: ReadModel,
    id: number | string,
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T | undefined> {
    return (await this.each<T>(model, [id], info, options))[0];
  }

  async must<T extends object>(
    model: ReadModel,
    id: number | string,
    info: GraphQLResolveInfo,
    options?: ReadOptions,
  ): Promise<T> {
    const row = await this.one<T>(model, id, info, options);
    if (!row) throw notFound(model.entity.name);
    return row;
  }

  async list<T extends object>(
    model: ReadModel,
    args: ListArgs,
    info: GraphQLResolveInfo,
    seek?: Seek,
  ): Promise<Connection<T>> {
    const plan = this.compiler.planFor(this.#shapeOf(model), info, []);
    const run = this.#runContext(info);
    const result = await (seek ? readSought(plan, args, seek, run) : readList(plan, args, run));
    if (plan.level.hasComputed && this.context)
      await resolveComputed(plan.level, [result], { context: this.context, info });
    const make = (): Connection<T> => this.serializer.connection(plan, result) as Connection<T>;
    // Objects are for resolvers, which may change them.
    return result.shared && this.context ? writtenOnce(result.shared, plan, this.serializer, make) : make();
  }

  #shapeOf({ entity }: ReadModel): EntityShape {
    const shape = this.compiler.shapes.get(entity.name);
    if (!shape) throw new Error(`${entity.name} has no read model`);
    return shape;
  }

  #runContext({ variableValues: variables, operation }: GraphQLResolveInfo): RunContext {
    const { viewer, sources } = this;
    return operation.operation === 'query'
      ? new QueryRun(viewer, variables, sources)
      : new ChangeRun(viewer, variables, sources);
  }
}

class QueryRun implements RunContext {
  constructor(
    readonly viewer: Viewer,
    readonly variables: RunContext['variables'],
    protected readonly sources: ReadSources,
  ) {}

  read(kind: ReadKind, text: string, values: readonly unknown[]): ReturnType<ReadStatement> {
    switch (kind) {
      case 'short':
        return this.sources.read(text, values);
      case 'slow':
        return this.sources.readSlow(text, values);
      case 'long':
        return this.sources.readLong(text, values);
      case 'count':
        return this.sources.count(text, values);
      case 'shared':
        return this.sources.readShared(text, values);
    }
  }

  countCells(cells: number): void {
    this.sources.countCells?.(cells);
  }
}

/** Reads all from the primary. */
class ChangeRun extends QueryRun {
  override read(kind: ReadKind, text: string, values: readonly unknown[]): ReturnType<ReadStatement> {
    return kind === 'long' && this.sources.readLongPrimary
      ? this.sources.readLongPrimary(text, values)
      : this.sources.readPrimary(text, values);
  }
}

/** What was written of shared rows, for each plan that reads them and each way to write it. */
const writtenOf = memoized((_rows: readonly ResultRow[]) => memoized((_plan: Plan) => new Map<Serializer, unknown>()));

/** What `make` makes of these rows, which is made once: their statement says which page it is. */
function writtenOnce<T>(rows: readonly ResultRow[], plan: Plan, serializer: Serializer, make: () => T): T {
  const bySerializer = writtenOf(rows)(plan);
  const known = bySerializer.get(serializer) ?? make();
  bySerializer.set(serializer, known);
  return known as T;
}
