import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphAdmission, Refusal } from '../graph/admission.js';
import type { Context } from '../kernel/context.js';
import { nobody } from '../kernel/viewer.js';
import { DomainError } from '../lib/errors.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { sendText } from '../lib/send-text.js';
import type { McpOptions } from '../mcp/protocol.js';
import { addressBehind } from '../quota/address.js';
import type { Site } from './csrf.js';
import { bodyLimitBytes } from './graphql-fast-path.js';
import type { ContextOf } from './request-context.js';
import { noteEndpoint, requestIdOf } from './requests.js';

export interface McpDoorOptions extends McpOptions {
  contextOf: ContextOf;
  site: Site;
  trustProxy: number;
}

export type McpDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The Model Context Protocol at `/mcp`. Each POST has one message and gets its answer; there are no sessions. */
export function mcpDoor({ contextOf, site, trustProxy, ...options }: McpDoorOptions): McpDoor {
  const { admission } = options;
  let protocol: Promise<typeof import('../mcp/protocol.js')> | undefined;
  const admit = async (response: ServerResponse, client: Parameters<GraphAdmission['admitRequest']>[0]) => {
    const admitted = await admission.admitRequest(client);
    for (const [name, value] of Object.entries(admitted.headers)) response.setHeader(name, value);
    return 'error' in admitted ? admitted : undefined;
  };
  return async (request, response) => {
    noteEndpoint(response, 'mcp');
    const refuse = refuserOf(request, response);
    if (isForeignPage(request.headers, site)) {
      return refuse(403, { code: 'FORBIDDEN', message: 'Pages of this origin may not ask: see CORS_ORIGINS' });
    }
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST, OPTIONS');
      if (request.method === 'OPTIONS') return void response.writeHead(204).end();
      return refuse(405, { code: 'BAD_REQUEST', message: 'Messages come by POST; there are no sessions and streams' });
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const context = await signedIn(() => contextOf(request, () => false, { signal: gone.signal }));
    const isRefused = 'problem' in context;
    // Whoever tries out credentials uses up what the address has.
    const client = isRefused ? { viewer: nobody, ip: addressBehind(request, trustProxy) } : context;
    const refusal = await admit(response, client);
    if (refusal) return refuse(refusal.status, problemOf(refusal));
    if (isRefused) {
      if (context.status === 401) response.setHeader('WWW-Authenticate', challengeOf(context.problem));
      return refuse(context.status, context.problem);
    }
    const body = await messageOf(request);
    if (!('message' in body)) return refuse(body.status, body.problem);
    protocol ??= import('../mcp/protocol.js');
    const { answerMessage } = await protocol;
    const answered = answerMessage(
      {
        request: asWebRequest(request),
        message: body.message,
        context,
        idempotencyHeader: request.headers['idempotency-key'],
        signal: gone.signal,
      },
      options,
    );
    const answer = await unlessGone(answered, gone.signal);
    if (!answer) return;
    response.statusCode = answer.status;
    sendText(request, response, answer.headers.get('content-type') ?? 'application/json', await answer.text());
  };
}

interface Problem {
  code: string;
  message: string;
  [more: string]: unknown;
}

interface Refused {
  status: number;
  problem: Problem;
}

/** JSON-RPC's code for what a server says itself; the graph's code stands in `data`. */
const serverError = -32000;
const parseError = -32700;
const invalidRequest = -32600;

const refuserOf =
  (request: IncomingMessage, response: ServerResponse) =>
  (status: number, { message, rpcCode = serverError, ...data }: Problem): void => {
    response.statusCode = status;
    const error = { code: rpcCode, message, data: { ...data, requestId: requestIdOf(request) } };
    sendText(request, response, 'application/json', JSON.stringify({ jsonrpc: '2.0', id: null, error }));
  };

const problemOf = ({ error: { message, extensions } }: Refusal): Problem => ({
  code: String(extensions['code']),
  message,
  ...extensions,
});

/**
 * A page whose name leads to this machine (DNS rebinding) sends its own origin, which is then also its host: only the
 * public address and the origins that are listed may ask, by name where a cookie comes along.
 */
function isForeignPage({ origin, cookie }: IncomingMessage['headers'], { publicUrl, cors }: Site): boolean {
  if (origin === undefined || origin === new URL(publicUrl).origin) return false;
  return !(cookie === undefined ? cors.admits(origin) : cors.trusts(origin));
}

/** The context of somebody signed in, or why there is none. */
async function signedIn(contextOf: () => Promise<Context>): Promise<Context | Refused> {
  try {
    const context = await contextOf();
    if (context.viewer.userId !== undefined) return context;
    return {
      status: 401,
      problem: { code: 'UNAUTHENTICATED', message: 'Send an API token or key: Authorization: Bearer …' },
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const status = error.code === 'UNAUTHENTICATED' ? 401 : 403;
    return { status, problem: { message: error.message, ...error.extensions, code: error.code } };
  }
}

/** RFC 6750, section 3: nothing is said of an error where no credential came. */
const challengeOf = ({ reason }: Problem): string =>
  `Bearer realm="passerelle"${reason === 'bad_credential' ? ', error="invalid_token"' : ''}`;

/** The body as one message, or what is wrong with it. */
async function messageOf(request: IncomingMessage): Promise<{ message: unknown } | Refused> {
  const problem = (status: number, message: string, rpcCode = serverError): Refused => ({
    status,
    problem: { code: status === 413 ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST', message, rpcCode },
  });
  if (request.headers['content-encoding'] !== undefined) return problem(415, 'The body must not be compressed');
  const bytes = await bodyOf(request);
  if (bytes === 'too large') return problem(413, 'The body is larger than 1 MiB');
  if (bytes === undefined) return problem(400, 'The body has no end', parseError);
  let message: unknown;
  try {
    message = JSON.parse(bytes.toString());
  } catch {
    return problem(400, 'The body is no JSON', parseError);
  }
  if (isDeeperThan(message, deepestJson)) return problem(400, `JSON nests at most ${deepestJson} levels`, parseError);
  if (Array.isArray(message)) return problem(400, 'Messages come one by one, not in batches', invalidRequest);
  return { message };
}

/** Undefined when the client has gone before its end. What is too large is left unread, so that it can be answered. */
function bodyOf(request: IncomingMessage): Promise<Buffer | 'too large' | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    request.on('data', (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes <= bodyLimitBytes) return void chunks.push(chunk);
      chunks.length = 0;
      resolve('too large');
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () => resolve(undefined));
    request.once('error', () => resolve(undefined));
  });
}

/** What the SDK asks of a request: its method and headers. */
function asWebRequest({ headers, method = 'POST' }: IncomingMessage): Request {
  const given = Object.entries(headers).filter(([name]) => !['authorization', 'cookie', 'x-api-key'].includes(name));
  return new Request('http://passerelle/mcp', {
    method,
    headers: given.map(([name, value]) => [name, String(value)] as [string, string]),
  });
}

function unlessGone<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  work.catch(() => undefined);
  return Promise.race([
    work,
    new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
  ]);
}
