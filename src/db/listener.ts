import pg from 'pg';
import type { Logger } from 'pino';
import type { Listen } from './database.js';

export interface Listener {
  listen: Listen;
  isConnected: () => boolean;
  stop: () => Promise<void>;
}

const firstRetryMs = 100;
const maxRetryMs = 5_000;
/**
 * How often it is asked for a sign of life, which it has as long to give: a server that hangs, or a line that was cut,
 * says nothing by itself, and who only listens would wait for ever.
 */
const heartbeatMs = 5_000;

/**
 * One connection that only listens; it is opened by the first `listen`. When it is lost it reconnects by itself, and
 * then calls everybody back, since notifications may have been missed.
 */
export function startListener(
  url: string,
  { log, patienceMs }: { log: Logger; /** For a sign of life, when less than `heartbeatMs`. */ patienceMs: number },
): Listener {
  const silentAfterMs = Math.min(heartbeatMs, patienceMs);
  const callbacks = new Map<string, Set<() => void>>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let isStopped = false;
  let heartbeat: NodeJS.Timeout | undefined;

  const lookAfter = (connection: pg.Client): void => {
    clearInterval(heartbeat);
    heartbeat = setInterval(() => {
      // Cut, it ends with an error, and is replaced.
      connection.query('select 1').catch(() => cut(connection));
    }, silentAfterMs);
    heartbeat.unref();
  };
  const connectOnce = async (next: pg.Client): Promise<void> => {
    next.on('notification', ({ channel }) => callbacks.get(channel)?.forEach((call) => call()));
    next.on('error', (error) => {
      if (client !== next || isStopped) return;
      log.warn({ err: error }, 'the listening connection was lost; reconnecting');
      client = undefined;
      clearInterval(heartbeat);
      connecting = connect();
    });
    await next.connect();
    for (const channel of callbacks.keys()) await next.query(`listen ${channel}`);
    if (isStopped) return void (await next.end());
    client = next;
    lookAfter(next);
    callbacks.forEach((calls) => calls.forEach((call) => call()));
  };
  const connect = async (): Promise<void> => {
    for (let delayMs = firstRetryMs; !isStopped; delayMs = Math.min(delayMs * 2, maxRetryMs)) {
      const next = new pg.Client({
        connectionString: url,
        application_name: 'passerelle-events',
        keepAlive: true,
        connectionTimeoutMillis: heartbeatMs,
        query_timeout: silentAfterMs,
      });
      try {
        return await connectOnce(next);
      } catch (error) {
        log.warn({ err: error }, 'cannot listen for events yet');
        cut(next);
        await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
      }
    }
  };
  return {
    listen: async (channel, onNotify) => {
      const calls = callbacks.get(channel) ?? new Set();
      const isNew = calls.size === 0;
      callbacks.set(channel, calls.add(onNotify));
      await (connecting ??= connect());
      if (isNew) await client?.query(`listen ${channel}`);
      return async () => {
        calls.delete(onNotify);
      };
    },
    isConnected: () => client !== undefined,
    stop: async () => {
      isStopped = true;
      clearInterval(heartbeat);
      await client?.end();
    },
  };
}

/** At once, and without a word to a server that may not be there. */
const cut = (client: pg.Client): void =>
  void (client as unknown as { connection: pg.Connection }).connection.stream.destroy();
