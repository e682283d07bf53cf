import * as fuzzball from 'fuzzball';
import { RE2JS } from 're2js';
import { fold, stripAccents, wordsOf } from './fold.js';
import { foldPattern, repetitionIn } from './regex-pattern.js';

export { classify, documentWords, learn } from './label-classifier.js';
export type { AutoModel, LabelledText } from './label-classifier.js';

/**
 * K-Docs' automatic matching (DECISIONS, section 5): does a label's pattern fit a document? Case and accents never
 * count, and words are whole words by Unicode letters and digits, so that "tat" isn't found in « état ».
 *
 * - `none`: never.
 * - `any`, `all`: one or all of the pattern's terms occur. A term is a word, or words in double quotes.
 * - `exact`: the whole pattern occurs as one phrase; how it is broken into lines doesn't count.
 * - `regex`: an RE2 expression (no look-around, no back-references) is found somewhere; time is linear in the text.
 * - `fuzzy`: a passage of the text is alike to 90 of 100.
 * - `auto`: no pattern; see `learn` and `classify`.
 */
export const matchingAlgorithms = ['none', 'any', 'all', 'exact', 'regex', 'fuzzy', 'auto'] as const;
export type MatchingAlgorithm = (typeof matchingAlgorithms)[number];

export interface MatchingRule {
  algorithm: Exclude<MatchingAlgorithm, 'auto'>;
  pattern: string;
}

export interface MatchableText {
  title: string;
  text: string;
}

export const maxPatternLength = 1000;
/**
 * What all counted repetitions of a regular expression may add to it. Time goes with its length as it is run, where
 * `\\d{14}` is fourteen digits and `(?:a{9}b){50}` is 500 letters.
 */
export const maxRepetition = 500;
/** How much of title and text `regex` and `fuzzy` look at: about 60 pages. */
const maxSearchedLength = 200_000;
/**
 * Time of `fuzzy` goes with pattern length × text length: about half a second at worst for this product. So a pattern
 * of 25 characters is looked for in 200,000 characters, one of 100 in 50,000, one of 1000 in 5000.
 */
const maxFuzzyProduct = 5_000_000;
/** Of 100; two changed letters in twenty. */
const minFuzzyRatio = 90;

/**
 * Never throws: a pattern that `validatePattern` would refuse matches nothing. A regular expression that repeats more
 * than is taken now may have been stored before, so it matches as it did: what bounds its time is where it runs.
 */
export function matches({ algorithm, pattern }: MatchingRule, document: MatchableText): boolean {
  const isWritten = algorithm === 'regex' && pattern.length <= maxPatternLength && pattern.trim() !== '';
  if (!isWritten && validatePattern({ algorithm, pattern }) !== undefined) return false;
  switch (algorithm) {
    case 'none':
      return false;
    case 'any':
      return termsOf(pattern).some((term) => containsPhrase(foldedText(document), term));
    case 'all':
      return termsOf(pattern).every((term) => containsPhrase(foldedText(document), term));
    case 'exact':
      return containsPhrase(foldedText(document), fold(pattern));
    case 'regex':
      return containsRegex(document, pattern);
    case 'fuzzy':
      return containsAlike(start(foldedText(document)), pattern);
  }
}

/** Why a label can't use this pattern, as an English sentence; undefined when it can. */
export function validatePattern({
  algorithm,
  pattern,
}: {
  algorithm: MatchingAlgorithm;
  pattern: string;
}): string | undefined {
  if (pattern.length > maxPatternLength) return `The pattern is longer than ${maxPatternLength} characters`;
  switch (algorithm) {
    case 'none':
    case 'auto':
      return undefined;
    case 'any':
    case 'all':
      return termsOf(pattern).length ? undefined : 'The pattern needs at least one word';
    case 'exact':
      return fold(pattern) ? undefined : 'The pattern is empty';
    case 'fuzzy':
      return wordsOf(fold(pattern)).length ? undefined : 'The pattern needs at least one word';
    case 'regex': {
      if (!pattern.trim()) return 'The pattern is empty';
      // Before it is compiled, which takes seconds when much is repeated.
      const { added, part } = repetitionIn(pattern);
      if (added > maxRepetition)
        return (
          `The regular expression can't be used: it repeats too much, most of it in \`${part.slice(0, 100)}\`. ` +
          `Written out, its repetitions come to ${added} more steps, and may come to ${maxRepetition}`
        );
      try {
        compile(pattern);
        return undefined;
      } catch (error) {
        return `The regular expression can't be used: ${(error as Error).message}`;
      }
    }
  }
}

/** Words and quoted groups, folded. Commas and semicolons between words are separators; an odd quote is one, too. */
function termsOf(pattern: string): string[] {
  return [...fold(pattern).matchAll(/"([^"]*)"|[^\s",;]+/g)]
    .map(([word, group]) => (group ?? word).trim())
    .filter((term) => /[\p{L}\p{N}]/u.test(term));
}

/**
 * Ingest asks dozens of labels about one document, and folding two million characters takes tens of milliseconds: the
 * last document's folded text is kept.
 */
let lastFolded: { title: string; text: string; folded: string } | undefined;

function foldedText({ title, text }: MatchableText): string {
  if (lastFolded?.title !== title || lastFolded.text !== text) {
    // The bar keeps a phrase from beginning in the title and ending in the text.
    lastFolded = { title, text, folded: `${fold(title)} | ${fold(text)}` };
  }
  return lastFolded.folded;
}

const start = (text: string): string => text.slice(0, maxSearchedLength);

function containsPhrase(text: string, phrase: string): boolean {
  const startsInWord = isWordCharacter(phrase.codePointAt(0));
  const endsInWord = isWordCharacter(codePointBefore(phrase, phrase.length));
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    const isCutOff =
      (startsInWord && isWordCharacter(codePointBefore(text, at))) ||
      (endsInWord && isWordCharacter(text.codePointAt(at + phrase.length)));
    if (!isCutOff) return true;
  }
  return false;
}

const isWordCharacter = (codePoint: number | undefined): boolean =>
  codePoint !== undefined && /[\p{L}\p{N}]/u.test(String.fromCodePoint(codePoint));

function codePointBefore(text: string, index: number): number | undefined {
  const isPair = index >= 2 && text.codePointAt(index - 2)! > 0xffff;
  return text.codePointAt(index - (isPair ? 2 : 1));
}

/**
 * Compares the pattern with overlapping windows of the text, each three times its length and two further than the one
 * before, so that any passage of its length lies whole in one of them. On the whole text at once, `partial_ratio` looks
 * at the longest common blocks only, and misses passages in texts of more than a few lines.
 */
function containsAlike(text: string, pattern: string): boolean {
  const wanted = wordsOf(fold(pattern)).join(' ');
  const searched = wordsOf(text)
    .join(' ')
    .slice(0, Math.floor(maxFuzzyProduct / wanted.length));
  // With the shorter one inside the longer one, a document of one word would match every pattern that contains it.
  if (searched.length < wanted.length) return fuzzball.ratio(searched, wanted, verbatim) >= minFuzzyRatio;
  for (let at = 0; at === 0 || at + wanted.length < searched.length; at += 2 * wanted.length) {
    const from = Math.max(0, Math.min(at, searched.length - 3 * wanted.length));
    const passage = searched.slice(from, from + 3 * wanted.length);
    if (fuzzball.partial_ratio(wanted, passage, verbatim) >= minFuzzyRatio) return true;
  }
  return false;
}

/** Both sides are folded here already, by our rules; `autojunk` would ignore frequent letters. */
const verbatim = { full_process: false, autojunk: false };

/** The texts of one document are asked for by many rules in a row. */
let lastPlain: { title: string; text: string; plain: string } | undefined;

function containsRegex({ title, text }: MatchableText, pattern: string): boolean {
  if (lastPlain?.title !== title || lastPlain.text !== text)
    lastPlain = { title, text, plain: stripAccents(start(`${title}\n${text}`)) };
  try {
    return compile(pattern).matcher(lastPlain.plain).find();
  } catch {
    return false;
  }
}

const compile = (pattern: string): RE2JS => RE2JS.compile(foldPattern(pattern), RE2JS.CASE_INSENSITIVE);
