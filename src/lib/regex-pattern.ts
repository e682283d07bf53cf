/** Regular expressions as people write them for RE2, by their parts: what is folded in them, and what they repeat. */
import { stripAccents } from './fold.js';

interface Token {
  text: string;
  /** Within the brackets of a class, the last of them included. */
  isInClass: boolean;
}

/** The parts of an expression in Unicode's composed form, in their order; together they are the whole of it. */
function* tokensOf(pattern: string): Generator<Token> {
  let isInClass = false;
  for (let rest = pattern.normalize('NFC'); rest;) {
    const text: string = (isInClass ? classToken : plainToken).exec(rest)![0];
    rest = rest.slice(text.length);
    yield { text, isInClass };
    isInClass = isInClass ? text !== ']' : text.startsWith('[');
  }
}

/** A quotation, an escape, the start of a class (where a `]` is itself), or a character. */
const plainToken = /^(?:\\Q[^]*?(?:\\E|$)|\\[pPx]\{\w*\}|\\[^]|\[\^?\]?|[^])/u;
/** An escape, a named class, a range, or a character. */
const classToken = /^(?:\\[^]|\[:\^?\w+:\]|.-[^\]\\]|[^])/u;

/**
 * Writes a regular expression so that it fits a text without accents, changing literal characters only: escapes (`\S`,
 * `\p{L}`) and names are ASCII and stay. A ligature is two letters: `œ+` becomes `(?:oe)+`. In a class the letters
 * stand beside each other, and a range such as `à-ÿ` gets the plain letters that its members become.
 */
export const foldPattern = (pattern: string): string => Array.from(tokensOf(pattern), foldToken).join('');

function foldToken({ text, isInClass }: Token): string {
  if (isInClass) return foldClassToken(text);
  if (text.startsWith('[')) return text;
  if (text.startsWith('\\')) return text.startsWith('\\Q') ? stripAccents(text) : text;
  const letters = stripAccents(text);
  return letters.length > text.length ? `(?:${letters})` : letters;
}

function foldClassToken(token: string): string {
  if (/^\\|^[\0-\x7f]*$/.test(token)) return token;
  const range = /^(.)-(.)$/u.exec(token);
  if (!range) return stripAccents(token);
  const [first, last] = [range[1]!.codePointAt(0)!, range[2]!.codePointAt(0)!];
  // Latin with all its accents fits; for a wider range of another script the range alone does.
  const codePoints = Array.from({ length: Math.min(Math.max(0, last - first + 1), 1024) }, (_, index) => first + index);
  const letters = new Set(stripAccents(String.fromCodePoint(...codePoints)).match(/\p{L}/gu));
  return token + [...letters].join('');
}

export interface Repetition {
  /** How many steps the expression is longer by when its counted repetitions are written out. */
  added: number;
  /** The one that adds the most, with what it repeats: `[a-z]{0,1000}`. Empty when there is none. */
  part: string;
}

/** A group or the whole expression, as far as it was read. Sizes are in steps: characters, classes, escapes. */
interface OpenGroup {
  start: number;
  size: number;
  /** What a quantifier that comes now repeats. */
  last: { start: number; size: number };
}

/**
 * How much longer an expression is when `x{2,5}` stands there as `xxxxx`, as RE2 runs it; groups within groups
 * multiply.
 * Of what is no expression it says something all the same.
 */
export function repetitionIn(pattern: string): Repetition {
  const whole = pattern.normalize('NFC');
  const opened = (start: number): OpenGroup => ({ start, size: 0, last: { start, size: 0 } });
  const open = [opened(0)];
  let group = open[0] as OpenGroup;
  let written = 0;
  let largest = { added: 0, part: '' };
  let at = 0;
  const step = (start: number, size: number): void => {
    group.size += size;
    group.last = { start, size };
  };
  let skipped = 0;
  for (const { text, isInClass } of tokensOf(pattern)) {
    const start = at;
    at += text.length;
    // The class as a whole is one step, which its first bracket was.
    if (isInClass || start < skipped) continue;
    const counted = text === '{' ? countedRepetition.exec(whole.slice(start, start + 20)) : null;
    if (counted) {
      skipped = start + counted[0].length;
      const { last } = group;
      const added = Math.min(last.size * (mostTimes(counted) - 1), 1e9);
      group.size += added;
      group.last = { ...last, size: last.size + added };
      if (added > largest.added) largest = { added, part: whole.slice(last.start, skipped) };
    } else if (text === '(') {
      group = opened(start);
      open.push(group);
    } else if (text === ')' && open.length > 1) {
      const { start: from, size } = open.pop() as OpenGroup;
      group = open.at(-1) as OpenGroup;
      step(from, size);
    } else {
      const size = text.startsWith('\\Q') ? text.length : 1;
      written += size;
      step(start, size);
    }
  }
  // A group that is not closed is none, but counts.
  return { added: open.reduce((sum, { size }) => sum + size, 0) - written, part: largest.part };
}

const countedRepetition = /^\{(\d{1,9})(,(\d{0,9}))?\}/;

/** Of `{2}` 2, of `{2,5}` 5, of `{2,}` 3: two and one that may come again. */
function mostTimes([, least = '0', hasMore, most]: RegExpExecArray): number {
  if (hasMore === undefined) return Math.max(1, Number(least));
  return most ? Math.max(1, Number(most)) : Number(least) + 1;
}
