import type { IncomingMessage } from 'node:http';
import { credentialOf } from '../graph/request-credential.js';
import type { Cors } from './cors.js';

/** Whose pages count as our own. */
export interface Site {
  publicUrl: string;
  cors: Pick<Cors, 'trusts' | 'admits'>;
}

// What a browser sends for a page of another site. Apollo adds its own rule: no simple request reaches the graph.

/**
 * A browser sends the cookie along whoever made the page, so a change under it must come from our own pages or
 * those of an origin that is listed: by `Origin`, or `Sec-Fetch-Site: same-origin`. Neither header means a program,
 * which no page can make send one.
 */
export function isForeignChange(method: string, headers: IncomingMessage['headers'], site: Site): boolean {
  const credential = credentialOf(headers);
  if (!credential || !('sessionCookie' in credential) || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return false;
  return isForeign(headers, site);
}

/**
 * A browser sends a form, and what a script gives no type, to any site without asking. One that signs in would leave
 * the visitor of another page signed in here as somebody else, who then reads what the visitor files.
 */
export function isForeignForm(method: string, headers: IncomingMessage['headers'], site: Site): boolean {
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isSentUnasked = mediaType === '' ? headers['content-length'] !== '0' : unaskedTypes.has(mediaType);
  return method === 'POST' && isSentUnasked && isForeign(headers, site);
}

/** Types of bodies for which no preflight is sent (Fetch standard, CORS-safelisted request-header). */
const unaskedTypes: ReadonlySet<string> = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/**
 * A page of any site may open a socket to us, and the browser would send the cookie along: it must be one of our own or
 * of an origin that is listed, by name when a cookie comes. Programs send no `Origin`; browsers send none with what a
 * link or a picture asks for, but say whose page it is on.
 */
export function isForeignUpgrade(headers: IncomingMessage['headers'], site: Site): boolean {
  const { origin, host, cookie } = headers;
  if (cookie) return isForeign(headers, site);
  return Boolean(origin) && !isOwn(String(origin), host, site) && !site.cors.admits(String(origin));
}

function isForeign({ origin, 'sec-fetch-site': fetchSite, host }: IncomingMessage['headers'], site: Site): boolean {
  if (origin !== undefined) return !isOwn(origin, host, site) && !site.cors.trusts(origin);
  return fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none';
}

const isOwn = (origin: string, host: string | undefined, { publicUrl }: Site): boolean =>
  origin === new URL(publicUrl).origin || origin.replace(/^https?:\/\//, '') === host;
