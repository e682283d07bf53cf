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
 * One connection that only listens; it is opened by the first `listen`. When it is lost it reconnects by itself, and
 * then calls everybody back, since notifications may have been missed.
 */
export function startListener(url: string, log: Logger): Listener {
  const callbacks = new Map<string, Set<() => void>>();
  let client: pg.Client | undefined;
  let connecting: Promise<void> | undefined;
  let isStopped = false;

  const connectOnce = async (next: pg.Client): Promise<void> => {
    next.on('notification', ({ channel }) => callbacks.get(channel)?.forEach((call) => call()));
    next.on('error', (error) => {
      if (client !== next || isStopped) return;
      log.warn({ err: error }, 'the listening connection was lost; reconnecting');
      client = undefined;
      connecting = connect();
    });
    await next.connect();
    for (const channel of callbacks.keys()) await next.query(`listen ${channel}`);
    client = next;
    callbacks.forEach((calls) => calls.forEach((call) => call()));
  };
  const connect = async (): Promise<void> => {
    for (let delayMs = firstRetryMs; !isStopped; delayMs = Math.min(delayMs * 2, maxRetryMs)) {
      const next = new pg.Client({ connectionString: url, application_name: 'passerelle-events', keepAlive: true });
      try {
        return await connectOnce(next);
      } catch (error) {
        log.warn({ err: error }, 'cannot listen for events yet');
        await next.end().catch(() => undefined);
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
      await client?.end();
    },
  };
}
