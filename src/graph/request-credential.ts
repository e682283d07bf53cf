import type { IncomingMessage } from 'node:http';
import { sessionCookie } from '../lib/browser-cookies.js';
import { cookieOf } from '../lib/cookie.js';
import type { RequestCredential } from '../modules/identity/sessions/resolve-viewer.js';

/**
 * Every API takes every kind of credential. A header wins over the cookie; an unknown scheme counts as a wrong
 * credential.
 */
export function credentialOf(headers: IncomingMessage['headers']): RequestCredential | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    const bearer = /^(?:Bearer|ApiToken) +(\S+)$/i.exec(authorization.trim())?.[1];
    return { bearer: bearer ?? '' };
  }
  const key = headers['x-api-key'];
  if (key !== undefined) return { bearer: String(key) };
  const cookie = cookieOf(headers.cookie, sessionCookie.name);
  return cookie === undefined ? undefined : { sessionCookie: cookie };
}
