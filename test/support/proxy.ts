import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { running } from './running.js';

export interface Proxy {
  port: number;
  /** As when the server has stopped: connections end, new ones are refused. */
  refuse: () => Promise<void>;
  /** As when it hangs: connections, also new ones, stay open and nothing passes. */
  hang: () => void;
  /**
   * Back to normal. Connections that hung stay as they are, like those to a machine that was replaced, unless `thaw`
   * says that the same server goes on.
   */
  serve: (options?: { thaw?: boolean }) => Promise<void>;
  stop: () => Promise<void>;
}

/** Stands between the server and what it depends on. */
export async function startProxy(target: { host: string; port: number }): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isHanging = false;
  const pass = ([one, other]: readonly [Socket, Socket]): void => void [one.pipe(other), other.pipe(one)];
  const freeze = ([one, other]: readonly [Socket, Socket]): void => {
    for (const [socket, to] of [
      [one, other],
      [other, one],
    ] as const) {
      socket.unpipe(to);
      socket.pause();
    }
  };
  const server: Server = createServer((socket) => {
    const pair = [socket, connect(target)] as const;
    pairs.add(pair);
    for (const each of pair) {
      each.on('error', () => undefined);
      each.on('close', () => {
        pairs.delete(pair);
        pair.forEach((one) => one.destroy());
      });
    }
    if (isHanging) freeze(pair);
    else pass(pair);
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const pair of pairs) pair.forEach((socket) => socket.destroy());
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  running.set(server, 'a proxy');
  return {
    port,
    refuse: close,
    hang: () => {
      isHanging = true;
      pairs.forEach(freeze);
    },
    serve: async ({ thaw = false } = {}) => {
      isHanging = false;
      if (thaw) pairs.forEach(pass);
      if (!server.listening) await listen(port);
    },
    stop: async () => {
      if (server.listening) await close();
      running.delete(server);
    },
  };
}
