/** Markup that is safe to send. Only `html` makes it, so that a plain string never gets in unescaped. */
export class Html {
  readonly #text: string;

  /** @internal Use `html`. */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type HtmlValue = Html | string | number | false | null | undefined | readonly Html[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const print = (value: HtmlValue): string => {
  if (value === false || value === null || value === undefined) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.join('');
  return escape(String(value));
};

/**
 * A template of a page. Every value is escaped for text and for quoted attributes; nested `html` is kept, lists are
 * joined, and `false`, `null` and `undefined` print nothing. Not for values inside `<script>`, `<style>` or an
 * attribute that runs code: the pages have none of these.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: strings }, ...values.map(print)));
}
