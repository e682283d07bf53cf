import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { callbackify } from 'node:util';
import type { Agent, buildConnector, Dispatcher } from 'undici';
import { type AllowedAddresses, mayReach as isReachable } from './public-address.js';

export interface PublicAgentOptions {
  allowPrivate: AllowedAddresses;
  /** Of a connection, of headers, and of a pause in a body. */
  timeoutMs: number;
  /** How a name is looked up; for tests. Default: by the name servers. */
  addressesOf?: ((hostname: string) => Promise<LookupAddress[]>) | undefined;
}

/** A request led, by its host or by what its host's name says, to an address that may not be reached. */
export class AddressRefused extends Error {}

/** Sends requests; `close` ends those under way. */
export interface PublicAgent {
  request: (
    url: string,
    options: { method: Dispatcher.HttpMethod } & Partial<
      Pick<Dispatcher.RequestOptions, 'headers' | 'body' | 'signal'>
    >,
  ) => Promise<Dispatcher.ResponseData>;
  close: () => Promise<void>;
}

/**
 * Sends what others have us send. An address that is not public is refused when the connection is made, whatever the
 * name led to before. `close` also ends look-ups.
 */
export function publicAgent({ allowPrivate, timeoutMs, ...given }: PublicAgentOptions): PublicAgent {
  const mayReach = (address: string): boolean => isReachable(address, allowPrivate);
  const resolver = new Resolver({ timeout: 2_500, tries: 2 });
  const asksSystem = allowPrivate === 'all' || allowPrivate.length > 0;
  const addressesOf = given.addressesOf ?? ((hostname) => askedAddresses(hostname, { resolver, asksSystem }));
  const lookupAll = callbackify((hostname: string) => reachableAddresses(hostname, addressesOf, mayReach));
  let opened: Agent | undefined;
  let isClosed = false;
  return {
    request: async (url, options) => {
      // Loaded with the first request: it is large.
      const undici = await import('undici');
      opened ??= openAgent(undici, { timeoutMs, lookupAll, mayReach });
      if (isClosed) await opened.destroy();
      return undici.request(url, { ...options, dispatcher: opened });
    },
    close: async () => {
      isClosed = true;
      resolver.cancel();
      await opened?.destroy();
    },
  };
}

interface Reaching extends Pick<PublicAgentOptions, 'timeoutMs'> {
  lookupAll: (hostname: string, callback: (error: Error | null, found: LookupAddress[]) => void) => void;
  mayReach: (address: string) => boolean;
}

function openAgent(undici: typeof import('undici'), { timeoutMs, lookupAll, mayReach }: Reaching): Agent {
  const connectTo = undici.buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    // Has the look-up always asked for all addresses.
    autoSelectFamily: true,
    lookup: (
      hostname: string,
      _options: LookupOptions,
      callback: (error: Error | null, found: LookupAddress[]) => void,
    ) => lookupAll(hostname, callback),
  } as buildConnector.BuildOptions);
  return new undici.Agent({
    // A host that is an address is never looked up.
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !mayReach(host)) return callback(new AddressRefused(), null);
      connectTo(options, (...[error, socket]) => {
        // The look-up was asked about these very addresses; whatever led elsewhere is refused all the same.
        if (!socket || mayReach(socket.remoteAddress ?? '')) return callback(...([error, socket] as [null, Socket]));
        socket.destroy();
        callback(new AddressRefused(), null);
      });
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
  });
}

/** The addresses of a name. Throws when one of them may not be reached: a name that leads to both is a trap. */
async function reachableAddresses(
  hostname: string,
  addressesOf: (hostname: string) => Promise<LookupAddress[]>,
  mayReach: (address: string) => boolean,
): Promise<LookupAddress[]> {
  const addresses = await addressesOf(hostname);
  if (!addresses.every(({ address }) => mayReach(address))) throw new AddressRefused();
  return addresses;
}

/**
 * Asks the name servers, and not the system, which has four threads for it: names that nobody answers for would hold up
 * all work on files. Only where other than public addresses may be reached does the system know more names.
 */
const askedAddresses = (
  hostname: string,
  { resolver, asksSystem }: { resolver: Resolver; asksSystem: boolean },
): Promise<LookupAddress[]> =>
  resolvedAddresses(hostname, resolver).catch((error: unknown) => {
    if (!asksSystem) throw error;
    return lookup(hostname, { all: true });
  });

/** Of both families. Throws when there is none. */
async function resolvedAddresses(hostname: string, resolver: Resolver): Promise<LookupAddress[]> {
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [
    ...(v4.status === 'fulfilled' ? v4.value : []).map((address) => ({ address, family: 4 })),
    ...(v6.status === 'fulfilled' ? v6.value : []).map((address) => ({ address, family: 6 })),
  ];
  if (!found.length) throw v4.status === 'rejected' ? v4.reason : new Error('No address');
  return found;
}

/** Says nothing of the network behind the server beside the kind of failure. */
export function failureOf(error: unknown): string {
  if (error instanceof AddressRefused) return 'The address of the host is not public';
  const { code, name } = error as { code?: string; name?: string };
  return `The connection failed (${code ?? name ?? 'unknown'})`;
}
