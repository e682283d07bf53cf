import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { requestPath } from '../lib/request-path.js';
import type { RestHandler } from '../rest/engine/router.js';
import type { Cors } from './cors.js';
import { type GraphqlStream, streamPath } from './graphql-stream.js';
import type { McpDoor } from './mcp-door.js';
import type { PluginPagesDoor } from './plugin-pages.js';
import type { Preparation, TimedResponse } from './requests.js';

export interface FrontDoorOptions {
  /** What every request gets before anybody answers it. */
  prepare: Preparation;
  /** Answers the preflights of pages on other sites. */
  cors: Pick<Cors, 'answer'>;
  /** Whether it took the request; what it leaves goes on to `app`. */
  fastPath: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Answers operations as server-sent events. */
  stream: GraphqlStream['handle'];
  rest: RestHandler;
  mcp: McpDoor;
  pluginPages: PluginPagesDoor;
  /** Pages, the explorer and what of GraphQL the fast path leaves. What it doesn't know it passes to `rest` itself. */
  app: RequestListener;
  log: Logger;
}

/** Where Express answers, by its own reading of paths: in any case and with all that lies below. */
const appPath = /^\/(?:(?:graphql|core-docs|static|console)?(?:\/|$)|kdocs\/?$)/i;

/** Sends each request by the shortest way: few of them need Express. */
export function frontDoor(options: FrontDoorOptions): RequestListener {
  const { prepare, cors, fastPath, stream, rest, mcp, pluginPages, app, log } = options;
  return (request, response) => {
    prepare(request, response as TimedResponse);
    if (cors.answer(request, response)) return;
    const path = requestPath(request.url ?? '/');
    const failed = (err: unknown): void => {
      log.error({ err }, 'a request could not be answered');
      response.destroy();
    };
    if (path === '/graphql')
      fastPath(request, response)
        .then((isTaken) => (isTaken ? undefined : app(request, response)))
        .catch(failed);
    else if (path === '/mcp') mcp(request, response).catch(failed);
    else if (path === streamPath) stream(request, response).catch(failed);
    else if (path.startsWith('/plugins/')) pluginPages(request, response).catch(failed);
    else if (appPath.test(path)) app(request, response);
    else rest(request, response).catch(failed);
  };
}
