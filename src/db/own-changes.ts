import type pg from 'pg';

/**
 * What this process's own transactions changed. A notification may come after the answer to the change has been sent; what
 * a trigger says on the connection itself (`raise info '<channel>'`) is told here once the transaction has ended, before
 * its last statement resolves. A transaction that rolled back is told of as well.
 */
export class OwnChanges {
  readonly #calls = new Map<string, () => void>();
  readonly #eachCalls: (() => void)[] = [];

  /** One call a channel. */
  on(channel: string, call: () => void): void {
    this.#calls.set(channel, call);
  }

  /** Calls back after every statement and transaction of those connections, whatever it changed. */
  onEach(call: () => void): void {
    this.#eachCalls.push(call);
  }

  /** Takes a new connection, before its first statement. */
  follow(client: pg.PoolClient): void {
    const said = new Set<string>();
    const tell = (): void => {
      for (const channel of said) this.#calls.get(channel)?.();
      said.clear();
    };
    client.on('notice', ({ message }) => {
      if (message !== undefined && this.#calls.has(message)) said.add(message);
    });
    client.connection.prependListener('readyForQuery', ({ status }: { status: string }) => {
      if (status !== outsideTransaction) return;
      for (const call of this.#eachCalls) call();
      if (said.size > 0) tell();
    });
    // Whether a commit under way took place is then not known.
    client.on('end', tell);
  }
}

/** PostgreSQL's protocol, ReadyForQuery. */
const outsideTransaction = 'I';
