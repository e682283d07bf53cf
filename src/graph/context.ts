import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Database } from '../database.js';
import type { Context, Services } from '../domain/context.js';
import { noteUse, type PresentedCredential, resolveViewer } from '../domain/identity/resolve-viewer.js';
import { makeLoaders } from '../domain/loaders.js';
import type { Viewer } from '../domain/viewer.js';
import { DomainError } from '../errors.js';
import { cookieOf } from '../lib/cookie.js';
import type { PlanCompiler } from './reader/plan.js';
import { makeReader } from './reader/reader.js';
import { Parameters } from './reader/sql.js';

/** What a door knows of a request before anything is read. */
export interface RequestFacts {
  credential: PresentedCredential | undefined;
  requestId: string;
  ip: string | undefined;
  userAgent: string | undefined;
  signal?: AbortSignal;
}

export interface ContextMaker {
  /** Throws UNAUTHENTICATED when a credential was presented and does not hold. */
  (facts: RequestFacts): Promise<Context>;
  forViewer: (viewer: Viewer, facts: RequestFacts) => Context;
}

export function contextMaker(database: Database, compiler: PlanCompiler, services: Services, log: Logger): ContextMaker {
  const viewerOf = async (credential: PresentedCredential | undefined): Promise<Viewer> => {
    const now = services.now();
    const viewer = await resolveViewer(credential, database.readPrimary, services.accessTokens, now);
    if (viewer) return viewer;
    const isExpired = credential !== undefined && 'bearer' in credential && services.accessTokens.isExpired(credential.bearer, now);
    throw new DomainError('UNAUTHENTICATED', 'The credential is wrong, expired or revoked', { reason: 'bad_credential', ...(isExpired && { details: { expired: true } }) });
  };
  const forViewer = (viewer: Viewer, facts: RequestFacts): Context => {
    const em = database.orm.em.fork({ useContext: true });
    const read = makeReader(compiler, viewer, database);
    return {
      viewer,
      em,
      read,
      readAs: (other) => makeReader(compiler, other, database),
      load: makeLoaders(em, { viewer, services, read }),
      requestId: facts.requestId,
      ip: facts.ip,
      userAgent: facts.userAgent,
      log: log.child({ requestId: facts.requestId, ...(viewer.userId !== undefined && { userId: viewer.userId }) }),
      services,
      ...(facts.signal && { signal: facts.signal }),
      refresh: async () => {
        const current = await viewerOf(facts.credential);
        return {
          viewer: current,
          isVisible: async (model, id) => {
            const shape = compiler.shapes.get(model.entity.name);
            if (!shape) return false;
            const parameters = new Parameters();
            const visible = model.visibleTo(current)('t', parameters.bind);
            const found = await database.readPrimary(
              `select 1 from ${shape.table} t where t.id = ${parameters.bind(id)}::${shape.keyType} and (${visible})`,
              parameters.values,
            );
            return found.length > 0;
          },
        };
      },
    };
  };
  const make = async (facts: RequestFacts): Promise<Context> => {
    const context = forViewer(await viewerOf(facts.credential), facts);
    const { credential } = context.viewer;
    if (credential.kind === 'api_key') services.apiKeyUsage.count(credential.keyId, 'requests');
    await noteUse(context.em, context.viewer, services.now());
    return context;
  };
  return Object.assign(make, { forViewer });
}

export const sessionCookieName = 'kdocs_session';

/** Any credential, any door. A header wins over the cookie; an unknown scheme counts as a wrong credential. */
export function presentedCredential(headers: IncomingMessage['headers']): PresentedCredential | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const bearer = /^(?:Bearer|ApiToken) +(\S+)$/i.exec(authorization.trim())?.[1];
    return { bearer: bearer ?? '' };
  }
  const key = headers['x-api-key'];
  if (key !== undefined) return { bearer: String(key) };
  const cookie = cookieOf(headers.cookie, sessionCookieName);
  return cookie === undefined ? undefined : { sessionCookie: cookie };
}

/**
 * A browser sends the cookie along whoever made the page, so a change under it must come from our own pages: same
 * `Origin`, or `Sec-Fetch-Site: same-origin`. Neither header means a program, which no page can make send one.
 */
export function isForeignChange(method: string, headers: IncomingMessage['headers'], publicUrl: string): boolean {
  const credential = presentedCredential(headers);
  if (!credential || !('sessionCookie' in credential) || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return false;
  return isFromElsewhere(headers, publicUrl);
}

/**
 * A browser sends a form to any site without asking. One that signs in would leave the visitor of another page signed in
 * here as somebody else, who then reads what the visitor files.
 */
export function isForeignForm(headers: IncomingMessage['headers'], publicUrl: string): boolean {
  return (headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/x-www-form-urlencoded') && isFromElsewhere(headers, publicUrl);
}

function isFromElsewhere(headers: IncomingMessage['headers'], publicUrl: string): boolean {
  const { origin, 'sec-fetch-site': site, host } = headers;
  if (origin !== undefined) return origin !== new URL(publicUrl).origin && origin.replace(/^https?:\/\//, '') !== host;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
