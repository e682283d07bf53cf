import type { Viewer } from '../../kernel/viewer.js';
import { memoized } from '../../lib/memoized.js';

/** The SQL text of a statement and the parameters that follow those of the call. */
export interface PreparedStatement {
  text: string;
  values: readonly unknown[];
}

const maxTexts = 200;
const maxKeysPerViewer = 50;
const maxKeyLength = 2_000;

/** What a level's statements were prepared to, so that equal requests do not build SQL again. */
export class StatementCache {
  readonly #texts = new Map<string, string>();
  readonly #ofViewer = memoized((_viewer: Viewer) => new Map<string, unknown>());

  /** The same string for equal texts: those of most viewers differ in their parameters only. */
  intern(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= maxTexts) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }

  /**
   * What `prepare` made for the same viewer and key, or makes now. The key stands for all that is prepared from, beside
   * the viewer's own predicates; a level is read in one way, so that a key has one type of value.
   */
  for<T extends object>(viewer: Viewer, key: string, prepare: () => T): T {
    const ofViewer = this.#ofViewer(viewer);
    const known = ofViewer.get(key);
    if (known !== undefined) return known as T;
    const prepared = prepare();
    if (ofViewer.size >= maxKeysPerViewer) ofViewer.clear();
    if (key.length <= maxKeyLength) ofViewer.set(key, prepared);
    return prepared;
  }
}
