import {
  concatAST,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  printError,
  separateOperations,
  Source,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import type { Logger } from 'pino';
import { assertWithinLimits } from '../graph/limits.js';
import type { LiveSchema } from '../graph/live-schema.js';
import type { Viewer } from '../kernel/viewer.js';
import { isBuilt } from '../lib/is-built.js';
import { memoized } from '../lib/memoized.js';
import { type ObjectSchema, schemaOfVariables } from './json-schema.js';

/** A text with named operations. Its fragments may be used in all texts of the same origin. */
export interface OperationSource {
  /** Where it is from, for messages. */
  name: string;
  text: string;
  /** Of operations that do not describe themselves. */
  description?: string;
}

/** A named operation of the graph, as a model is offered it. */
export interface Tool {
  /** `list_documents` for the operation `ListDocuments`. */
  name: string;
  description: string;
  inputSchema: ObjectSchema;
  isReadOnly: boolean;
  /** It only adds: nothing that is there is changed or lost. */
  isAdditive: boolean;
  schema: GraphQLSchema;
  /** The operation with the fragments that it uses. */
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string;
}

/** The argument of every tool that changes something, beside the operation's variables. */
export const idempotencyArgument = 'idempotencyKey';

/** The tools that the live schema serves: those of the core, and of plugins as long as they are served. */
export class ToolSet {
  readonly #live: LiveSchema;
  readonly #log: Logger;
  readonly #core: readonly OperationSource[];
  #plugins: readonly OperationSource[] = [];
  /** For the schema and the plugins that they were made for. */
  #made: { schema: GraphQLSchema; plugins: readonly OperationSource[]; tools: ReadonlyMap<string, Tool> } | undefined;

  /** Throws when the graph cannot serve one of the core's operations. */
  constructor(live: LiveSchema, core: readonly OperationSource[], log: Logger) {
    this.#live = live;
    this.#log = log;
    this.#core = core;
    const problems = isBuilt ? [] : problemsOf(live.current)(core);
    if (problems.length) throw new Error(`Tools that the graph cannot serve:\n${problems.join('\n\n')}`);
  }

  /**
   * Offers these of plugins beside the core's, in place of those before. Each text stands by itself. One whose name is
   * taken, or that the graph cannot serve, is left out and logged: what it is for goes on without it.
   */
  serve(plugins: readonly OperationSource[]): void {
    this.#plugins = plugins;
  }

  /** Those that the viewer may use, by name. */
  list(viewer: Viewer): Tool[] {
    return [...this.#tools().values()]
      .filter((tool) => tool.isReadOnly || mayChange(viewer))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }

  find(name: string): Tool | undefined {
    return this.#tools().get(name);
  }

  /** Made when they are asked for: what a schema does not serve vanishes, and comes back with one that does. */
  #tools(): ReadonlyMap<string, Tool> {
    const [schema, plugins] = [this.#live.current, this.#plugins];
    if (this.#made?.schema === schema && this.#made.plugins === plugins) return this.#made.tools;
    const all = new Map<string, Tool>();
    const problems: string[] = [];
    for (const sources of [this.#core, ...plugins.map((source) => [source])]) {
      const found = toolsOf(schema, sources);
      problems.push(...found.problems);
      for (const [name, tool] of found.tools)
        if (all.has(name)) problems.push(`${sources[0]?.name}: the name ${name} of a tool is taken`);
        else all.set(name, tool);
    }
    if (problems.length) this.#log.warn({ problems }, 'these operations are no tools now');
    this.#made = { schema, plugins, tools: all };
    return all;
  }
}

/** Changes need a token or a key that was given the scope: who only signed in gets what reads. */
export const mayChange = ({ credential, scopes }: Viewer): boolean =>
  (credential.kind === 'api_token' || credential.kind === 'api_key') && scopes.has('write');

const problemsOf = memoized((schema: GraphQLSchema) =>
  memoized((sources: readonly OperationSource[]) => toolsOf(schema, sources).problems),
);

const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);

/** The tools of the texts, and what is wrong with those that are not among them. */
export function toolsOf(
  schema: GraphQLSchema,
  sources: readonly OperationSource[],
): { tools: Map<string, Tool>; problems: string[] } {
  const tools = new Map<string, Tool>();
  const problems: string[] = [];
  const described = new Map<string, string>();
  const parsed = sources.flatMap(({ name, text, description }) => {
    try {
      const document = parse(new Source(text, name));
      for (const definition of document.definitions)
        if (description !== undefined && definition.kind === Kind.OPERATION_DEFINITION)
          described.set(definition.name?.value ?? '', description);
      return document;
    } catch (error) {
      problems.push(printError(error as never));
      return [];
    }
  });
  for (const [operationName, document] of Object.entries(separateOperations(concatAST(parsed)))) {
    try {
      const tool = toolOf(schema, operationName, document, described.get(operationName));
      if (tools.has(tool.name)) throw new Error('another operation has this name');
      tools.set(tool.name, tool);
    } catch (error) {
      problems.push(`${operationName || 'An operation'}: ${(error as Error).message}`);
    }
  }
  return { tools, problems };
}

/** Throws when the operation cannot be one. */
function toolOf(
  schema: GraphQLSchema,
  operationName: string,
  document: DocumentNode,
  elseDescribed: string | undefined,
): Tool {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION) as
    | OperationDefinitionNode
    | undefined;
  const description = operation?.description?.value || elseDescribed;
  if (!operation || !operationName) throw new Error('it needs a name');
  if (!description) throw new Error('it needs a description: models choose by it');
  if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw new Error('a tool cannot subscribe');
  const mistakes = validate(schema, document, rules);
  if (mistakes.length) throw new Error(mistakes.map(printError).join('\n'));
  assertWithinLimits(schema, document);
  const isReadOnly = operation.operation === OperationTypeNode.QUERY;
  const inputSchema = schemaOfVariables(schema, operation);
  if (!isReadOnly) inputSchema.properties[idempotencyArgument] = idempotencySchema;
  return {
    name: toolName(operationName),
    description: description.replace(/\s*\n\s*/g, ' ').trim(),
    inputSchema,
    isReadOnly,
    isAdditive: /^(?:add|comment|create|record|submit|mark|generate)/i.test(operationName),
    schema,
    document: withoutDescriptions(document),
    operation,
    operationName,
  };
}

const idempotencySchema = {
  type: 'string',
  pattern: '^[\\x21-\\x7e]{1,255}$',
  description:
    'Optional: any text of your own for this one change. A call that is repeated with the same text and arguments, ' +
    'after an answer that never came, makes the change once and gets the first answer.',
} as const;

/** `list_documents` for `ListDocuments`. */
const toolName = (operationName: string): string => operationName.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();

/** Descriptions are for models; what runs has none. */
const withoutDescriptions = (document: DocumentNode): DocumentNode =>
  visit(document, {
    OperationDefinition: (node) => ({ ...node, description: undefined }),
    VariableDefinition: (node) => ({ ...node, description: undefined }),
  });
