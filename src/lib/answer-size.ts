import { DomainError } from './errors.js';

/** Bytes that an answer may have that is made in memory, at every door. Files are streamed, and have any length. */
export const maxAnswerBytes = 32 * 1024 * 1024;

export const answerTooLarge = (maxBytes: number = maxAnswerBytes): DomainError =>
  new DomainError(
    'BAD_USER_INPUT',
    `The answer would have more than ${maxBytes / 1024 / 1024} MiB: ask for fewer rows or fields`,
    { reason: 'answer_too_large', details: { maxBytes } },
  );

/** The text of an answer. Throws BAD_USER_INPUT when it is longer than one may be. */
export function boundedText(text: string): string {
  if (text.length > maxAnswerBytes) throw answerTooLarge();
  return text;
}
