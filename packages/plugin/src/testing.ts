/** Runs a plugin in the process of its tests: tables in memory, a graph and hosts that the test plays, its own clock. */
import type { HttpAnswer, HttpRequest, PluginApi, PluginEvent, Viewer } from './api.js';
import type { PluginDefinition, Route } from './definition.js';
import { memoryStorage } from './memory-storage.js';
import { type Asked, describePlugin, makeApi, runCall, type RuntimeCall } from './runtime.js';

export interface TestHostOptions {
  /** Those of the manifest. Default: all but `http:`. */
  capabilities?: readonly string[];
  /** Plays the graph: gives the `data` of an operation. */
  graph?: (query: string, variables: Readonly<Record<string, any>>, viewer: Viewer) => unknown;
  /** Plays the hosts that the plugin may reach. */
  http?: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>;
  settings?: Readonly<Record<string, unknown>>;
  /** What the clock shows first. Default: 2026-01-15 at noon, UTC. */
  now?: Date;
  /** Whom calls are for unless they say otherwise. Default: person 1, without permissions. */
  viewer?: Viewer;
}

export interface TestRequest {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  viewer?: Viewer;
}

export interface TestHost {
  /** Resolves a field for one parent (null for root fields), or with `parents` for several at once. */
  resolve: (
    type: string,
    field: string,
    call?: {
      parent?: unknown;
      parents?: readonly unknown[];
      args?: Readonly<Record<string, unknown>>;
      viewer?: Viewer;
    },
  ) => Promise<any>;
  /** Calls the route that serves this method and path: `('GET', '/stars/4')`. */
  route: (
    method: Route['method'],
    path: string,
    request?: TestRequest,
  ) => Promise<{ status: number; headers: Readonly<Record<string, string>>; json: any }>;
  /** Calls the route of the dialect: its operation goes to `graph`. */
  dialect: (method: Route['method'], path: string, request?: TestRequest) => Promise<{ status: number; json: any }>;
  action: (name: string, params?: Readonly<Record<string, unknown>>) => Promise<any>;
  /** Hands an event to the handlers that want its type. */
  handle: (event: Partial<PluginEvent> & { type: string }) => Promise<void>;
  /** What a subscriber gets of an event. */
  deliver: (
    field: string,
    event: Partial<PluginEvent>,
    call?: { args?: Readonly<Record<string, unknown>>; viewer?: Viewer },
  ) => Promise<any>;
  /** The plugin's tables, to prepare them and to look into them. */
  storage: PluginApi['storage'];
  /** Events that it emitted, in order. */
  emitted: Asked['emit'][];
  lines: { level: string; message: string; details?: unknown }[];
  clock: { set: (now: Date) => void };
}

const everything = ['graph:read', 'graph:write', 'storage', 'events:read', 'events:write'];

/** Makes a host for one plugin. What passes between the two is JSON, as it is on the server. */
export function testPlugin(plugin: PluginDefinition, options: TestHostOptions = {}): TestHost {
  const { capabilities = everything, graph, http, settings = {}, viewer: usual = { id: 1, permissions: [] } } = options;
  const described = throughJson(describePlugin(plugin)) as { events: string[] };
  const inMemory = memoryStorage(plugin.migrations ?? []);
  let now = options.now ?? new Date('2026-01-15T12:00:00Z');
  const emitted: Asked['emit'][] = [];
  const lines: TestHost['lines'] = [];
  const need = (...names: string[]): void => {
    if (!names.some((name) => capabilities.includes(name))) throw new Error(`The plugin has no capability ${names[0]}`);
  };

  const answers: { [Kind in keyof Asked]: (asked: Asked[Kind], viewer: Viewer) => unknown } = {
    graph: async ({ query, variables }, viewer) => {
      need(/^\s*mutation\b/.test(query) ? 'graph:write' : 'graph:read', 'graph:write');
      if (!graph) throw new Error('Give the test host a `graph`');
      return { data: await graph(query, variables, viewer) };
    },
    storage: (operation) => {
      need('storage');
      return inMemory(operation);
    },
    http: (request) => {
      const { hostname } = new URL(request.url);
      need(`http:${hostname}`, ...capabilities.filter((c) => c.startsWith('http:*.') && hostname.endsWith(c.slice(6))));
      if (!http) throw new Error('Give the test host an `http`');
      return http(request);
    },
    emit: (event) => {
      need('events:write');
      if (!described.events.includes(event.type)) throw new Error(`${event.type} is none of the plugin’s events`);
      emitted.push(event);
    },
    settings: () => settings,
  };

  const line =
    (level: string) =>
    (message: string, details?: unknown): void =>
      void lines.push({ level, message, ...(details !== undefined && { details }) });

  const apiFor = (viewer: Viewer): PluginApi =>
    makeApi(async (kind, asked) => throughJson(await answers[kind](throughJson(asked) as never, viewer)), {
      viewer,
      signal: new AbortController().signal,
      now: () => now,
      log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    });

  const call = async (asked: RuntimeCall): Promise<any> => {
    const viewer = 'viewer' in asked ? asked.viewer : { id: null, permissions: [] };
    return throughJson(await runCall(plugin, throughJson(asked) as RuntimeCall, apiFor(viewer)));
  };

  return {
    resolve: async (type, field, { parent = null, parents, args = {}, viewer = usual } = {}) => {
      const results = await call({ kind: 'resolve', type, field, parents: parents ?? [parent], args, viewer });
      return parents ? results : results[0];
    },
    route: async (method, path, given) => {
      const { index, request, viewer } = requestTo(plugin.routes ?? [], { method, path, given, usual });
      return { status: 200, headers: {}, ...(await call({ kind: 'route', index, request, viewer })) };
    },
    dialect: async (method, path, given) => {
      const routes = plugin.dialect?.routes ?? [];
      const { index, request, viewer } = requestTo(routes, { method, path, given, usual });
      const variables = await call({ kind: 'variables', index, request, viewer });
      if (!graph) throw new Error('Give the test host a `graph`');
      const data = await graph(routes[index]?.operation ?? '', variables, viewer);
      const json = await call({ kind: 'response', index, request, data, viewer });
      return { status: routes[index]?.status ?? 200, json };
    },
    action: (name, params = {}) => call({ kind: 'action', name, params, run: '1' }),
    handle: (event) => call({ kind: 'handle', events: [completed(event, now)] }),
    deliver: (field, event, { args = {}, viewer = usual } = {}) =>
      call({ kind: 'deliver', field, event: completed(event, now), args, viewer }),
    storage: apiFor(usual).storage,
    emitted,
    lines,
    clock: { set: (to) => (now = to) },
  };
}

const throughJson = (value: unknown): unknown => (value === undefined ? null : JSON.parse(JSON.stringify(value)));

const completed = (event: Partial<PluginEvent>, now: Date): PluginEvent => ({
  position: '1',
  type: '',
  subjectType: 'Document',
  subjectId: '1',
  actorId: 1,
  occurredAt: now.toISOString(),
  data: {},
  ...event,
});

function requestTo(
  routes: readonly { method: string; path: string }[],
  { method, path, given = {}, usual }: { method: string; path: string; given: TestRequest | undefined; usual: Viewer },
) {
  for (const [index, route] of routes.entries()) {
    const pattern = route.path.replace(/[.~]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)');
    const match = route.method === method ? new RegExp(`^${pattern}$`).exec(path) : null;
    if (!match) continue;
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const { query = {}, body = null, viewer = usual } = given;
    return { index, viewer, request: { params: { ...params, ...given.params }, query, body } };
  }
  throw new Error(`There is no route ${method} ${path}`);
}
