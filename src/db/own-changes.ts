import type pg from 'pg';

/**
 * Changes that this process made itself. A notification may come after the answer to the change has been sent; what a
 * trigger says on the connection of the change (`raise info '<channel>'`) is passed on here once the transaction has
 * ended, before its last statement resolves. That includes transactions that rolled back.
 */
export class OwnChanges {
  readonly #callbacks = new Map<string, () => void>();
  readonly #eachCallbacks: (() => void)[] = [];

  /** Calls back when a transaction has said the name of the channel. One callback a channel. */
  on(channel: string, callback: () => void): void {
    this.#callbacks.set(channel, callback);
  }

  /** Calls back after every statement and transaction of the followed connections, whatever it changed. */
  onEach(callback: () => void): void {
    this.#eachCallbacks.push(callback);
  }

  /** Takes a new connection, before its first statement. */
  follow(client: pg.PoolClient): void {
    const channels = new Set<string>();
    const callBack = (): void => {
      for (const channel of channels) this.#callbacks.get(channel)?.();
      channels.clear();
    };
    client.on('notice', ({ message }) => {
      if (message !== undefined && this.#callbacks.has(message)) channels.add(message);
    });
    client.connection.prependListener('readyForQuery', ({ status }: { status: string }) => {
      if (status !== outsideTransaction) return;
      for (const callback of this.#eachCallbacks) callback();
      if (channels.size > 0) callBack();
    });
    // A connection that is lost during a commit does not say whether the commit took place.
    client.on('end', callBack);
  }
}

/** Status of PostgreSQL's ReadyForQuery message. */
const outsideTransaction = 'I';
