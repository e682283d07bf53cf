import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { GraphQLError } from 'graphql';
import type { GraphQuota, ViewerAtAddress } from '../graph/quota.js';
import { onlySignsIn } from '../graph/sign-in.js';
import type { Context } from '../kernel/context.js';
import { nobody } from '../kernel/viewer.js';
import { DomainError } from '../lib/errors.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { graphiqlPage } from '../pages/graphiql-page.js';
import { rateLimited, rateLimitHeaders } from '../quota/gate.js';
import { bodyLimitBytes, isNoJson } from './graphql-fast-path.js';
import type { ContextOf } from './request-context.js';
import { noteEndpoint, requestIdOf } from './requests.js';

export interface GraphqlDoorOptions {
  apollo: ApolloServer<Context>;
  contextOf: ContextOf;
  /** Absent: nothing is counted. */
  quota: GraphQuota | undefined;
}

/** GraphQL over HTTP, and the explorer for who opens the address in a browser. */
export function graphqlDoor({ apollo, contextOf, quota }: GraphqlDoorOptions): Router {
  /** Throws RATE_LIMITED. */
  const admit = async (response: Response, client: ViewerAtAddress): Promise<void> => {
    const verdict = (await quota?.admit(client)) ?? {};
    for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) response.setHeader(name, value);
    if (verdict.retryAfterSeconds === undefined) return;
    response.setHeader('Retry-After', String(verdict.retryAfterSeconds));
    throw rateLimited(verdict.retryAfterSeconds);
  };
  const door = express.Router();
  door.get('/', (request, response, next) => {
    const wantsPage = request.accepts(['application/json', 'text/html']) === 'text/html' && !request.query['query'];
    // A person who opens the address gets the explorer, also with a query to look at in the address.
    if (wantsPage || request.headers['sec-fetch-dest'] === 'document') response.type('html').send(graphiqlPage());
    else next();
  });
  door.use(
    express.json({ limit: bodyLimitBytes }),
    refuseBadBody,
    expressMiddleware(apollo, {
      context: async ({ req, res }) => {
        noteEndpoint(res, 'graphql');
        try {
          const context = await contextOf(req, () => onlySignsIn(req.body)).catch(async (error: unknown) => {
            // Whoever tries out credentials uses up what the address has.
            await admit(res, { viewer: nobody, ip: req.ip });
            throw error;
          });
          await admit(res, context);
          return context;
        } catch (error) {
          throw httpError(error, requestIdOf(req));
        }
      },
    }),
  );
  door.use(bodyError((request, response) => admit(response, { viewer: nobody, ip: request.ip })));
  return door;
}

function httpError(error: unknown, requestId: string): unknown {
  if (!(error instanceof DomainError)) return error;
  const status =
    error.code === 'UNAUTHENTICATED'
      ? 401
      : error.code === 'FORBIDDEN'
        ? 403
        : error.code === 'RATE_LIMITED'
          ? 429
          : 400;
  return new GraphQLError(error.message, { extensions: { ...error.extensions, requestId, http: { status } } });
}

/** What body-parser has not seen is refused like what it refuses; whatever recurses over a body later must not run out of stack. */
const refuseBadBody: RequestHandler = (request, _response, next) => {
  const isBad = isNoJson(request) || isDeeperThan(request.body, deepestJson);
  next(isBad ? Object.assign(new Error('no JSON, or nested too deeply'), { status: 400 }) : undefined);
};

/** A body that is not understood counts for the address, like a syntax error in an operation. `admit` throws RATE_LIMITED. */
const bodyError =
  (admit: (request: Request, response: Response) => Promise<void>): ErrorRequestHandler =>
  async (error: { status?: number }, request, response, next) => {
    if (response.headersSent || !error.status || error.status >= 500) return next(error);
    noteEndpoint(response, 'graphql');
    const requestId = requestIdOf(request);
    try {
      await admit(request, response);
    } catch (refusal) {
      if (!(refusal instanceof DomainError)) throw refusal;
      response
        .status(429)
        .json({ errors: [{ message: refusal.message, extensions: { ...refusal.extensions, requestId } }] });
      return;
    }
    const message =
      error.status === 413
        ? 'The body is larger than 1 MiB'
        : `The body is not valid JSON of at most ${deepestJson} levels`;
    const code = error.status === 413 ? 'PAYLOAD_TOO_LARGE' : 'BAD_USER_INPUT';
    response.status(error.status).json({ errors: [{ message, extensions: { code, requestId } }] });
  };
