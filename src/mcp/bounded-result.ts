/** Bytes that the data of one answer may have, as JSON: a model reads it all. */
export const maxResultBytes = 128 * 1024;

export interface BoundedResult {
  data: unknown;
  json: string;
  /** What was left out, and how to get it; undefined when nothing was. */
  note: string | undefined;
}

/** Entries of a list and characters of a text that are left, at each attempt. */
const attempts = [
  { entries: 100, characters: 32_000 },
  { entries: 50, characters: 8_000 },
  { entries: 20, characters: 2_000 },
  { entries: 10, characters: 500 },
  { entries: 5, characters: 200 },
  { entries: 1, characters: 100 },
];

/** The data, or as much of it as fits: lists lose their ends first, and texts theirs. */
export function boundedResult(data: unknown, maxBytes = maxResultBytes): BoundedResult {
  const json = JSON.stringify(data);
  if (Buffer.byteLength(json) <= maxBytes) return { data, json, note: undefined };
  for (const { entries, characters } of attempts) {
    const cut = cutDown(data, entries, characters);
    const cutJson = JSON.stringify(cut);
    if (Buffer.byteLength(cutJson) > maxBytes) continue;
    const note =
      `This answer was cut: lists to their first ${entries} entries, texts to their first ${characters} characters. ` +
      'Ask for fewer rows by `first`, and page on with `after`: the cursor of this page stands behind what was cut.';
    return { data: cut, json: cutJson, note };
  }
  return { data: {}, json: '{}', note: 'This answer was too large to be given: ask for fewer rows.' };
}

function cutDown(value: unknown, entries: number, characters: number): unknown {
  if (typeof value === 'string') {
    // Not between the halves of a character.
    return value.length > characters ? `${value.slice(0, characters).replace(/[\uD800-\uDBFF]$/, '')} […]` : value;
  }
  if (Array.isArray(value)) return value.slice(0, entries).map((each) => cutDown(each, entries, characters));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cutDown(each, entries, characters)]));
}
