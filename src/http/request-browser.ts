import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser } from '../kernel/context.js';
import { deviceCookie, keptCookie } from '../lib/browser-cookies.js';
import { cookieOf } from '../lib/cookie.js';
import { isSecure } from '../quota/address.js';

/** The browser, or the program, behind a request: what it sent, and what the answer's headers have it keep. */
export const browserOf = (
  request: IncomingMessage,
  response: Pick<ServerResponse, 'appendHeader'>,
  facing: { publicUrl: string; trustProxy: number },
): Browser => ({
  get deviceToken() {
    return cookieOf(request.headers.cookie, deviceCookie.name);
  },
  keep(cookie, value) {
    response.appendHeader('Set-Cookie', keptCookie(cookie, value, isSecure(request, facing)));
  },
});
