import { randomBytes } from 'node:crypto';
import { KeptText, type TextPieces } from '../../lib/send-text.js';

/** Stands for a written part while the answer around it is written. Nobody can send it: it is of this process alone. */
const mark = `written:${randomBytes(16).toString('hex')}`;

/** The parts of the answer that is being written; undefined between answers. */
let parts: KeptText[] | undefined;

class WrittenJson extends KeptText {
  toJSON(): unknown {
    if (!parts) return JSON.parse(this.text);
    parts.push(this);
    return mark;
  }
}

/**
 * The value as JSON that is written once, to stand in many answers. It is typed as the value, and is to be handed on
 * only: nothing can be read of it.
 */
export const written = <T>(value: T): T => new WrittenJson(JSON.stringify(value)) as T;

/** JSON of an answer, with what was written before as pieces of their own. */
export function jsonPieces(value: unknown): string | TextPieces {
  const found: KeptText[] = [];
  parts = found;
  try {
    const text = JSON.stringify(value);
    if (!found.length) return text;
    return text.split(`"${mark}"`).flatMap((piece, i) => (i ? [found[i - 1] as KeptText, piece] : [piece]));
  } finally {
    parts = undefined;
  }
}
