import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { callbackify } from 'node:util';
import { Agent, buildConnector, request } from 'undici';
import { version } from '../../config/version.js';
import { isInNetworks, isPublicAddress, type Networks } from '../../lib/public-address.js';

/** What came of one attempt. */
export interface Outcome {
  /** Undefined: no answer came. */
  status?: number;
  durationMs: number;
  /** Beginning of the answer. */
  body?: string;
  retryAfter?: string | undefined;
  /** Why it did not arrive; undefined: it did. */
  error?: string;
}

export interface Sender {
  /** Never throws for what goes wrong on the way. Undefined: `stopping` was aborted before it ended. */
  post: (
    url: string,
    headers: Record<string, string>,
    body: Buffer,
    stopping: AbortSignal,
  ) => Promise<Outcome | undefined>;
  close: () => Promise<void>;
}

export interface SenderOptions {
  /** Addresses beyond the public ones that may be reached. */
  allowPrivate: 'all' | Networks;
  /** Of a whole attempt, from the look-up of the name to the last byte that is read. */
  timeoutMs: number;
}

/** Of an answer, at most; the rest is not read. */
const readBytes = 4_096;
const keptCharacters = 1_000;

class AddressRefused extends Error {}

/**
 * Sends webhooks. An address that is not public is refused when the connection is made, whatever the name led to
 * before; redirects are not followed.
 */
export function openSender({ allowPrivate, timeoutMs }: SenderOptions): Sender {
  const mayReach = (address: string): boolean =>
    allowPrivate === 'all' || isPublicAddress(address) || isInNetworks(address, allowPrivate);
  const resolver = new Resolver({ timeout: timeoutMs / 4, tries: 2 });
  const asksSystem = allowPrivate === 'all' || allowPrivate.length > 0;
  const lookupAll = callbackify(reachableOf(mayReach, { resolver, asksSystem }));
  const connectTo = buildConnector({
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
  const agent = new Agent({
    // A host that is an address is never looked up.
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !mayReach(host)) return callback(new AddressRefused(), null);
      connectTo(options, callback);
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4_000,
  });
  return {
    post: async (url, headers, body, stopping) => {
      const startedMs = performance.now();
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
      const durationMs = (): number => Math.round(performance.now() - startedMs);
      try {
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agent,
          signal,
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': `Passerelle-Webhooks/${version}`,
            ...headers,
          },
          body,
        });
        const text = await beginningOf(answer.body);
        const { statusCode: status } = answer;
        const retryAfter = answer.headers['retry-after'];
        return {
          status,
          durationMs: durationMs(),
          body: text,
          retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
          ...((status < 200 || status > 299) && { error: `Answered ${status}` }),
        };
      } catch (error) {
        if (stopping.aborted) return undefined;
        return {
          durationMs: durationMs(),
          error: signal.aborted ? `No answer within ${timeoutMs} ms` : reasonOf(error),
        };
      }
    },
    close: () => {
      resolver.cancel();
      return agent.destroy();
    },
  };
}

/**
 * The addresses of a name that may be reached. Asks the name servers, and not the system, which has four threads for
 * it: names that nobody answers for would hold up all work on files. Only where other than public addresses may be
 * reached does the system know more names. Throws when there is none.
 */
const reachableOf =
  (mayReach: (address: string) => boolean, { resolver, asksSystem }: { resolver: Resolver; asksSystem: boolean }) =>
  async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await addressesOf(hostname, resolver).catch((error: unknown) => {
      if (!asksSystem) throw error;
      return lookup(hostname, { all: true });
    });
    const reachable = addresses.filter(({ address }) => mayReach(address));
    if (!reachable.length) throw new AddressRefused();
    return reachable;
  };

/** Of both families. Throws when there is none. */
async function addressesOf(hostname: string, resolver: Resolver): Promise<LookupAddress[]> {
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = [
    ...(v4.status === 'fulfilled' ? v4.value : []).map((address) => ({ address, family: 4 })),
    ...(v6.status === 'fulfilled' ? v6.value : []).map((address) => ({ address, family: 6 })),
  ];
  if (!found.length) throw v4.status === 'rejected' ? v4.reason : new Error('No address');
  return found;
}

/** As text for the database. An answer that breaks off or drips past the time limit counts by what came. */
async function beginningOf(body: AsyncIterable<Buffer> & { destroy: () => unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      if ((size += chunk.length) >= readBytes) break;
    }
  } catch {
    body.destroy();
  }
  const text = Buffer.concat(chunks).subarray(0, readBytes).toString('utf8');
  return [...text.replaceAll('\0', '\uFFFD')].slice(0, keptCharacters).join('');
}

/** Says nothing of the network behind the server beside the kind of failure. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return 'The address of the host is not public';
  const { code, name } = error as { code?: string; name?: string };
  return `The connection failed (${code ?? name ?? 'unknown'})`;
}
