import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

export interface SecurityHeadersOptions {
  /** Whether the public address is https; browsers are then told to stay on it (HSTS, one year). Default: false. */
  https?: boolean;
}

/**
 * The security headers of every answer: no other host is contacted and no inline script runs. Inline styles stay
 * allowed, since Monaco and styled-components write them; Redoc's search runs in a `blob:` worker. The source `'self'`
 * of `connect-src` covers `ws:` and `wss:` on the same origin (CSP level 3, section 6.7.2.8). Returns a function that
 * sets the headers on an answer; they are computed once.
 */
export function securityHeaders({ https = false }: SecurityHeadersOptions = {}): (response: ServerResponse) => void {
  const write = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // With 'no-referrer' browsers post forms with `Origin: null`, which the check of the origin refuses.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: https && { maxAge: 365 * 24 * 3600, includeSubDomains: false },
  });
  const headers: [name: string, value: string][] = [];
  const sample = {
    setHeader: (name: string, value: string) => void headers.push([name, value]),
    removeHeader: () => undefined,
  };
  write({} as IncomingMessage, sample as unknown as ServerResponse, () => undefined);
  return (response) => {
    for (const [name, value] of headers) response.setHeader(name, value);
  };
}
