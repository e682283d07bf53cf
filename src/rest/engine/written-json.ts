import { randomBytes } from 'node:crypto';

/** Stands for a written part while the answer around it is written. Nobody can send it: it is of this process alone. */
const mark = `written:${randomBytes(16).toString('hex')}`;

/** The parts of the answer that is being written; undefined between answers. */
let parts: string[] | undefined;

class WrittenJson {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    if (!parts) return JSON.parse(this.text);
    parts.push(this.text);
    return mark;
  }
}

/**
 * The value as JSON that is written once, to stand in many answers. It is typed as the value, and is to be handed on
 * only: nothing can be read of it.
 */
export const written = <T>(value: T): T => new WrittenJson(JSON.stringify(value)) as T;

/** JSON of an answer, with what was written before in it. */
export function jsonText(value: unknown): string {
  const found: string[] = [];
  parts = found;
  try {
    const text = JSON.stringify(value);
    if (!found.length) return text;
    const around = text.split(`"${mark}"`);
    return around.reduce((all, piece, i) => all + (found[i - 1] ?? '') + piece);
  } finally {
    parts = undefined;
  }
}
