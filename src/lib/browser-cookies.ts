/** The cookies that a browser gets, by whichever door. No script reads them; `setCookie` writes the header. */
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
