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
import type { Logger } from 'pino';
import { StatementRecord } from '../db/ran-statements.js';
import type { GraphAdmission, Refusal } from '../graph/admission.js';
import { countErrors } from '../graph/counters.js';
import { assertFewTokens } from '../graph/limits.js';
import type { ViewerAtAddress } from '../graph/quota.js';
import { wantStatements } from '../graph/shown-statements.js';
import { onlySignsIn } from '../graph/sign-in.js';
import type { Context, Services } from '../kernel/context.js';
import { nobody, requireSignedIn } from '../kernel/viewer.js';
import { DomainError } from '../lib/errors.js';
import { deepestJson, isDeeperThan } from '../lib/json-depth.js';
import { languageOf } from '../lib/language.js';
import { graphiqlPage } from '../pages/graphiql-page.js';
import { bodyLimitBytes, isNoJson } from './graphql-fast-path.js';
import { type GraphqlUpload, isMultipart, receiveUpload } from './graphql-upload.js';
import type { ContextOf } from './request-context.js';
import { noteEndpoint, requestIdOf } from './requests.js';

export interface GraphqlDoorOptions {
  apollo: ApolloServer<Context>;
  contextOf: ContextOf;
  admission: GraphAdmission;
  /** Where files are received. */
  spoolFolder: string;
  /** They are refused while less than this is free there. */
  minFreeBytes: number;
  log: Logger;
  count: Services['count'];
}

/** GraphQL over HTTP, and the explorer for who opens the address in a browser. */
export function graphqlDoor({
  apollo,
  contextOf,
  admission,
  spoolFolder,
  minFreeBytes,
  log,
  count,
}: GraphqlDoorOptions): Router {
  /** Charges a request and sets the quota's headers. */
  const admit = async (response: Response, client: ViewerAtAddress): Promise<Refusal | undefined> => {
    const admitted = await admission.admitRequest(client);
    for (const [name, value] of Object.entries(admitted.headers)) response.setHeader(name, value);
    return 'error' in admitted ? admitted : undefined;
  };
  /** Throws a GraphQLError with the status of the answer. */
  const admittedContext = async (request: Request, response: Response): Promise<Context> => {
    const requestId = requestIdOf(request);
    let context: Context | undefined;
    let failure: unknown;
    try {
      context = await contextOf(request, () => onlySignsIn(request.body), { response });
    } catch (error) {
      failure = error;
    }
    // Whoever tries out credentials uses up what the address has.
    const refusal = await admit(response, context ?? { viewer: nobody, ip: request.ip });
    if (refusal) throw withStatus(refusal.error, refusal.status, requestId);
    if (context) return context;
    throw failure instanceof DomainError ? withStatus(failure, statusOf(failure), requestId) : failure;
  };
  const uploads = new WeakMap<Request, GraphqlUpload>();
  /** Puts the operation of a multipart request into its body. Nobody's files are received. */
  const receiveFiles = async (request: Request, { viewer }: Context): Promise<void> => {
    requireSignedIn(viewer);
    const upload = await receiveUpload(request, { spoolFolder, minFreeBytes });
    uploads.set(request, upload);
    Object.assign(request.body as object, upload.operation);
  };
  const router = express.Router();
  router.use((request, response, next) => {
    if (methods.includes(request.method)) return next();
    noteEndpoint(response, 'graphql');
    response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '));
    // A preflight of a page that may call was answered before.
    if (request.method === 'OPTIONS') return void response.status(204).end();
    const extensions = { code: 'BAD_REQUEST', requestId: requestIdOf(request) };
    const message = `GraphQL is asked by GET or POST, not by ${request.method}`;
    response.status(405).json({ errors: [{ message, extensions }] });
  });
  router.get('/', (request, response, next) => {
    const wantsPage = request.accepts(['application/json', 'text/html']) === 'text/html' && !request.query['query'];
    // A person who opens the address gets the explorer, also with a query to look at in the address.
    if (wantsPage || request.headers['sec-fetch-dest'] === 'document')
      response
        .vary('Accept-Language')
        .type('html')
        .send(graphiqlPage(languageOf(request.headers, 'en')));
    else next();
  });
  const serve = expressMiddleware(apollo, {
    context: async ({ req, res }) => {
      noteEndpoint(res, 'graphql');
      const context = await admittedContext(req, res);
      try {
        wantStatements(context);
        if (req.method === 'POST' && isMultipart(req)) await receiveFiles(req, context);
        const { query } = (req.method === 'POST' ? req.body : req.query) as { query?: unknown };
        if (typeof query === 'string') assertFewTokens(query);
        return context;
      } catch (error) {
        if (error instanceof GraphQLError) throw withStatus(error, 400, context.requestId);
        throw error instanceof DomainError ? withStatus(error, statusOf(error), context.requestId) : error;
      }
    },
  });
  router.use(
    express.json({ limit: bodyLimitBytes }),
    refuseBadBody,
    expectBody,
    acceptJson,
    async (request, response, next) => {
      // What is asked by POST is kept by no cache; by GET one between two people could keep what only one may see.
      if (request.method !== 'POST') response.setHeader('Cache-Control', 'no-store');
      try {
        if (request.headers['x-graphql-sql'] === 'include')
          await StatementRecord.of(async () => serve(request, response, next));
        else await serve(request, response, next);
      } finally {
        // Not when the client has gone: the operation goes on, and needs them.
        await uploads
          .get(request)
          ?.discard()
          .catch((err: unknown) => log.error({ err }, 'a spooled file could not be removed'));
      }
    },
  );
  router.use(bodyErrors((request, response) => admit(response, { viewer: nobody, ip: request.ip }), count));
  return router;
}

const methods = ['GET', 'HEAD', 'POST'];

function statusOf({ code, options: { reason } }: DomainError): number {
  switch (code) {
    case 'UNAVAILABLE':
      return reason === 'files.no_space' ? 507 : 503;
    case 'UNAUTHENTICATED':
      return 401;
    case 'FORBIDDEN':
      return 403;
    case 'PAYLOAD_TOO_LARGE':
      return 413;
    default:
      return 400;
  }
}

const withStatus = (
  { message, extensions }: Pick<GraphQLError, 'message' | 'extensions'>,
  status: number,
  requestId: string,
): GraphQLError => new GraphQLError(message, { extensions: { ...extensions, requestId, http: { status } } });

/**
 * What body-parser has not seen is refused like what it refuses; whatever recurses over a body later must not run out
 * of stack.
 */
const refuseBadBody: RequestHandler = (request, _response, next) => {
  const isBad = isNoJson(request) || isDeeperThan(request.body, deepestJson);
  next(isBad ? Object.assign(new Error('no JSON, or nested too deeply'), { status: 400 }) : undefined);
};

/** Who accepts only a stream wants a subscription, and is told in JSON that there is none here. */
const acceptJson: RequestHandler = (request, _response, next) => {
  const { accept } = request.headers;
  if (accept?.includes('text/event-stream')) request.headers.accept = `${accept}, application/json;q=0.1`;
  next();
};

/** The body of a multipart request is filled once the request is admitted. */
const expectBody: RequestHandler = (request, _response, next) => {
  if (request.method !== 'POST' || request.body !== undefined) return next();
  if (isMultipart(request)) {
    request.body = {};
    return next();
  }
  next(Object.assign(new Error('neither JSON nor a form with files'), { status: 415 }));
};

/** A body that is not understood is charged to the address, like a syntax error in an operation. */
const bodyErrors =
  (
    admit: (request: Request, response: Response) => Promise<Refusal | undefined>,
    count: Services['count'],
  ): ErrorRequestHandler =>
  async (error: { status?: number }, request, response, next) => {
    if (response.headersSent || !error.status || error.status >= 500) return next(error);
    noteEndpoint(response, 'graphql');
    const requestId = requestIdOf(request);
    const refuse = (status: number, message: string, extensions: object): void => {
      countErrors(count, [{ extensions: { ...extensions } }]);
      response.status(status).json({ errors: [{ message, extensions: { ...extensions, requestId } }] });
    };
    const refusal = await admit(request, response);
    if (refusal) return refuse(refusal.status, refusal.error.message, refusal.error.extensions);
    if (error.status === 415)
      return refuse(415, 'The body is application/json, or multipart/form-data with files', {
        code: 'UNSUPPORTED_MEDIA_TYPE',
      });
    if (error.status === 413) return refuse(413, 'The body is larger than 1 MiB', { code: 'PAYLOAD_TOO_LARGE' });
    const message = `The body is not valid JSON of at most ${deepestJson} levels`;
    return refuse(error.status, message, { code: 'BAD_USER_INPUT' });
  };
