// The graph's enums have the words of the dialects in capitals; null and undefined stay as they are.

type Word = string | null | undefined;

/** `VALUE` of the graph for the dialect's `value`. */
export const toEnum = <W extends Word>(word: W) =>
  (word == null ? word : word.toUpperCase()) as W extends string ? Uppercase<W> : W;

/** The dialect's `value` for `VALUE` of the graph. */
export const fromEnum = <W extends Word>(word: W) =>
  (word == null ? word : word.toLowerCase()) as W extends string ? Lowercase<W> : W;
