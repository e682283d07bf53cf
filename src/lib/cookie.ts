/** The value of a cookie in the header `Cookie`; undefined when it is not there. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

export interface CookieOptions {
  /** Default: the whole site. */
  path?: string;
  /** 0 removes the cookie. */
  maxAgeSeconds: number;
  sameSite: 'Lax' | 'Strict';
  /** Whether the browser sends it over https only. */
  secure: boolean;
}

/** The header `Set-Cookie` for a cookie that no script reads (RFC 6265). */
export const setCookie = (
  name: string,
  value: string,
  { path = '/', maxAgeSeconds, sameSite, secure }: CookieOptions,
): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
    ...(secure ? ['Secure'] : []),
  ].join('; ');
