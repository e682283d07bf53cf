import type { Logger } from 'pino';
import type { StoredEvent } from '../events/catalog.js';
import type { EventFeed } from '../events/feed.js';
import type { Viewer } from '../kernel/viewer.js';

export interface SocketCredentials {
  /**
   * Calls `end` once when the viewer's credential or the person's rights have ended or changed. Returns a function
   * that stops watching.
   */
  watch: (viewer: Viewer, end: () => void) => () => void;
  stop: () => void;
}

/**
 * Ends the sockets of a credential as soon as it ends, in every process: each follows the same log. Rights that change
 * with a role's permissions end no socket; each message through one is checked with the viewer as of then.
 */
export function watchCredentials(events: EventFeed, log: Logger): SocketCredentials {
  const watched = new Set<{ viewer: Viewer; end: () => void }>();
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
    watch: (viewer, end) => {
      const socket = { viewer, end };
      watched.add(socket);
      return () => void watched.delete(socket);
    },
    stop: () => stopping.abort(),
  };
}

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
      return ({ credential }) => credential.kind === 'api_key' && credential.keyId === subjectId;
    case 'api_token.revoked':
      return ({ credential }) => credential.kind === 'api_token' && String(credential.tokenId) === subjectId;
    default:
      return undefined;
  }
}
