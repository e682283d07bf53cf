import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Whose requests from the network are counted together: an IPv4 address, or the /64 of an IPv6 one, since whoever has
 * one address of a /64 has them all. Text that is no address (what a trusted proxy may send) stands for itself.
 */
export function countedAddress(ip: string | undefined): string {
  const plain = (ip ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(plain) !== 6) return plain.slice(0, 64) || 'unknown';
  const [head = '', tail = ''] = canonical(plain).split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const whole = [...groups, ...Array.from<string>({ length: missing }).fill('0')];
  return `${whole.concat(tail.split(':')).slice(0, 4).join(':')}::/64`;
}

/** RFC 5952, as the URL standard's serializer writes it. */
const canonical = (ipv6: string): string => new URL(`http://[${ipv6}]`).hostname.slice(1, -1);

/** The client's address behind `hops` trusted proxies, by the rule of Express's `trust proxy`. */
export function addressBehind(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  hops: number,
): string | undefined {
  if (hops === 0) return socket.remoteAddress;
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const nearestFirst = [socket.remoteAddress, ...forwarded.reverse()];
  return nearestFirst[Math.min(hops, nearestFirst.length - 1)];
}

/**
 * Whether the client speaks https: the address that browsers see says so, or the outermost of the trusted proxies does.
 */
export const isSecure = (
  { headers }: Pick<IncomingMessage, 'headers'>,
  { publicUrl, trustProxy }: { publicUrl: string; trustProxy: number },
): boolean =>
  publicUrl.startsWith('https:') ||
  (trustProxy > 0 &&
    String(headers['x-forwarded-proto'] ?? '')
      .split(',')[0]
      ?.trim() === 'https');
