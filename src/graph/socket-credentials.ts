import type { Logger } from 'pino';
import type { StoredEvent } from '../events/catalog.js';
import type { EventFeed } from '../events/feed.js';
import type { Context } from '../kernel/context.js';
import type { Viewer } from '../kernel/viewer.js';

export interface SocketCredentials {
  /**
   * Calls `end` once when the credential has ended, at the moment when its time is over, or when the person's rights
   * have changed. Resolves to a function that stops watching; the credential held then, or `end` was called.
   */
  watch: (context: Pick<Context, 'viewer' | 'refresh' | 'services'>, end: () => void) => Promise<() => void>;
  stop: () => void;
}

/** Node's timers take no more. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Ends the sockets of a credential as soon as it ends, in every process: each follows the same log. Rights that change
 * with a role's permissions end no socket; each message through one is checked with the viewer as of then.
 */
export function watchCredentials(events: EventFeed, log: Logger): SocketCredentials {
  const watched = new Set<{ viewer: Viewer; end: () => void; check: () => Promise<void> }>();
  const stopping = new AbortController();
  const endAll = (concerns: (viewer: Viewer) => boolean): void => {
    for (const socket of watched) {
      if (!concerns(socket.viewer)) continue;
      watched.delete(socket);
      socket.end();
    }
  };
  const follow = async (): Promise<void> => {
    for (let again = true; again;) {
      again = false;
      try {
        for await (const event of events.stream({ signal: stopping.signal })) {
          const concerns = endedBy(event);
          if (concerns) endAll(concerns);
          // The time at which it ends may be another one.
          if (event.type === 'api_key.updated')
            for (const { viewer, check } of watched) if (isOfKey(viewer, event.subjectId)) void check();
        }
      } catch (error) {
        log.error({ err: error }, 'ended credentials cannot be followed: every socket has to prove itself anew');
        endAll(() => true);
        again = true;
      }
    }
  };
  void follow();
  return {
    watch: async ({ viewer, refresh, services }, end) => {
      let timer: NodeJS.Timeout | undefined;
      const check = async (): Promise<void> => {
        try {
          const { endsAtMs } = await refresh();
          clearTimeout(timer);
          if (!watched.has(socket) || endsAtMs === Infinity) return;
          // It may have been prolonged until then.
          const leftMs = Math.max(1, Math.min(endsAtMs - services.now().valueOf(), longestTimerMs));
          timer = setTimeout(() => void check(), leftMs);
        } catch {
          if (watched.delete(socket)) socket.end();
        }
      };
      const socket = {
        viewer,
        check,
        end: () => {
          clearTimeout(timer);
          end();
        },
      };
      watched.add(socket);
      await check();
      return () => {
        clearTimeout(timer);
        watched.delete(socket);
      };
    },
    stop: () => stopping.abort(),
  };
}

const isOfKey = ({ credential }: Viewer, id: string): boolean =>
  credential.kind === 'api_key' && credential.keyId === id;

/** Returns whose sockets an event closes; undefined when it closes none. */
function endedBy({ type, subjectId }: StoredEvent): ((viewer: Viewer) => boolean) | undefined {
  switch (type) {
    case 'user.deactivated':
    case 'user.erased':
    case 'user.password_changed':
    case 'user.roles_changed':
      return ({ userId }) => String(userId) === subjectId;
    case 'session.revoked':
      return ({ credential }) => 'sessionId' in credential && credential.sessionId === subjectId;
    case 'api_key.revoked':
      return (viewer) => isOfKey(viewer, subjectId);
    case 'api_token.revoked':
      return ({ credential }) => credential.kind === 'api_token' && String(credential.tokenId) === subjectId;
    default:
      return undefined;
  }
}
