import { z } from 'zod';

type Word = string | null | undefined;

/** Words of a dialect that stand for values of one of the graph's enums. */
export interface WordPairs<W extends string, G extends string> {
  /** The shape of the dialect's words. */
  Word: z.ZodEnum<{ [K in W]: K }>;
  /** The graph's value; null and undefined stay as they are. */
  toGraph: <V extends W | null | undefined>(word: V) => V extends W ? G : V;
  /** The dialect's word; null and undefined stay as they are. */
  toWord: <V extends G | null | undefined>(value: V) => V extends G ? W : V;
}

/** Pairs each word with the graph's value: `wordPairs({ planifie: 'PLANNED', … })`. Each value has one word. */
export function wordPairs<W extends string, G extends string>(pairs: Readonly<Record<W, G>>): WordPairs<W, G> {
  const words = Object.keys(pairs) as W[];
  const back = new Map<Word, W>(words.map((word) => [pairs[word], word]));
  return {
    Word: z.enum(words as [W, ...W[]]) as unknown as WordPairs<W, G>['Word'],
    toGraph: ((word: W | null | undefined) => (word == null ? word : pairs[word])) as WordPairs<W, G>['toGraph'],
    toWord: ((value: G | null | undefined) => (value == null ? value : back.get(value))) as WordPairs<W, G>['toWord'],
  };
}
