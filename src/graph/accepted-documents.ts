import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { oversizedPart } from '../lib/input-size.js';
import { asksForSchema, costOf } from './limits.js';

type Variables = Record<string, unknown>;

/** One operation of a document that was accepted for the schema: parsed, valid and within the limits for documents. */
export class AcceptedOperation {
  readonly #costs = new Map<string, number>();
  readonly #costVariables: readonly string[];

  constructor(
    readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly operation: OperationDefinitionNode,
    /** Only signed-in people may run it. */
    readonly asksForSchema: boolean,
  ) {
    this.#costVariables = costVariables(schema, document);
  }

  /** Whether the variables are not too many and of their types. */
  fits(variables: Variables): boolean {
    if (oversizedPart(variables)) return false;
    const { variableDefinitions = [] } = this.operation;
    if (variableDefinitions.length === 0) return true;
    return !getVariableValues(this.schema, variableDefinitions, variables, { maxErrors: 1 }).errors;
  }

  /** As `costOf` for variables that fit, computed once for equal values of those that it depends on. */
  cost(variables: Variables): number {
    const compute = (): number => costOf(this.schema, this.document, variables, this.operation.name?.value);
    // Null is refused where an argument's default stands for what is absent, and the cost says so.
    if (Object.values(variables).includes(null)) return compute();
    const key = JSON.stringify(this.#costVariables.map((name) => variables[name] ?? null));
    const known = this.#costs.get(key);
    if (known !== undefined) return known;
    const cost = compute();
    if (this.#costs.size >= maxCosts) this.#costs.clear();
    if (key.length <= maxKeyLength) this.#costs.set(key, cost);
    return cost;
  }
}

const maxCosts = 50;
const maxKeyLength = 200;
const pageSizes: ReadonlySet<string> = new Set(['first', 'last']);

/**
 * The variables that a cost depends on: page sizes, conditions of `@skip` and `@include`, and all arguments of fields
 * with a cost function of their own.
 */
function costVariables(schema: GraphQLSchema, document: DocumentNode): string[] {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  const collect = (node: Parameters<typeof visit>[0]): void =>
    void visit(node, { Variable: ({ name }) => void names.add(name.value) });
  visit(
    document,
    visitWithTypeInfo(types, {
      Directive: (directive) => collect(directive),
      Field: (field) => {
        const hasOwnCost = typeof types.getFieldDef()?.extensions['complexity'] === 'function';
        for (const argument of field.arguments ?? [])
          if (hasOwnCost || pageSizes.has(argument.name.value)) collect(argument);
      },
    }),
  );
  return [...names];
}

/** Of the cached texts; their parsed forms take some hundred times as much memory. */
const maxTotalLength = 512 * 1024;
const maxLength = 32 * 1024;
const maxDocuments = 2000;

interface CachedDocument {
  document: DocumentNode;
  asksForSchema: boolean;
  operations: Map<string | undefined, AcceptedOperation>;
}

/** Documents that need no parsing and validation again, by their text. A schema that is swapped takes them with it. */
export class AcceptedDocuments {
  readonly #bySchema = new WeakMap<GraphQLSchema, LRUCache<string, CachedDocument>>();

  add(schema: GraphQLSchema, source: string, document: DocumentNode): void {
    const known =
      this.#bySchema.get(schema) ??
      new LRUCache<string, CachedDocument>({
        max: maxDocuments,
        maxSize: maxTotalLength,
        maxEntrySize: maxLength,
        sizeCalculation: (_document, text) => text.length,
      });
    this.#bySchema.set(schema, known);
    if (!known.has(source))
      known.set(source, {
        document,
        asksForSchema: asksForSchema(document),
        operations: new Map(),
      });
  }

  count(schema: GraphQLSchema): number {
    return this.#bySchema.get(schema)?.size ?? 0;
  }

  /** undefined when the document is not known, or has not exactly one operation of that name. */
  find(schema: GraphQLSchema, source: string, operationName: string | undefined): AcceptedOperation | undefined {
    const cached = this.#bySchema.get(schema)?.get(source);
    if (!cached) return undefined;
    const known = cached.operations.get(operationName);
    if (known) return known;
    const operation = getOperationAST(cached.document, operationName);
    if (!operation) return undefined;
    const found = new AcceptedOperation(schema, cached.document, operation, cached.asksForSchema);
    cached.operations.set(operationName, found);
    return found;
  }
}
