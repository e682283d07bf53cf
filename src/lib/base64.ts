/** Base64 or base64url, padded or not, as the base64url that it stands for; undefined for anything else. */
export function base64urlOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 0 ? undefined : bytes.toString('base64url');
}
