/**
 * The path of a request's target (RFC 9112, 3.2) as it was sent: without its query, and without the host of an absolute
 * form.
 */
export function requestPath(target: string): string {
  const local = target.startsWith('/') ? target : target.replace(/^\w+:\/\/[^/?#]*/, '');
  const end = local.search(/[?#]/);
  return (end < 0 ? local : local.slice(0, end)) || '/';
}
