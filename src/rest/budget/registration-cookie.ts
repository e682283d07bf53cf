import { cookieOf } from '../../lib/cookie.js';
import type { RequestFacts } from '../engine/route.js';

/**
 * The session between « Register » and the first passkey (DECISIONS.md, section 4). No page of another site can make a
 * browser send it, and it is sent to the ceremonies only.
 */
const name = 'budget_registration';
const path = '/api/v1/auth/webauthn';
/** As long as the server lets it live. */
const seconds = 10 * 60;

const cookie = (value: string, maxAgeSeconds: number, { secure }: RequestFacts): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
  ].join('; ');

export const registrationCookie = (token: string, request: RequestFacts): string => cookie(token, seconds, request);
export const endedRegistrationCookie = (request: RequestFacts): string => cookie('', 0, request);
export const registrationToken = ({ headers }: RequestFacts): string | undefined => cookieOf(headers.cookie, name);
