import ipaddr from 'ipaddr.js';

/** Networks as `10.0.0.0/8`; an address alone is the network of itself. */
export type Networks = readonly string[];

/** True for an address, or a network in CIDR notation, of either family. */
export const isNetwork = (text: string): boolean => ipaddr.isValidCIDR(text) || ipaddr.isValid(text);

/** Azure's own services for each machine, at an address that is public by its number: 169.254.169.254 elsewhere. */
const ofTheMachine: Networks = ['168.63.129.16'];

/**
 * Whether an address is one of the public internet: none of this machine, of a private or link-local network, of
 * documentation, multicast, or one that another address hides in (IPv4-mapped, NAT64, 6to4, Teredo). Of IPv6 only
 * 2000::/3 is allocated. What is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  const address = parsed(text);
  if (address?.range() !== 'unicast' || isInNetworks(text, ofTheMachine)) return false;
  return address.kind() === 'ipv4' || ((address as ipaddr.IPv6).parts[0] ?? 0) >> 13 === 1;
}

/** Addresses beyond the public ones that may be reached. */
export type AllowedAddresses = 'all' | Networks;

/** Whether what others have us send may go to an address. */
export const mayReach = (address: string, allowed: AllowedAddresses): boolean =>
  allowed === 'all' || isPublicAddress(address) || isInNetworks(address, allowed);

/**
 * Whether a URL's host, by itself, says that it leads where `mayReach` refuses: an address, or `localhost` with the
 * names below it (RFC 6761, section 6.3). What another name leads to is known when a connection is made, not before.
 */
export function isHostRefused({ hostname }: URL, allowed: AllowedAddresses): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  if (ipaddr.isValid(host)) return !mayReach(host, allowed);
  return /(^|\.)localhost$/.test(host) && !['127.0.0.1', '::1'].some((address) => mayReach(address, allowed));
}

/** Whether an address lies in one of the networks; an IPv4-mapped one counts as the IPv4 address that it is. */
export function isInNetworks(text: string, networks: Networks): boolean {
  const address = parsed(text);
  return networks.some((network) => {
    const [range, bits] = ipaddr.isValidCIDR(network)
      ? ipaddr.parseCIDR(network)
      : ([ipaddr.parse(network), undefined] as const);
    if (address?.kind() !== range.kind()) return false;
    return (address as ipaddr.IPv4).match(range as ipaddr.IPv4, bits ?? (range.kind() === 'ipv4' ? 32 : 128));
  });
}

/** The address, without a zone; undefined for what is none. */
function parsed(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const [plain = ''] = text.split('%');
  return ipaddr.isValid(plain) ? ipaddr.process(plain) : undefined;
}
