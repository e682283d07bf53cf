/** The answers of a route in the OpenAPI document: its success, and every status that it may be refused with. */
import { STATUS_CODES } from 'node:http';
import { getOperationAST } from 'graphql';
import { z } from 'zod';
import type { ZodOpenApiMediaTypeObject, ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import type { ErrorReason } from '../../lib/error-catalog.js';
import { Refusal, problemOf, statusOf } from './problem.js';
import { bodyTypesOf } from './request-body.js';
import type { Dialect, ProblemCode, Route } from './route.js';

/** A route's answers by status; those that several routes share stand once, among the components. */
export type AnswersOf = (route: Route) => ZodOpenApiResponsesObject;

export function answersOf(dialect: Dialect): AnswersOf {
  const refusals = new Map<number, ZodOpenApiResponseObject>();
  const refusal = (status: number): ZodOpenApiResponseObject => {
    const known = refusals.get(status) ?? refusalOf(status, dialect);
    refusals.set(status, known);
    return known;
  };
  const files = fileAnswers();
  const notModified = { id: 'NotModified', description: 'The client has it already: `If-None-Match`' };
  return (route) => {
    const statuses = [...new Set(problemsOf(route).map(({ code, reason }) => statusOf(dialect, code, reason)))];
    return {
      [successStatus(route)]: successOf(route, files),
      ...othersOf(route),
      ...(isFile(route) && { 206: files(route.produces ?? [], 206), 304: notModified }),
      ...Object.fromEntries(statuses.map((status) => [String(status), refusal(status)])),
    } as ZodOpenApiResponsesObject;
  };
}

const figure = (id: string, description: string) => z.int().min(0).optional().meta({ description, header: { id } });
/** On every answer while quotas are counted, but those that none counts. */
const rateLimitHeaders = z.object({
  'X-RateLimit-Limit': figure('RateLimitLimit', 'Of the quota with the fewest requests left'),
  'X-RateLimit-Remaining': figure('RateLimitRemaining', 'Requests left in its window'),
  'X-RateLimit-Reset': figure('RateLimitReset', 'When its window ends, in seconds since 1970'),
});
const refusedHeaders = rateLimitHeaders.extend({ 'Retry-After': figure('RetryAfter', 'Seconds to wait') });

/** Without content unless the route says what it answers. `2XX`: the answer itself decides. */
function successStatus(route: Route): string {
  const isEmpty = 'operation' in route && !route.response && !route.reply;
  return typeof route.status === 'function' ? '2XX' : String(route.status ?? (isEmpty ? 204 : 200));
}

function successOf(route: Route, files: FileAnswer) {
  const headers = route.quota === 'exempt' ? {} : { headers: rateLimitHeaders };
  const example = route.examples?.response;
  const status = successStatus(route);
  const description = STATUS_CODES[status] ?? 'Success';
  if (route.response)
    return {
      description,
      ...headers,
      content: { 'application/json': { schema: route.response, ...(example !== undefined && { example }) } },
    };
  if (route.produces?.length) return files(route.produces);
  return { description, ...headers };
}

/** The same shape of answer, under other statuses. */
function othersOf({ response: schema, alsoWithStatus = {} }: Route): Record<string, ZodOpenApiResponseObject> {
  if (!schema) return {};
  const answers = Object.entries(alsoWithStatus).map(([status, { description, example }]) => [
    status,
    { description, content: { 'application/json': { schema, example } } },
  ]);
  return Object.fromEntries(answers) as Record<string, ZodOpenApiResponseObject>;
}

/** Whether it sends a stored file, in parts and by its validators too. What is neither a text nor a zip is one. */
const isFile = ({ produces = [] }: Route): boolean =>
  produces.some((mediaType) => !mediaType.startsWith('text/') && mediaType !== 'application/zip');

type FileAnswer = (mediaTypes: readonly string[], status?: 200 | 206) => ZodOpenApiResponseObject;

/** Downloads of many types stand among the components. */
function fileAnswers(): FileAnswer {
  const made = new Map<string, ZodOpenApiResponseObject>();
  return (mediaTypes, status = 200) => {
    const key = `${status} ${mediaTypes.join()}`;
    const known = made.get(key);
    if (known) return known;
    const content = Object.fromEntries(mediaTypes.map((type) => [type, textOrBytes(type)]));
    const name = status === 206 ? 'FilePart' : 'File';
    const shared = [...made.values()].filter(({ id = '' }) => id.replace(/\d+$/, '') === name).length;
    const answer: ZodOpenApiResponseObject = {
      ...(mediaTypes.length > 1 && { id: `${name}${shared || ''}` }),
      description: status === 206 ? 'The part of the file that `Range` names' : 'The file',
      headers: rateLimitHeaders,
      content,
    };
    made.set(key, answer);
    return answer;
  };
}

/** Bytes have no schema, as OpenAPI 3.1 has it; a text shows what it looks like. */
const textOrBytes = (mediaType: string): ZodOpenApiMediaTypeObject =>
  mediaType.startsWith('text/') ? { schema: { type: 'string' }, example: textExamples[mediaType] ?? '' } : {};

const textExamples: Readonly<Record<string, string>> = {
  'text/html': '<!doctype html>\n<title>Passerelle</title>\n',
  'text/plain': '# HELP xcore_requests_total Total requests\n# TYPE xcore_requests_total counter\n',
};

/** The dialect's envelope of a status, with the example that is the most telling. */
function refusalOf(status: number, dialect: Dialect): ZodOpenApiResponseObject {
  const phrase = STATUS_CODES[status] ?? 'Failure';
  const example = envelopeOf(status, dialect);
  const { errorSchema } = dialect;
  // Of several envelopes the one that this status has.
  const options = errorSchema instanceof z.ZodUnion ? (errorSchema.options as z.ZodType[]) : [];
  const schema = options.find((option) => option.safeParse(example).success) ?? errorSchema;
  return {
    id: phrase.replaceAll(/[^A-Za-z]/g, ''),
    description: phrase,
    headers: [429, 503, 507].includes(status) ? refusedHeaders : rateLimitHeaders,
    content: { 'application/json': { schema, example } },
  };
}

function envelopeOf(status: number, dialect: Dialect): unknown {
  const { code, reason } = tellingProblems.find((each) => statusOf(dialect, each.code, each.reason) === status) ?? {
    code: 'INTERNAL_SERVER_ERROR',
  };
  const message = code.toLowerCase().replaceAll('_', ' ');
  const refused = { name: 'name', code: 'required', message: dialect.words.field('required') ?? 'Required' } as const;
  const details = code === 'RATE_LIMITED' || code === 'UNAVAILABLE' ? { retryAfterSeconds: 30 } : undefined;
  const fields = code === 'BAD_USER_INPUT' ? [refused] : [];
  const refusal = new Refusal(code, `${message[0]?.toUpperCase()}${message.slice(1)}`, {
    fields,
    ...(details && { details }),
    ...(reason && { reason }),
  });
  return dialect.toError({
    ...problemOf(refusal, dialect, 'req_8d3f5f1d4c0e4f6a9b1c2d3e4f506172'),
    timestamp: '2026-02-03T10:00:00Z',
  });
}

interface DocumentedProblem {
  code: ProblemCode;
  reason?: ErrorReason;
}

const noSpace: DocumentedProblem = { code: 'UNAVAILABLE', reason: 'files.no_space' };

/** Of several with one status the first is shown. */
const tellingProblems: readonly DocumentedProblem[] = [
  { code: 'BAD_USER_INPUT' },
  { code: 'UNAUTHENTICATED' },
  { code: 'NOT_FOUND' },
  { code: 'FORBIDDEN' },
  { code: 'CONFLICT' },
  { code: 'PAYLOAD_TOO_LARGE' },
  { code: 'UNSUPPORTED_MEDIA_TYPE' },
  { code: 'RANGE_NOT_SATISFIABLE' },
  { code: 'RATE_LIMITED' },
  { code: 'MALFORMED_REQUEST' },
  { code: 'UNAVAILABLE' },
  noSpace,
];

function problemsOf(route: Route): DocumentedProblem[] {
  const operation = 'operation' in route ? getOperationAST(route.operation)?.operation : undefined;
  const problems: DocumentedProblem[] = [{ code: 'MALFORMED_REQUEST' }];
  const when = (condition: unknown, ...added: ProblemCode[]): void =>
    void (condition && problems.push(...added.map((code) => ({ code }))));
  when(route.params || route.query || route.body || route.files, 'BAD_USER_INPUT');
  when(route.credential !== 'none' || operation === 'mutation', 'UNAUTHENTICATED');
  when(route.credential === 'required', 'FORBIDDEN');
  when(route.params, 'NOT_FOUND');
  when(isFile(route), 'RANGE_NOT_SATISFIABLE');
  when(operation === 'mutation' || route.method === 'post', 'CONFLICT');
  when(bodyTypesOf(route).length > 0, 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  when(route.quota !== 'exempt', 'RATE_LIMITED');
  when(true, 'INTERNAL_SERVER_ERROR');
  when(route.files || isFile(route) || route.mayBeUnavailable, 'UNAVAILABLE');
  // Of the files, or of the database.
  if (route.files || operation === 'mutation') problems.push(noSpace);
  return problems;
}
