import { DomainError } from './errors.js';
import type { TextPieces } from './send-text.js';

/** Bytes that an answer may have that is made in memory, at every door. Files are streamed, and have any length. */
export const maxAnswerBytes = 32 * 1024 * 1024;

export const answerTooLarge = (maxBytes: number = maxAnswerBytes): DomainError =>
  new DomainError(
    'BAD_USER_INPUT',
    `The answer would have more than ${maxBytes / 1024 / 1024} MiB: ask for fewer rows or fields`,
    { reason: 'answer_too_large', details: { maxBytes } },
  );

/**
 * How long a JSON value is, as far as `maxBytes`: one that is longer is counted no further. Counts keys and texts,
 * which is what makes answers long.
 */
export const lengthOf = (value: unknown, maxBytes: number): number => maxBytes - lengthLeft(value, maxBytes);

/** What is left of `left` after the value's keys and texts; negative when they are longer. */
function lengthLeft(value: unknown, left: number): number {
  if (typeof value === 'string') return left - value.length;
  if (typeof value !== 'object' || value === null) return left;
  if (Array.isArray(value)) {
    for (const each of value) if ((left = lengthLeft(each, left)) < 0) return left;
    return left;
  }
  for (const key in value)
    if ((left = lengthLeft((value as Record<string, unknown>)[key], left - key.length)) < 0) return left;
  return left;
}

/** The text of an answer. Throws BAD_USER_INPUT when it is longer than one may be. */
export function boundedText<T extends string | TextPieces>(text: T): T {
  const length = typeof text === 'string' ? text.length : text.reduce((sum, piece) => sum + lengthOfPiece(piece), 0);
  if (length > maxAnswerBytes) throw answerTooLarge();
  return text;
}

const lengthOfPiece = (piece: TextPieces[number]): number =>
  typeof piece === 'string' ? piece.length : piece.text.length;
