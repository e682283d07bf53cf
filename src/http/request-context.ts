import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContextMaker, RequestFacts } from '../graph/context.js';
import type { Context } from '../kernel/context.js';
import { forbidden, isUnauthenticated } from '../lib/errors.js';
import { isForeignChange, type Site } from './csrf.js';
import { browserOf } from './request-browser.js';
import { factsOf } from './requests.js';

/**
 * The graph's context of a request. `isOptional`: whether a session's cookie that has ended counts as no credential;
 * `response`: its headers tell the browser what to keep.
 */
export type ContextOf = (
  request: IncomingMessage,
  isOptional: () => boolean,
  more?: Pick<RequestFacts, 'isConfirmed' | 'signal'> & { response?: ServerResponse },
) => Promise<Context>;

/** Likewise of the session's cookie alone; nobody is signed in without one that holds. */
export const contextOfSession = async (
  makeContext: ContextMaker,
  request: IncomingMessage,
  trustProxy: number,
): Promise<Context> => {
  const facts = factsOf(request, trustProxy);
  const nobody = { ...facts, credential: undefined };
  if (!facts.credential || !('sessionCookie' in facts.credential)) return makeContext(nobody);
  return makeContext(facts).catch((error: unknown) => {
    if (isUnauthenticated(error)) return makeContext(nobody);
    throw error;
  });
};

/**
 * Throws FORBIDDEN for a change under the cookie from another site, UNAUTHENTICATED for a credential that does not
 * hold.
 */
export const contextOfRequests =
  (makeContext: ContextMaker, { site, trustProxy }: { site: Site; trustProxy: number }): ContextOf =>
  async (request, isOptional, { response, ...more } = {}) => {
    if (isForeignChange(String(request.method), request.headers, site)) {
      throw forbidden('A change under the session cookie must come from this site', 'foreign_origin');
    }
    const browser = response && browserOf(request, response, { publicUrl: site.publicUrl, trustProxy });
    const facts = { ...factsOf(request, trustProxy), ...more, ...(browser && { browser }) };
    return makeContext(facts).catch((error: unknown) => {
      // A browser sends a session's cookie also when the session has ended: where none is needed, it is ignored.
      const isEndedCookie =
        facts.credential !== undefined && 'sessionCookie' in facts.credential && isUnauthenticated(error);
      if (!isEndedCookie || !isOptional()) throw error;
      return makeContext({ ...facts, credential: undefined });
    });
  };
