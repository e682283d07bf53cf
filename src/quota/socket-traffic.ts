import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { RawData, WebSocket } from 'ws';
import { countedAddress } from './address.js';
import { placesOf } from './places.js';

/** What websockets may send, at all doors together, in this process. Beyond it they are closed with 4429. */
export const socketLimits = {
  windowMs: 10_000,
  /** Messages and pings of one socket within the window. */
  messages: 1_000,
  /** Of all sockets of one person. */
  personMessages: 3_000,
  personBytes: 32 * 1024 * 1024,
  /** Sockets of one address on which nobody has signed in yet. */
  waiting: 500,
  /** Whoever went beyond these opens no socket for so long. */
  penaltyMs: 30_000,
  /** So many sockets of an address, closed for it before anybody had signed in, cost the address the same. */
  strikes: 20,
} as const;

export const tooManyMessages = 4429;
/** How long a socket that sends too much has to take leave. */
const leaveMs = 2_000;
/** How long one who is kept out waits for the answer: who asks again and again does so once a second. */
const refusalMs = 1_000;
/** As many people are counted before those whose time is over are forgotten. */
const mostCounted = 1_000;

interface Counted {
  startMs: number;
  messages: number;
  bytes: number;
}

/** Of a socket: who has signed in on it, from where it came, and what gives back its place. */
interface Owner {
  userId: number | undefined;
  address: string;
  stopWaiting: () => void;
}

const nothing = (): Counted => ({ startMs: performance.now(), messages: 0, bytes: 0 });
const isOver = ({ startMs }: Counted): boolean => performance.now() - startMs > socketLimits.windowMs;

/** Counts what comes over the sockets of all doors. */
export class SocketTraffic {
  readonly #people = new Map<number, Counted>();
  readonly #strikes = new Map<string, Counted>();
  readonly #owners = new WeakMap<WebSocket, Owner>();
  /** People, by number, and addresses that are kept out; each is forgotten when its time is over. */
  readonly #keptOut: LRUCache<number | string, true>;
  readonly #waiting = placesOf(socketLimits.waiting);

  constructor(penaltyMs: number = socketLimits.penaltyMs) {
    this.#keptOut = new LRUCache({ ttl: penaltyMs, ttlAutopurge: true });
  }

  /** Takes a place for a socket that is about to open, on which nobody has signed in yet; undefined: there is none. */
  wait(address: string | undefined): (() => void) | undefined {
    const counted = countedAddress(address);
    return this.#leftMs(counted) > 0 ? undefined : this.#waiting.take(counted);
  }

  /** The socket from that address is open; somebody may sign in on it. */
  expect(socket: WebSocket, address: string | undefined, stopWaiting: () => void): void {
    this.#owners.set(socket, { userId: undefined, address: countedAddress(address), stopWaiting });
  }

  /** For how many seconds somebody who has sent too much is kept out; tells them after a while only. 0: not at all. */
  async secondsOut(userId: number | undefined): Promise<number> {
    if (userId === undefined || this.#leftMs(userId) === 0) return 0;
    await sleep(refusalMs);
    return Math.ceil(this.#leftMs(userId) / 1_000);
  }

  /**
   * Counts what the socket sends, to be called before its messages are listened to. `refuse` is called once, when that
   * is too much: it has to close the socket, of which no message is given to anybody any more.
   */
  watch(socket: WebSocket, refuse: () => void): void {
    let own = nothing();
    const count = (data: RawData): void => {
      if (isOver(own)) own = nothing();
      own.messages += 1;
      const { userId } = this.#owners.get(socket) ?? {};
      if (own.messages <= socketLimits.messages && (userId === undefined || this.#mayGoOn(userId, lengthOf(data))))
        return;
      this.#punish(socket);
      socket.off('ping', count);
      socket.removeAllListeners('message');
      refuse();
      const timer = setTimeout(() => socket.terminate(), leaveMs);
      socket.once('close', () => clearTimeout(timer));
    };
    socket.on('message', count);
    socket.on('ping', count);
  }

  /** Somebody has signed in on the socket, whose messages count as theirs from now on. */
  belongsTo(socket: WebSocket, userId: number | undefined): void {
    const owner = this.#owners.get(socket);
    owner?.stopWaiting();
    if (owner) owner.userId = userId;
  }

  #punish(socket: WebSocket): void {
    const { userId, address } = this.#owners.get(socket) ?? {};
    if (userId !== undefined) return void this.#keptOut.set(userId, true);
    if (address === undefined) return;
    const struck = countedOf(this.#strikes, address);
    if ((struck.messages += 1) >= socketLimits.strikes) this.#keptOut.set(address, true);
  }

  /** How long somebody is kept out yet; 0 for whoever may come in. */
  #leftMs(holder: number | string): number {
    return Math.max(0, this.#keptOut.getRemainingTTL(holder));
  }

  #mayGoOn(userId: number, bytes: number): boolean {
    const counted = countedOf(this.#people, userId);
    counted.messages += 1;
    counted.bytes += bytes;
    return counted.messages <= socketLimits.personMessages && counted.bytes <= socketLimits.personBytes;
  }
}

/** What is counted of `holder` in the present window. */
function countedOf<Holder>(all: Map<Holder, Counted>, holder: Holder): Counted {
  const known = all.get(holder);
  if (known && !isOver(known)) return known;
  if (all.size >= mostCounted) for (const [each, counted] of all) if (isOver(counted)) all.delete(each);
  const counted = nothing();
  all.set(holder, counted);
  return counted;
}

const lengthOf = (data: RawData): number =>
  Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
