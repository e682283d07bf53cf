import { cookieOf } from '../lib/cookie.js';
import type { RequestFacts } from './engine/route.js';

const cookieName = 'passerelle_device';
/** The server forgets a device that was not used for as long. */
const cookieSeconds = 180 * 86_400;

/** `Set-Cookie` of a known device (DECISIONS.md, section 0), renewed by each login with a password. */
export const deviceCookie = (value: string, { secure }: Pick<RequestFacts, 'secure'>): string =>
  [
    `${cookieName}=${value}`,
    'Path=/',
    `Max-Age=${cookieSeconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ');

/** What the client says that it is known by; undefined when it says nothing. */
export const deviceTokenOf = ({ cookie }: RequestFacts['headers']): string | undefined => cookieOf(cookie, cookieName);
