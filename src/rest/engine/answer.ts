import type { Engine } from './engine.js';
import type { RouteExchange } from './exchange.js';
import { executionOf } from './prepare.js';
import { causeOf, Refusal, refusalOfResult } from './problem.js';
import { hasContent } from './reply.js';
import type { AnswerRoute, OperationRoute, Reply, Route, RouteInput } from './route.js';

/** Answers a parsed request. Throws a Refusal for what the graph turns down, anything else for a defect. */
export function answerRoute(exchange: RouteExchange, input: RouteInput, context: object): Promise<Reply> {
  const { route, engine } = exchange;
  return 'operation' in route
    ? answerByOperation(exchange, route, input, context)
    : answerDirectly(route, input, context, engine);
}

async function answerByOperation(
  { engine, dialect, prepared }: RouteExchange,
  route: OperationRoute,
  input: RouteInput,
  context: object,
): Promise<Reply> {
  if (!prepared.execution) throw new Error('An operation that was not prepared');
  const { execution } = prepared;
  const variables = await route.toVariables(input, context);
  const run = async (changes: Record<string, unknown> = {}): Promise<unknown> => {
    const given = { ...variables, ...changes };
    const result = await engine.execute({ document: route.operation, ...execution, variables: given, context });
    if (!result.errors?.length) return result.data;
    const refusal = refusalOfResult(result, { dialect, route, schema: engine.schema(), variables: given });
    throw refusal ?? new AggregateError(result.errors.map(causeOf), 'The operation failed');
  };
  const data = await run().catch(async (error: unknown) => {
    throw isStale(error) ? await withCurrent(error, engine, route, input, context) : error;
  });
  const status = typeof route.status === 'function' ? route.status(data, input) : route.status;
  if (route.reply) return completed(route.reply(data, input, run), route, status, engine);
  if (!route.toResponse) return { status: status ?? 204 };
  const json = await route.toResponse(data, input, context);
  validateResponse(json, route, engine);
  return { status: status ?? 200, json };
}

const isStale = (error: unknown): error is Refusal =>
  error instanceof Refusal && error.options.reason === 'stale_version';

/** The refusal of an old version, with what the route's `current` answers now; as it is when that cannot be read. */
async function withCurrent(
  refusal: Refusal,
  engine: Engine,
  { current }: OperationRoute,
  input: RouteInput,
  context: object,
): Promise<Refusal> {
  const execution = current && executionOf(current);
  if (!current || !('operation' in current) || !current.toResponse || !execution) return refusal;
  const variables = await current.toVariables(input, context);
  const result = await engine.execute({ document: current.operation, ...execution, variables, context });
  if (result.errors?.length) return refusal;
  const { code, message, options } = refusal;
  const details = { ...options.details, current: await current.toResponse(result.data, input, context) };
  return new Refusal(code, message, { ...options, details });
}

async function answerDirectly(route: AnswerRoute, input: RouteInput, context: object, engine: Engine): Promise<Reply> {
  return completed(await route.answer(input, context), route, route.status, engine);
}

/** The reply with its status: its own, else the route's, else 200 or 204. */
function completed(reply: Reply, route: Route, routeStatus: number | undefined, engine: Engine): Reply {
  if (reply.json !== undefined) validateResponse(reply.json, route, engine);
  return { ...reply, status: reply.status ?? routeStatus ?? (hasContent(reply) ? 200 : 204) };
}

function validateResponse(json: unknown, route: Route, { validateResponses }: Engine): void {
  if (validateResponses) route.response?.parse(JSON.parse(JSON.stringify(json)));
}
