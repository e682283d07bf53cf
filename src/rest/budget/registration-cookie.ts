import { cookieOf, setCookie } from '../../lib/cookie.js';
import type { RequestFacts } from '../engine/route.js';

/**
 * The session between « Register » and the first passkey (DECISIONS.md, section 4). `SameSite=Strict`, so that no other
 * site can make a browser send it; and sent to the routes of passkeys only.
 */
const name = 'budget_registration';
const path = '/api/v1/auth/webauthn';
/** As long as the server keeps the registration. */
const lifetimeSeconds = 10 * 60;

const cookie = (value: string, maxAgeSeconds: number, { secure }: RequestFacts): string =>
  setCookie(name, value, { path, maxAgeSeconds, sameSite: 'Strict', secure });

export const registrationCookie = (token: string, request: RequestFacts): string =>
  cookie(token, lifetimeSeconds, request);
export const endedRegistrationCookie = (request: RequestFacts): string => cookie('', 0, request);
export const registrationToken = ({ headers }: RequestFacts): string | undefined => cookieOf(headers.cookie, name);
