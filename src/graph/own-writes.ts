import type { Database } from '../db/database.js';
import type { Replicas, WalPlace } from '../db/replicas.js';
import type { SharedTexts } from '../quota/counter-store.js';
import type { ReadSources } from './reader/reader.js';

/** Where each person's last change stands in the log of the database, so that they read it back at once. */
export interface OwnWrites {
  /** A person has changed something, or somebody who is not signed in: a person who has just registered, for all. */
  note: (userId: number | undefined) => Promise<void>;
  /** Where a request of theirs reads. */
  sourcesFor: (userId: number | undefined) => Sources;
}

/** Those that a replica may be asked for. */
type Sources = Omit<ReadSources, 'readShared'>;

/** Replicas that lag longer are not asked at all, so that older changes need no note. */
const keptSeconds = 30;
const nobody = 'nobody';

/**
 * With `shared` it holds over all processes; without it, or while it is out of reach, for those who stay at one
 * process. Without replicas there is nothing to keep.
 */
export function ownWrites(database: Database, shared: SharedTexts | undefined): OwnWrites | undefined {
  const { replicas } = database;
  return replicas && new KeptPlaces(database, replicas, shared);
}

class KeptPlaces implements OwnWrites {
  readonly #places = new Map<string, { place: WalPlace; untilMs: number }>();

  constructor(
    readonly database: Database,
    readonly replicas: Replicas,
    readonly shared: SharedTexts | undefined,
  ) {}

  async note(userId: number | undefined): Promise<void> {
    const place = await this.replicas.currentPlace().catch(() => undefined);
    // The primary is lost: what was changed stands, and must not be told as a failure.
    if (place === undefined) return;
    const who = String(userId ?? nobody);
    this.#forgetOld();
    // Again at the end, which keeps them in the order in which they end.
    this.#places.delete(who);
    this.#places.set(who, { place, untilMs: Date.now() + keptSeconds * 1000 });
    await this.shared?.put(`place:${who}`, String(place), keptSeconds);
  }

  sourcesFor(userId: number | undefined): Sources {
    const names = userId === undefined ? [nobody] : [String(userId), nobody];
    // Asked once a request; what the request itself changes is in memory.
    let elsewhere: Promise<WalPlace> | undefined;
    /** Undefined when they have changed nothing of late. */
    const lastChange = async (): Promise<WalPlace | undefined> => {
      elsewhere ??= this.#placeElsewhere(names);
      return greatest([await elsewhere, ...names.map((name) => this.#placeHere(name))]) || undefined;
    };
    const source = async () => this.replicas.sourceFor(await lastChange());
    const readAny: Sources['read'] = async (text, values) => (await source()).any(text, values);
    return {
      read: async (text, values) => (await source()).short(text, values),
      readPrimary: this.database.readPrimary,
      readLong: readAny,
      readSlow: async (text, values) => (await source()).slow(text, values),
      // What is kept of a count knows the changes of this process alone.
      count: async (text, values) => ((await lastChange()) ? readAny : this.database.count)(text, values),
    };
  }

  async #placeElsewhere(names: readonly string[]): Promise<WalPlace> {
    const found = (await this.shared?.get(names.map((name) => `place:${name}`))) ?? [];
    return greatest(found.map((text) => BigInt(text ?? 0)));
  }

  /** 0 when it is not needed any more. */
  #placeHere(who: string): WalPlace {
    const kept = this.#places.get(who);
    return kept && kept.untilMs > Date.now() ? kept.place : 0n;
  }

  #forgetOld(): void {
    for (const [who, { untilMs }] of this.#places) {
      if (untilMs > Date.now()) return;
      this.#places.delete(who);
    }
  }
}

const greatest = (places: readonly WalPlace[]): WalPlace =>
  places.reduce((most, place) => (place > most ? place : most), 0n);
