/** Runs a definition: in the plugin's process for the server, and in the test's for `@passerelle/plugin/testing`. */
import type { Log, PluginApi, PluginEvent, PluginRequest, Row, StorageOperation, Viewer } from './api.js';
import { type PluginDefinition, Reply, type Resolver } from './definition.js';

/** A call of the server, as `PluginCall` of its `plugin-host/plugin-process.ts`. */
export type RuntimeCall =
  | { kind: 'resolve'; type: string; field: string; parents: readonly unknown[]; args: any; viewer: Viewer }
  | { kind: 'deliver'; field: string; event: PluginEvent; args: any; viewer: Viewer }
  | { kind: 'route'; index: number; request: PluginRequest; viewer: Viewer }
  | { kind: 'variables'; index: number; request: PluginRequest; viewer: Viewer }
  | { kind: 'response'; index: number; request: PluginRequest; data: unknown; viewer: Viewer }
  | { kind: 'action'; name: string; params: any; run: string }
  | { kind: 'handle'; events: readonly PluginEvent[] };

/** What the plugin asks of its host. */
export interface Asked {
  graph: { query: string; variables: Readonly<Record<string, unknown>> };
  storage: StorageOperation | { transaction: readonly StorageOperation[] };
  http: { url: string; method?: string; headers?: Readonly<Record<string, string>>; body?: string };
  emit: { type: string; subjectType: string; subjectId: string; data: Readonly<Record<string, unknown>> };
  settings: null;
}

export type Ask = <Kind extends keyof Asked>(kind: Kind, asked: Asked[Kind]) => Promise<any>;

/** The definition as data: what `Contribution` of the server says. */
export function describePlugin(definition: PluginDefinition): Record<string, unknown> {
  if (typeof definition !== 'object' || definition === null)
    throw new Error('The default export is no plugin: export default definePlugin({ … })');
  const { sdl = '', resolvers = {}, subscriptions = {}, routes = [], dialect, tasks = [], actions = {} } = definition;
  const { events = [], handlers = {}, migrations = [], pages = [] } = definition;
  return {
    sdl,
    resolvers: Object.fromEntries(Object.entries(resolvers).map(([type, fields]) => [type, Object.keys(fields)])),
    subscriptions: Object.fromEntries(
      Object.entries(subscriptions).map(([field, subscription]) => [field, { events: subscription.events }]),
    ),
    routes: routes.map(({ method, path, credential = 'required', summary = '' }) => ({
      method,
      path,
      credential,
      summary,
    })),
    dialect: dialect && {
      description: '',
      statuses: {},
      ...dialect,
      routes: dialect.routes.map(({ toVariables, toResponse, ...route }) => ({
        credential: 'required',
        summary: '',
        status: 200,
        fields: {},
        ...route,
        hasVariables: toVariables !== undefined,
        hasResponse: toResponse !== undefined,
      })),
    },
    tasks: tasks.map((task) => ({ params: {}, ...task })),
    actions: Object.keys(actions),
    events,
    handles: Object.keys(handlers),
    migrations,
    pages,
  };
}

/** Resolves with what the call's kind asks for. Rejects with a `PluginRefusal`, or with whatever the plugin threw. */
export async function runCall(definition: PluginDefinition, call: RuntimeCall, api: PluginApi): Promise<unknown> {
  switch (call.kind) {
    case 'resolve': {
      const resolver = definition.resolvers?.[call.type]?.[call.field];
      if (!resolver) throw new Error(`There is no resolver of ${call.type}.${call.field}`);
      if (typeof resolver === 'function') return resolveEach(resolver, call, api);
      const results = await resolver.resolve(call.parents, call.args, api);
      if (!Array.isArray(results) || results.length !== call.parents.length)
        throw new Error(`${call.type}.${call.field} resolves ${call.parents.length} parents with as many results`);
      return results.map(orNull);
    }
    case 'deliver': {
      const resolve = definition.subscriptions?.[call.field]?.resolve;
      return orNull(resolve ? await resolve(call.event, call.args, api) : call.event.data);
    }
    case 'route': {
      const result = await the(definition.routes?.[call.index]).handler(call.request, api);
      if (result instanceof Reply) return { status: result.status, headers: result.headers, json: orNull(result.json) };
      return { json: orNull(result) };
    }
    case 'variables': {
      const { params, query, body } = call.request;
      const { toVariables } = the(definition.dialect?.routes[call.index]);
      return toVariables ? toVariables(call.request, api) : { ...params, ...query, ...body };
    }
    case 'response': {
      const { toResponse } = the(definition.dialect?.routes[call.index]);
      return orNull(toResponse ? await toResponse(call.data, call.request, api) : call.data);
    }
    case 'action': {
      const action = definition.actions?.[call.name];
      if (!action) throw new Error(`There is no action ${call.name}`);
      return orNull(await action(call.params, api));
    }
    case 'handle': {
      const { handlers = {} } = definition;
      for (const event of call.events) {
        const wanted = new Set([handlers[event.type], handlers['*']]);
        for (const handler of wanted) await handler?.(event, api);
      }
      return null;
    }
  }
}

function resolveEach(resolver: Resolver, { parents, args }: RuntimeCall & { kind: 'resolve' }, api: PluginApi) {
  return Promise.all(parents.map(async (parent) => orNull(await resolver(parent, args, api))));
}

const orNull = (value: unknown): unknown => value ?? null;

function the<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('There is no such route');
  return value;
}

/** What a call gets: `ask` carries its requests to the host. */
export function makeApi(
  ask: Ask,
  { viewer, signal, log, now = () => new Date() }: { viewer: Viewer; signal: AbortSignal; log: Log; now?: () => Date },
): PluginApi {
  const rows = (operation: StorageOperation): Promise<Row[]> => ask('storage', operation);
  return {
    graph: async (query, variables = {}) => {
      const { data, errors } = await ask('graph', { query, variables });
      if (errors?.length) throw Object.assign(new Error(errors[0].message), { errors, data });
      return data;
    },
    storage: {
      find: (table, options = {}) => rows({ ...options, find: table }),
      first: async (table, options = {}) => (await rows({ ...options, find: table, limit: 1 }))[0],
      count: (table, where = {}) => ask('storage', { count: table, where }),
      countBy: (table, columns, where = {}) => ask('storage', { count: table, where, groupBy: columns }),
      insert: (table, given, options = {}) =>
        rows({ ...options, insert: table, rows: Array.isArray(given) ? given : [given] }),
      update: (table, where, set) => rows({ update: table, where, set }),
      delete: (table, where) => rows({ delete: table, where }),
      transaction: (operations) => ask('storage', { transaction: operations }),
    },
    http: (url, request = {}) => ask('http', { ...request, url }),
    emit: (type, { data = {}, subjectType, subjectId }) => ask('emit', { type, subjectType, subjectId, data }),
    settings: () => ask('settings', null),
    log,
    clock: { now },
    viewer,
    signal,
  };
}
