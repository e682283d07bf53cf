/**
 * What a device can be told by while two of its tabs refresh: the program, its network, and whether that is one of
 * IPv4 or IPv6. A browser may speak both at once, and nothing compares a network of one with one of the other.
 */
import { isIPv6 } from 'node:net';
import type { Context } from '../../../kernel/context.js';
import { countedAddress } from '../../../quota/address.js';
import { hashSecret } from './resolve-viewer.js';

type Asking = Pick<Context, 'ip' | 'userAgent'>;

/** As it is stored with a refresh token: the family, and hashes of the program and of the program in its network. */
export function deviceMark({ ip, userAgent = '' }: Asking): string {
  const network = countedAddress(ip);
  const family = isIPv6(network.replace('/64', '')) ? '6' : '4';
  return [family, hashSecret(userAgent), hashSecret(`${network} ${userAgent}`)].join('.');
}

/** Whether the token was given to the device that asks. `mark` may be of before families: the last of its parts. */
export function isDevice(mark: string | null, asking: Asking): boolean {
  const [family, program, inNetwork] = deviceMark(asking).split('.');
  const parts = mark?.split('.') ?? [];
  if (parts.at(-1) === inNetwork) return true;
  return parts.length === 3 && parts[0] !== family && parts[1] === program;
}
