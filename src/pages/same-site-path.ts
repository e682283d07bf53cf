/**
 * Keeps a `next` parameter from sending people elsewhere (OWASP, unvalidated redirects): the value when it is a path
 * of this site, otherwise `fallback`.
 *
 * Browsers take `//host` and `/\host` for another host, and drop tabs and line breaks before they look, so that
 * `/<tab>/host` is one too. The value is returned as it came: resolving `/..//host` first would make one.
 */
export function sameSitePath(value: unknown, fallback = '/'): string {
  if (typeof value !== 'string' || value.length > 2000) return fallback;
  // oxlint-disable-next-line no-control-regex
  if (!/^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/.test(value)) return fallback;
  return value;
}
