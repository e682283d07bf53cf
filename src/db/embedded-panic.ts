import type { PGlite } from '@electric-sql/pglite';

/**
 * Calls `onPanic` when PostgreSQL ends itself, as it does when it cannot write its log any more: on a full disk. What
 * is asked of it after that never returns, and keeps everything else in this process from running, signals too; so
 * `onPanic` must end the process; until it settles nothing more is asked.
 */
export function watchForPanic(
  client: Pick<PGlite, 'execProtocol' | 'execProtocolStream'>,
  onPanic: (error: unknown) => unknown,
): void {
  const watched = <A extends unknown[], R>(exec: (...given: A) => Promise<R>) =>
    async function (...given: A): Promise<R> {
      try {
        return await exec(...given);
      } catch (error) {
        if ((error as { severity?: string }).severity === 'PANIC') await onPanic(error);
        throw error;
      }
    };
  client.execProtocol = watched(client.execProtocol.bind(client));
  client.execProtocolStream = watched(client.execProtocolStream.bind(client));
}
