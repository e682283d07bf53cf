/** The form of every secret that the server makes: a kind and 32 random bytes in base64url. */
const secret = /\b([a-z]{2,4}_)[A-Za-z0-9_-]{30,}/g;

/**
 * A path for the log, with the secrets in it cut down to their kind: a share link is an address that opens a door.
 * Looked for in the decoded form as well, since `lnk%5F…` opens the same door.
 */
export function maskSecrets(path: string): string {
  if (!/[_%]/.test(path)) return path;
  const plain = decoded(path);
  const masked = plain.replace(secret, '$1***');
  return masked === plain ? path : masked;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path.replace(/%([0-9a-f]{2})/gi, (sequence, hex: string) =>
      Number.parseInt(hex, 16) < 0x80 ? String.fromCharCode(Number.parseInt(hex, 16)) : sequence,
    );
  }
}
