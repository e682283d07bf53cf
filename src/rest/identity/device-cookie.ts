import { deviceCookie as known, keptCookie } from '../../lib/browser-cookies.js';
import { cookieOf } from '../../lib/cookie.js';
import type { RequestFacts } from '../engine/route.js';

/** `Set-Cookie` of a known device (DECISIONS.md, section 0), renewed by each login with a password. */
export const deviceCookie = (token: string, { secure }: Pick<RequestFacts, 'secure'>): string =>
  keptCookie(known, token, secure);

/** Headers that make a browser a known device; none for one that is not to become one. */
export const deviceHeaders = (token: string | null | undefined, request: Pick<RequestFacts, 'secure'>) =>
  token ? { headers: { 'Set-Cookie': deviceCookie(token, request) } } : {};

/** The token of the client's device; undefined without the cookie. */
export const deviceTokenOf = ({ cookie }: RequestFacts['headers']): string | undefined => cookieOf(cookie, known.name);
