/**
 * The address of a file at the host that the page came from: the browser may know the server by another name than the
 * public one, and the session's cookie belongs to the name that was used.
 */
export function ownAddress(address: string): string {
  const { pathname, search } = new URL(address, location.origin);
  return `${pathname}${search}`;
}
