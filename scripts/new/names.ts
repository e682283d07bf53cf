/** How one thing is called in each place, made from its name in CamelCase. */
export interface Names {
  /** `ShelfMark`: the class and the type of the graph. */
  type: string;
  /** `shelfMark`: variables and fields. */
  field: string;
  /** `shelf-mark`: files. */
  file: string;
  /** `shelf_mark`: events and columns. */
  snake: string;
  /** `shelf mark`: in sentences. */
  words: string;
}

export interface ThingNames extends Names {
  plural: Names;
}

export function namesOf(type: string): Names {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(type)) throw new UsageError(`${type}: a name in CamelCase, such as ShelfMark`);
  const parts = type.match(/[A-Z][a-z0-9]*/g) as string[];
  const lower = parts.map((part) => part.toLowerCase());
  return {
    type,
    field: type[0]?.toLowerCase() + type.slice(1),
    file: lower.join('-'),
    snake: lower.join('_'),
    words: lower.join(' '),
  };
}

/** With the plural by the rules of English, unless it is given: `namesOfThing('Shelf', 'Shelves')`. */
export const namesOfThing = (type: string, plural: string = pluralOf(type)): ThingNames => ({
  ...namesOf(type),
  plural: namesOf(plural),
});

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** What the caller of a scaffold did wrong: its message is for them, without a stack. */
export class UsageError extends Error {}
