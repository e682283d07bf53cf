/**
 * Where the content of a key lies below the root of a store: `<kind>/<ab>/<cd>/<name>`, where `abcd` are the first four
 * characters of the name, so that no folder grows beyond what a file system lists quickly. All stores have the same
 * layout, so that a copy of one is another. Throws a TypeError for what is no key.
 */
export function placeOf(key: string): string {
  const [, kind, name] = pattern.exec(key) ?? [];
  if (!kind || !name) throw new TypeError(`Not a storage key: ${JSON.stringify(key)}`);
  // Short names are filled up so that every file is at the same depth.
  const shard = shardOf(name).padEnd(4, '_');
  return `${kind}/${shard.slice(0, 2)}/${shard.slice(2)}/${name}`;
}

/** The key whose content lies at a place; undefined for what is none of ours. */
export function keyAt(place: string): string | undefined {
  const [kind, , , name, ...more] = place.split('/');
  const key = `${kind}/${name}`;
  return more.length === 0 && name !== undefined && pattern.test(key) && placeOf(key) === place ? key : undefined;
}

/** Where the contents lie whose keys begin with a prefix. */
export interface PrefixPlaces {
  kind: string;
  /** What the two folders above them begin with; shorter than two characters when the prefix is. */
  shard: readonly [string, string];
  /** What their names begin with. */
  start: string;
}

/** Throws a TypeError for what is no prefix of keys: a kind, a slash and at least one character of a name. */
export function placesBelow(prefix: string): PrefixPlaces {
  const [, kind, start] = pattern.exec(prefix) ?? [];
  if (!kind || !start) throw new TypeError(`Not a prefix of storage keys: ${JSON.stringify(prefix)}`);
  const shard = shardOf(start);
  return { kind, shard: [shard.slice(0, 2), shard.slice(2)], start };
}

const pattern = /^([a-z]+)\/([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})$/;

/** Dots would make a folder hidden or `..`. */
const shardOf = (name: string): string => name.slice(0, 4).replaceAll('.', '_');
