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
import { asksForSchema, costOf } from './limits.js';

type Variables = Record<string, unknown>;

/** One operation of a document that was found good for the schema: parsed, valid and within the limits that hold for all. */
export class AcceptedOperation {
  readonly #costs = new Map<string, number>();
  readonly #weighing: readonly string[];

  constructor(
    readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly operation: OperationDefinitionNode,
    /** Only signed-in people may run it. */
    readonly asksForSchema: boolean,
  ) {
    this.#weighing = weighingVariables(schema, document);
  }

  /** Whether the variables are of their types. */
  fits(variables: Variables): boolean {
    const { variableDefinitions = [] } = this.operation;
    return variableDefinitions.length === 0 || !getVariableValues(this.schema, variableDefinitions, variables).errors;
  }

  /** What `costOf` says for variables that fit, worked out once for those of them that it depends on. */
  cost(variables: Variables): number {
    const work = (): number => costOf(this.schema, this.document, variables, this.operation.name?.value);
    // Null is refused where an argument's default stands for what is absent, and the cost says so.
    if (Object.values(variables).includes(null)) return work();
    const key = JSON.stringify(this.#weighing.map((name) => variables[name] ?? null));
    const known = this.#costs.get(key);
    if (known !== undefined) return known;
    const cost = work();
    if (this.#costs.size >= maxCosts) this.#costs.clear();
    if (key.length <= maxKeyLength) this.#costs.set(key, cost);
    return cost;
  }
}

const maxCosts = 50;
const maxKeyLength = 200;

/** The variables that a cost depends on: page sizes, conditions of `@skip` and `@include`, and all of fields that weigh their arguments. */
function weighingVariables(schema: GraphQLSchema, document: DocumentNode): string[] {
  const names = new Set<string>();
  const types = new TypeInfo(schema);
  const note = (node: Parameters<typeof visit>[0]): void =>
    void visit(node, { Variable: ({ name }) => void names.add(name.value) });
  visit(
    document,
    visitWithTypeInfo(types, {
      Directive: (directive) => note(directive),
      Field: (field) => {
        const weighsAll = typeof types.getFieldDef()?.extensions['complexity'] === 'function';
        for (const argument of field.arguments ?? []) if (weighsAll || argument.name.value === 'first') note(argument);
      },
    }),
  );
  return [...names];
}

/** Of the texts that are kept: their parsed forms take some hundred times as much. */
const maxTotalLength = 512 * 1024;
const maxLength = 32 * 1024;
const maxDocuments = 2000;

interface Kept {
  document: DocumentNode;
  asksForSchema: boolean;
  operations: Map<string | undefined, AcceptedOperation>;
}

/** Operations that need no second look, by the text that they came as. A schema that is swapped takes them with it. */
export class AcceptedDocuments {
  readonly #bySchema = new WeakMap<GraphQLSchema, LRUCache<string, Kept>>();

  add(schema: GraphQLSchema, source: string, document: DocumentNode): void {
    const known =
      this.#bySchema.get(schema) ??
      new LRUCache<string, Kept>({
        max: maxDocuments,
        maxSize: maxTotalLength,
        maxEntrySize: maxLength,
        sizeCalculation: (_kept, text) => text.length,
      });
    this.#bySchema.set(schema, known);
    if (!known.has(source))
      known.set(source, {
        document,
        asksForSchema: asksForSchema(document),
        operations: new Map(),
      });
  }

  /** Undefined when the document is not known, or does not say which operation is meant. */
  find(schema: GraphQLSchema, source: string, operationName: string | undefined): AcceptedOperation | undefined {
    const kept = this.#bySchema.get(schema)?.get(source);
    if (!kept) return undefined;
    const known = kept.operations.get(operationName);
    if (known) return known;
    const operation = getOperationAST(kept.document, operationName);
    if (!operation) return undefined;
    const found = new AcceptedOperation(schema, kept.document, operation, kept.asksForSchema);
    kept.operations.set(operationName, found);
    return found;
  }
}
