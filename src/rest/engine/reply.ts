import { STATUS_CODES } from 'node:http';
import { boundedText } from '../../lib/answer-size.js';
import { sendText } from '../../lib/send-text.js';
import { sendArchive } from './archive.js';
import { sendFile } from './download.js';
import type { Exchange } from './exchange.js';
import { problemOf, Refusal, refusalOfError } from './problem.js';
import type { Problem, Reply, Route } from './route.js';
import { sendStream } from './stream.js';
import { jsonPieces } from './written-json.js';

export const hasContent = ({ json, html, text, file, archive, stream }: Reply): boolean =>
  [json, html, text, file, archive, stream].some((part) => part !== undefined);

/**
 * The dialect's answer to whatever was thrown. A defect of the server is logged and answered without its message; a
 * refusal isn't logged. Never throws.
 */
export function problemReply(error: unknown, exchange: Exchange): Reply {
  const { request, dialect, engine, route } = exchange;
  const refusal = refusalOfError(error, dialect, route && 'operation' in route ? route.fields : {});
  if (!refusal) logDefect(error, exchange);
  const problem = problemOf(
    refusal ?? new Refusal('INTERNAL_SERVER_ERROR', 'Internal server error'),
    dialect,
    engine.requestId(request),
  );
  try {
    const reply = (exchange.raw && route?.onProblem?.(problem, exchange.raw)) ?? { json: dialect.toError(problem) };
    return { status: problem.status, ...reply, headers: { ...problemHeaders(problem), ...reply.headers } };
  } catch (defect) {
    logDefect(defect, exchange);
    return { status: 500, text: STATUS_CODES[500] as string };
  }
}

function problemHeaders({ status, reason, details }: Problem): Record<string, string> {
  return {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(reason === 'two_factor_required' && { 'X-2FA-Required': 'true' }),
    ...(typeof details?.['retryAfterSeconds'] === 'number' && { 'Retry-After': String(details['retryAfterSeconds']) }),
  };
}

/**
 * Sends the reply, with the headers that every answer has. Resolves when it is out or the client has gone. Rejects when
 * a file can't be read, or the answer is larger than one may be; when part of an answer is out already, the connection
 * is closed instead.
 */
export async function send(reply: Reply, { request, response, engine, route }: Exchange): Promise<void> {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  // Left by a download that failed before its first byte.
  for (const name of ['Content-Length', 'Content-Disposition', 'Content-Type', 'ETag']) response.removeHeader(name);
  for (const [name, value] of Object.entries(deprecationHeaders(route))) response.setHeader(name, value);
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    // The answer varies by origin, too.
    if (name === 'Vary') response.appendHeader(name, value);
    else response.setHeader(name, value);
  response.setHeader('X-Request-Id', response.getHeader('X-Request-Id') ?? engine.requestId(request));
  if (reply.file) return sendFile(request, response, reply.file, engine.store);
  if (reply.archive) return sendArchive(request, response, reply.archive, engine.store);
  if (reply.stream) return sendStream(request, response, reply.stream);

  // Answers are for one person, and some carry tokens.
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.statusCode = reply.status ?? (hasContent(reply) ? 200 : 204);
  if (reply.json !== undefined)
    sendText(request, response, 'application/json; charset=utf-8', boundedText(jsonPieces(reply.json)));
  else if (reply.html !== undefined) sendText(request, response, 'text/html; charset=utf-8', reply.html);
  else if (reply.text !== undefined) sendText(request, response, 'text/plain; charset=utf-8', reply.text);
  else response.end();
}

/** `Deprecation` by RFC 9745, `Sunset` by RFC 8594. */
function deprecationHeaders(route: Route | undefined): Record<string, string> {
  if (!route?.deprecated) return {};
  const { since, sunset } = route.deprecated;
  return {
    'X-API-Deprecated': 'true',
    Deprecation: `@${Date.parse(`${since}T00:00:00Z`) / 1000}`,
    Sunset: new Date(`${sunset}T00:00:00Z`).toUTCString(),
  };
}

function logDefect(error: unknown, { request, engine, dialect, route }: Exchange): void {
  const [only, second] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const err = only !== undefined && second === undefined ? only : error;
  engine.log.error(
    {
      err,
      requestId: engine.requestId(request),
      dialect: dialect.name,
      route: route && `${route.method.toUpperCase()} ${route.path}`,
    },
    'A REST request failed',
  );
}
