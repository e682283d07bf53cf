import type { IncomingMessage } from 'node:http';
import { credentialOf } from '../graph/request-credential.js';

// What a browser sends for a page of another site. Apollo adds its own rule: no simple request reaches the graph.

/**
 * A browser sends the cookie along whoever made the page, so a change under it must come from our own pages: same
 * `Origin`, or `Sec-Fetch-Site: same-origin`. Neither header means a program, which no page can make send one.
 */
export function isForeignChange(method: string, headers: IncomingMessage['headers'], publicUrl: string): boolean {
  const credential = credentialOf(headers);
  if (!credential || !('sessionCookie' in credential) || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return false;
  return isForeign(headers, publicUrl);
}

/**
 * A browser sends a form to any site without asking. One that signs in would leave the visitor of another page signed
 * in here as somebody else, who then reads what the visitor files.
 */
export function isForeignForm(headers: IncomingMessage['headers'], publicUrl: string): boolean {
  return (
    (headers['content-type'] ?? '').trim().toLowerCase().startsWith('application/x-www-form-urlencoded') &&
    isForeign(headers, publicUrl)
  );
}

/** A page of another site may open a socket to us, and the browser would send the cookie along. */
export function isForeignUpgrade({ origin, host, cookie }: IncomingMessage['headers']): boolean {
  return cookie !== undefined && cookie !== '' && !!origin && !isOfHost(origin, host);
}

function isForeign(headers: IncomingMessage['headers'], publicUrl: string): boolean {
  const { origin, 'sec-fetch-site': site, host } = headers;
  if (origin !== undefined) return origin !== new URL(publicUrl).origin && !isOfHost(origin, host);
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

const isOfHost = (origin: string, host: string | undefined): boolean => origin.replace(/^https?:\/\//, '') === host;
