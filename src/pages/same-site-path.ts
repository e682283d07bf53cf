/**
 * The value if it is a path of this site, otherwise `fallback`: keeps a `next` parameter from leading to another site
 * (OWASP, unvalidated redirects).
 *
 * Browsers read `//host` and `/\host` as another host, and drop tabs and line breaks first, so that `/<tab>/host` is
 * one too. The value is returned as it came: resolving `/..//host` would make it another host.
 */
export function sameSitePath(value: unknown, fallback = '/console/'): string {
  if (typeof value !== 'string' || value.length > 2000) return fallback;
  // oxlint-disable-next-line no-control-regex
  if (!/^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/.test(value)) return fallback;
  return value;
}
