/**
 * The Model Context Protocol (https://modelcontextprotocol.io) over Streamable HTTP, by its official SDK, without
 * sessions: each request is whole, whatever process answers it. Loaded with the first request, since most servers get
 * none.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  InitializeRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { GraphQLSchema } from 'graphql';
import { version } from '../config/version.js';
import type { Context } from '../kernel/context.js';
import { isReader } from '../kernel/viewer.js';
import { type Calling, callTool, type ToolCall } from './call-tool.js';
import { readResource, resources, resourceTemplates } from './resources.js';
import type { Tool, ToolSet } from './tools.js';

export interface McpRequest {
  /** The request without its body. */
  request: Request;
  /** Its body: one JSON-RPC message. */
  message: unknown;
  context: Context;
  idempotencyHeader: string | string[] | undefined;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

export interface McpOptions extends Calling {
  tools: ToolSet;
  schema: () => GraphQLSchema;
}

const instructions =
  "Passerelle is a firm's back office: documents with their texts and approvals, invoices, bank transactions, " +
  'clients, interventions, appointments, reports and notifications. Every tool acts as one person and sees what that ' +
  'person sees. Lists come in pages: pass `pageInfo.endCursor` as `after` for the next one. Errors carry a `code`, ' +
  'and `fields` with all that is wrong in the arguments.';

/** What of each method's parameters the SDK would otherwise call an internal error. */
const checked = new Map(
  [CallToolRequestSchema, InitializeRequestSchema, ListResourcesRequestSchema, ReadResourceRequestSchema].map(
    (schema) => [schema.shape.method.value as string, schema] as const,
  ),
);

/** JSON schemas are checked by the graph: nothing here needs a validator of their own, which is slow to make. */
const noValidator = {
  getValidator: () => {
    throw new Error('This server asks clients nothing');
  },
};

const mostProblems = 5;

/** Answers one message; never resolves when the client has gone before. */
export async function answerMessage(asked: McpRequest, options: McpOptions): Promise<Response> {
  const { request, message, signal } = asked;
  const refusal = invalidParams(message);
  if (refusal) return refusal;
  const server = serverFor(asked, options);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const close = (): void => void server.close().catch(() => undefined);
  signal.addEventListener('abort', close);
  try {
    await server.connect(transport);
    return await transport.handleRequest(request, { parsedBody: message });
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

function invalidParams(message: unknown): Response | undefined {
  const { id, method } = (message ?? {}) as { id?: unknown; method?: unknown };
  if (id === undefined || typeof method !== 'string') return undefined;
  const { error } = checked.get(method)?.safeParse(message) ?? {};
  if (!error) return undefined;
  const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).slice(0, mostProblems);
  return Response.json({ jsonrpc: '2.0', id, error: { code: ErrorCode.InvalidParams, message: problems.join('; ') } });
}

function serverFor(
  { context, idempotencyHeader, signal }: McpRequest,
  { tools, schema, ...calling }: McpOptions,
): Server {
  const { viewer, log } = context;
  const server = new Server(
    { name: 'passerelle', title: 'Passerelle', version },
    { capabilities: { tools: {}, resources: {} }, instructions, jsonSchemaValidator: noValidator },
  );
  /** What is no answer of ours says nothing of its inside. */
  const guarded = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof McpError) throw error;
      log.error({ err: error }, 'a request of the Model Context Protocol failed');
      throw new McpError(ErrorCode.InternalError, 'Internal error');
    }
  };
  const call = (given: Pick<ToolCall, 'tool' | 'arguments' | 'maxResultBytes'>) =>
    callTool({ ...given, context, idempotencyHeader, signal }, calling);
  server.setRequestHandler(ListToolsRequestSchema, () =>
    guarded(() => ({ tools: tools.list(viewer).map(describeTool) })),
  );
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    guarded(async () => {
      const tool = tools.find(params.name);
      if (!tool) throw new McpError(ErrorCode.InvalidParams, 'There is no tool of this name');
      return call({ tool, arguments: params.arguments ?? {} });
    }),
  );
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: isReader(viewer) ? resources : [] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: isReader(viewer) ? resourceTemplates : [],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) =>
    guarded(async () => {
      const content = isReader(viewer) ? await readResource(uri, schema(), tools, call) : undefined;
      if (!content) throw new McpError(resourceNotFound, 'There is no such resource');
      return { contents: [content] };
    }),
  );
  return server;
}

/** The protocol's own code for it. */
const resourceNotFound = -32002;

const describeTool = ({ name, description, inputSchema, isReadOnly, isAdditive }: Tool) => ({
  name,
  description,
  inputSchema,
  annotations: {
    readOnlyHint: isReadOnly,
    ...(!isReadOnly && { destructiveHint: !isAdditive }),
    openWorldHint: false,
  },
});
