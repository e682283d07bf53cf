import { setCookie } from './cookie.js';

/** The cookies that a browser gets, by whichever door. No script reads them. */
export const sessionCookie = {
  name: 'kdocs_session',
  /** Longer than the session's idle hour, which the server renews with each use and ends. */
  maxAgeSeconds: 12 * 3600,
} as const;

export const deviceCookie = {
  name: 'passerelle_device',
  /** As long as the server remembers a device that isn't used. */
  maxAgeSeconds: 180 * 86_400,
} as const;

export type BrowserCookie = typeof sessionCookie | typeof deviceCookie;

/** The header `Set-Cookie` that has a browser keep the value; an empty one removes the cookie. */
export const keptCookie = ({ name, maxAgeSeconds }: BrowserCookie, value: string, secure: boolean): string =>
  setCookie(name, value, { maxAgeSeconds: value === '' ? 0 : maxAgeSeconds, sameSite: 'Lax', secure });
