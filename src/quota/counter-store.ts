import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { ConfigError } from '../config/config-error.js';

/** A counter's state in its current window, which opened with its first use. */
export interface Reading {
  used: number;
  /** Until the window ends and the counter starts anew. */
  msLeft: number;
}

/** Counters that end by themselves. */
export interface CounterStore {
  /** Adds (or with a negative number takes back) points; a counter that isn't there gets a window of `seconds`. */
  add: (key: string, points: number, seconds: number) => Promise<Reading>;
  /** Undefined when nothing has been counted in the window. */
  read: (key: string) => Promise<Reading | undefined>;
  /** Undefined without Redis. */
  texts: SharedTexts | undefined;
  /** Whether Redis answers; true without one. */
  isUp: () => Promise<boolean>;
  close: () => Promise<void>;
}

/** Short texts that all processes see, for a while. While Redis is out of reach nothing is kept and nothing found. */
export interface SharedTexts {
  put: (key: string, text: string, seconds: number) => Promise<void>;
  get: (keys: readonly string[]) => Promise<(string | null)[]>;
}

export interface CounterStoreOptions {
  /** undefined: the counters are this process's own and end with it. */
  redisUrl: string | undefined;
  /** Tells installations that share one Redis apart; the same in all processes of one. */
  installation: string;
  log: Logger;
}

/** Node's timers hold 24.8 days; the library's would fire at once for longer windows, and forget the count. */
const longestWindowSeconds = 2 ** 31 / 1000 - 1;

class MemoryCounters extends RateLimiterMemory {
  override penalty(key: string, points: number, options: { customDuration: number }): Promise<RateLimiterRes> {
    return super.penalty(key, points, {
      customDuration: Math.min(options.customDuration, Math.floor(longestWindowSeconds)),
    });
  }
}

/** A request waits no longer for Redis than this; then memory counts. */
const answerTimeoutMs = 1000;
const connectTimeoutMs = 5000;

/** Throws a ConfigError when Redis is configured and does not answer. */
export async function openCounterStore({ redisUrl, installation, log }: CounterStoreOptions): Promise<CounterStore> {
  // The limits are ours to compare: the limiters only count, each key with a window of its own.
  const counting = { points: 0, duration: 0, keyPrefix: `passerelle:${installation}` };
  const memory = new MemoryCounters(counting);
  if (redisUrl === undefined) {
    return { ...storeOn(memory), texts: undefined, isUp: async () => true, close: async () => undefined };
  }

  const client = await connect(redisUrl, log);
  const redis = new RateLimiterRedis({
    ...counting,
    storeClient: client,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
  });
  return {
    ...storeOn(redis),
    texts: textsIn(client, counting.keyPrefix),
    isUp: async () => {
      try {
        return client.isReady && (await client.ping()) === 'PONG';
      } catch {
        return false;
      }
    },
    close: async () => {
      if (client.isReady) await client.close();
      else client.destroy();
    },
  };
}

function storeOn(limiter: RateLimiterMemory | RateLimiterRedis): Pick<CounterStore, 'add' | 'read'> {
  return {
    add: async (key, points, seconds) => readingOf(await limiter.penalty(key, points, { customDuration: seconds })),
    read: async (key) => {
      const found = await limiter.get(key);
      return found ? readingOf(found) : undefined;
    },
  };
}

const textsIn = (client: RedisClient, prefix: string): SharedTexts => ({
  put: async (key, text, seconds) => {
    await client.set(`${prefix}:${key}`, text, { expiration: { type: 'EX', value: seconds } }).catch(() => undefined);
  },
  get: (keys) => client.mGet(keys.map((key) => `${prefix}:${key}`)).catch(() => keys.map(() => null)),
});

const readingOf = ({ consumedPoints, msBeforeNext }: RateLimiterRes): Reading => ({
  used: consumedPoints,
  msLeft: Math.max(0, msBeforeNext),
});

type RedisClient = Awaited<ReturnType<typeof clientOf>>;

async function clientOf(url: string, wasReady: () => boolean) {
  // A megabyte that servers without Redis do without.
  const { createClient } = await import('redis');
  return createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: answerTimeoutMs },
    socket: {
      connectTimeout: connectTimeoutMs,
      // At the start an unreachable Redis is a mistake to report; later it is an outage to outlast.
      reconnectStrategy: (retries, cause) => (wasReady() ? Math.min(100 * 2 ** retries, 5000) : cause),
    },
  });
}

async function connect(url: string, log: Logger): Promise<RedisClient> {
  let wasReady = false;
  let isLost = false;
  const client = await clientOf(url, () => wasReady);
  client.on('error', (err: unknown) => {
    if (!wasReady || isLost) return;
    isLost = true;
    log.error({ err }, 'Redis is lost: each process counts its quotas by itself until it is back');
  });
  client.on('ready', () => {
    if (isLost) log.info('Redis is back');
    isLost = false;
  });
  try {
    await client.connect();
    // What takes a connection need not be Redis, and without its password Redis refuses the first command only.
    await client.ping();
  } catch (error) {
    if (client.isOpen) client.destroy();
    throw new ConfigError(`REDIS_URL: ${refusalOf(error as Error, new URL(url).host)}`, {
      cause: error,
    });
  }
  wasReady = true;
  return client;
}

/** Errors of the socket reach us wrapped, without their code. */
function refusalOf({ message }: Error, place: string): string {
  if (/\b(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b/.test(message)) return `nobody answers at ${place}`;
  if (/\b(?:ENOTFOUND|EAI_AGAIN)\b/.test(message)) return `there is no host of the name in ${place}`;
  if (/^(?:WRONGPASS|NOAUTH|ERR AUTH)/.test(message)) return `${place} refuses the user or the password`;
  return `${place} cannot be used (${message.split('\n')[0]})`;
}
