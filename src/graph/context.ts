import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import type { Context, Reader, Services } from '../kernel/context.js';
import type { Loaders, LoaderScope } from '../kernel/loaders.js';
import { nobody, type Viewer } from '../kernel/viewer.js';
import { cookieOf } from '../lib/cookie.js';
import { DomainError } from '../lib/errors.js';
import type { CredentialCache } from '../modules/identity/sessions/credential-cache.js';
import {
  type HeldCredential,
  noteUse,
  type PresentedCredential,
  resolveCredential,
} from '../modules/identity/sessions/resolve-viewer.js';
import type { PlanCompiler } from './reader/compile.js';
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
  /** `refresh`: of the context that this one continues. */
  forViewer: (viewer: Viewer, facts: RequestFacts, refresh?: Context['refresh']) => Context;
}

export interface ContextMakerOptions {
  database: Database;
  compiler: PlanCompiler;
  services: Services;
  credentials: CredentialCache;
  /** Makes the loaders of one request. */
  loadersFor: (scope: LoaderScope) => Loaders;
  log: Logger;
}

export function contextMaker({
  database,
  compiler,
  services,
  credentials,
  loadersFor,
  log,
}: ContextMakerOptions): ContextMaker {
  const nobodyHeld: HeldCredential = { viewer: nobody, endsAtMs: Infinity, usedAtMs: Infinity };
  const held = async (credential: PresentedCredential | undefined, now: Date): Promise<HeldCredential> => {
    if (!credential) return nobodyHeld;
    const found = await credentials.find(credential, now, () =>
      resolveCredential(credential, database.readPrimary, services.accessTokens, now),
    );
    if (found) return found;
    const isExpired = 'bearer' in credential && services.accessTokens.isExpired(credential.bearer, now);
    throw new DomainError('UNAUTHENTICATED', 'The credential is wrong, expired or revoked', {
      reason: 'bad_credential',
      ...(isExpired && { details: { expired: true } }),
    });
  };
  const refreshed = async (credential: PresentedCredential | undefined): ReturnType<Context['refresh']> => {
    const { viewer } = await held(credential, services.now());
    return {
      viewer,
      isVisible: async (model, id) => {
        const shape = compiler.shapes.get(model.entity.name);
        if (!shape) return false;
        const parameters = new Parameters();
        const visible = model.visibleTo(viewer)('t', parameters.bind);
        const found = await database.readPrimary(
          `select 1 from ${shape.table} t where t.id = ${parameters.bind(id)}::${shape.keyType} and (${visible})`,
          parameters.values,
        );
        return found.length > 0;
      },
    };
  };
  const parts: ContextParts = { database, compiler, services, loadersFor, log, refreshed };
  const forViewer: ContextMaker['forViewer'] = (viewer, facts, refresh) =>
    new RequestContext(viewer, facts, parts, refresh);
  const make = async (facts: RequestFacts): Promise<Context> => {
    const now = services.now();
    const found = await held(facts.credential, now);
    const { credential } = found.viewer;
    if (credential.kind === 'api_key') services.apiKeyUsage.count(credential.keyId, 'requests');
    await noteUse(database.orm.em, found, now);
    return forViewer(found.viewer, facts);
  };
  return Object.assign(make, { forViewer });
}

interface ContextParts extends Omit<ContextMakerOptions, 'credentials'> {
  refreshed: (credential: PresentedCredential | undefined) => ReturnType<Context['refresh']>;
}

/**
 * Made for every request, so that what only some of them need is made when it is asked for. Not to be spread: the getters
 * are the class's. Apollo copies it with its prototype; the copy shares what was made.
 */
class RequestContext implements Context {
  readonly requestId: string;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly services: Services;
  readonly signal?: AbortSignal;
  readonly refresh: Context['refresh'];
  private readonly parts: ContextParts;
  private readonly made: { em?: Context['em']; read?: Reader; load?: Loaders; log?: Logger } = {};

  constructor(
    readonly viewer: Viewer,
    facts: RequestFacts,
    parts: ContextParts,
    refresh?: Context['refresh'],
  ) {
    this.requestId = facts.requestId;
    this.ip = facts.ip;
    this.userAgent = facts.userAgent;
    this.services = parts.services;
    if (facts.signal) this.signal = facts.signal;
    this.refresh = refresh ?? (() => parts.refreshed(facts.credential));
    this.parts = parts;
  }

  get db(): Context['db'] {
    return this.parts.database.client;
  }

  get em(): Context['em'] {
    return (this.made.em ??= this.parts.database.orm.em.fork({ useContext: true }));
  }

  get read(): Reader {
    return (this.made.read ??= this.readAs(this.viewer));
  }

  get load(): Loaders {
    return (this.made.load ??= this.parts.loadersFor(this));
  }

  get log(): Logger {
    const { userId } = this.viewer;
    return (this.made.log ??= this.parts.log.child({
      requestId: this.requestId,
      ...(userId !== undefined && { userId }),
    }));
  }

  readAs(viewer: Viewer): Reader {
    return makeReader(this.parts.compiler, viewer, this.parts.database);
  }
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
  return (
    (headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/x-www-form-urlencoded') &&
    isFromElsewhere(headers, publicUrl)
  );
}

function isFromElsewhere(headers: IncomingMessage['headers'], publicUrl: string): boolean {
  const { origin, 'sec-fetch-site': site, host } = headers;
  if (origin !== undefined) return origin !== new URL(publicUrl).origin && origin.replace(/^https?:\/\//, '') !== host;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}
