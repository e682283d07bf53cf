/** Text as the invoice's pages need it: French numbers and dates, glyphs that the font has, lines that fit. */
import type { Amount } from '../lib/money.js';

/** The part of a PDF document that text is fitted with. */
export interface TextMeasure {
  widthOfString(text: string): number;
  hasGlyph(codePoint: number): boolean;
}

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u{fe00}-\u{fe0f}]/gu;
/** A character that the invoice's font has. */
const replacement = '\ufffd';
const graphemes = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/**
 * `text` with only what the font can draw. PDF/A forbids a reference to a missing glyph, so each character that the
 * font lacks (an emoji, Arabic) becomes one « � »; the XML keeps the true text. Line breaks stay, other control and
 * direction characters go, and the narrow no-break space of French numbers becomes a no-break space.
 */
export function printable(text: string, { hasGlyph }: TextMeasure): string {
  const clean = text
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029\v\f]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/\u202f/g, '\u00a0')
    .replace(invisible, (character) => (character === '\n' ? '\n' : ''));
  const isDrawable = (part: string): boolean =>
    [...part].every((character) => character === '\n' || hasGlyph(character.codePointAt(0) ?? 0));
  if (isDrawable(clean)) return clean;
  return Array.from(graphemes.segment(clean), ({ segment }) => (isDrawable(segment) ? segment : replacement)).join('');
}

/** Breaks at spaces, and inside a word that is longer than a line. At least one line; blank lines are kept. */
export function wrapLines(text: string, width: number, measure: TextMeasure): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, width, measure));
}

function wrapParagraph(paragraph: string, width: number, measure: TextMeasure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/ +/)) {
    const extended = line ? `${line} ${word}` : word;
    if (measure.widthOfString(extended) <= width) {
      line = extended;
      continue;
    }
    if (line) lines.push(line);
    const pieces = breakWord(word, width, measure);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return [...lines, line];
}

function breakWord(word: string, width: number, measure: TextMeasure): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const needed = measure.widthOfString(character);
    if (piece && used + needed > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += needed;
  }
  return [...pieces, piece];
}

/** Cuts `text` to one line of `width`, marking the cut. It is measured a few times, however long it is. */
export function ellipsize(text: string, width: number, measure: TextMeasure): string {
  const line = text.replaceAll('\n', ' ');
  if (measure.widthOfString(line) <= width) return line;
  const characters = [...line];
  let fitting = 0;
  for (let tooMany = characters.length; tooMany - fitting > 1;) {
    const middle = Math.floor((fitting + tooMany) / 2);
    if (measure.widthOfString(`${characters.slice(0, middle).join('')}…`) <= width) fitting = middle;
    else tooMany = middle;
  }
  return `${characters.slice(0, fitting).join('').trimEnd()}…`;
}

/** `Intl` formats decimal text exactly; the types want to be told that it is decimal text. */
const exact = (decimal: string) => decimal as Intl.StringNumericLiteral;

/** Kept, because making one costs more than a hundred uses. */
const decimalFormat = (minimumFractionDigits: number, maximumFractionDigits: number): ((decimal: string) => string) => {
  const format = new Intl.NumberFormat('fr-FR', { minimumFractionDigits, maximumFractionDigits });
  return (decimal) => format.format(exact(decimal));
};

export const printedQuantity = decimalFormat(0, 3);
export const printedUnitPrice = decimalFormat(2, 4);
export const printedAmount: (amount: Amount) => string = decimalFormat(2, 2);
const printedPercent = decimalFormat(0, 2);

/** `1 234,50 €`; a currency that is no ISO 4217 code is put behind the number as it is. */
export function printedMoney(amount: Amount, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${printedAmount(amount)}\u00a0${currency}`;
  return new Intl.NumberFormat('fr-FR', {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(exact(amount));
}

export const printedRate = (vatRate: string): string => `${printedPercent(vatRate)}\u00a0%`;

/** `2026-02-03` → `03/02/2026`. */
export const printedDate = (isoDate: string): string => isoDate.slice(0, 10).split('-').reverse().join('/');
