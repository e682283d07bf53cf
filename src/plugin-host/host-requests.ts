import { z } from 'zod';
import type { HostServices } from './plugin-process.js';

/** What one call may ask of the server, all in all. */
const requestsPerCall = 200;
const longestRequest = 2 * 2 ** 20;
const longestReply = 6 * 2 ** 20;
const mostUnderWay = 100;

const asked = {
  graph: z.object({ query: z.string().max(50_000), variables: z.record(z.string(), z.unknown()).default({}) }),
  storage: z.record(z.string(), z.unknown()),
  http: z.object({
    url: z.url({ protocol: /^https$/ }).max(4_000),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    headers: z.record(z.string().max(100), z.string().max(8_000)).default({}),
    body: z
      .string()
      .max(2 ** 20)
      .optional(),
  }),
  emit: z.object({
    type: z.string(),
    subjectType: z.string().regex(/^[A-Z][A-Za-z0-9]{0,99}$/),
    subjectId: z.string().min(1).max(200),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
  settings: z.null(),
};

export interface HostRequest {
  op: string;
  value: unknown;
}

export interface RequestsOptions<Scope> {
  grants: readonly string[];
  services: HostServices<Scope>;
  /** `Contribution.events` */
  events: () => readonly string[];
}

/** Answers what a plugin asks during its calls, by its capabilities. */
export function hostRequests<Scope>({ grants, services, events }: RequestsOptions<Scope>): {
  /** `made`: how many requests the call made before. Rejects with an Error whose message the plugin may see. */
  answer: (request: HostRequest, scope: Scope, made: number) => Promise<unknown>;
} {
  let underWay = 0;
  const need = (capability: string): void => {
    if (!grants.includes(capability)) throw new Error(`The plugin has no capability ${capability}`);
  };

  function run(op: string, value: unknown, scope: Scope): Promise<unknown> {
    switch (op) {
      case 'graph': {
        const operation = checked('graph', value);
        if (!grants.includes('graph:write')) need('graph:read');
        return services.graph(scope, operation);
      }
      case 'storage':
        need('storage');
        return services.storage(scope, checked('storage', value) as never);
      case 'http': {
        const { body, ...request } = checked('http', value);
        const { hostname } = new URL(request.url);
        if (!mayReach(hostname, grants)) throw new Error(`The plugin has no capability http:${hostname}`);
        return services.http(scope, { ...request, ...(body !== undefined && { body }) });
      }
      case 'emit': {
        need('events:write');
        const event = checked('emit', value);
        if (!events().includes(event.type)) throw new Error(`${event.type} is none of the plugin’s events`);
        return services.emit(scope, event);
      }
      case 'settings':
        return services.settings();
      default:
        throw new Error('The server knows no such request');
    }
  }

  return {
    answer: async ({ op, value }, scope, made) => {
      if (made >= requestsPerCall) throw new Error(`A call makes ${requestsPerCall} requests at most`);
      if (underWay >= mostUnderWay) throw new Error(`The plugin makes ${mostUnderWay} requests at once at most`);
      if (sizeOf(value) > longestRequest) throw new Error(`A request has ${longestRequest} bytes at most`);
      underWay += 1;
      try {
        const result = (await run(op, value, scope)) ?? null;
        if (sizeOf(result) > longestReply) throw new Error(`The answer is longer than ${longestReply} bytes`);
        return result;
      } finally {
        underWay -= 1;
      }
    },
  };
}

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

function checked<Op extends keyof typeof asked>(op: Op, value: unknown): z.output<(typeof asked)[Op]> {
  const { success, data, error } = asked[op].safeParse(value);
  if (success) return data as z.output<(typeof asked)[Op]>;
  throw new Error(error.issues.map(({ path, message }) => `${[op, ...path].join('.')}: ${message}`).join('; '));
}

/** Whether one of the grants `http:<host>` or `http:*.<domain>` names this host. */
export const mayReach = (hostname: string, grants: readonly string[]): boolean =>
  grants.some(
    (grant) =>
      grant === `http:${hostname}` || (grant.startsWith('http:*.') && hostname.endsWith(grant.slice('http:*'.length))),
  );
