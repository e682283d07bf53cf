/**
 * The query language of search (contracts/DECISIONS.md, section 5):
 *
 *   words            all must occur; `FR-2026-0117`, `l'échéance` and other words with marks in them are phrases
 *   "a phrase"       its words in this order (also « »)
 *   word*            words that begin so
 *   AND ET, OR OU, NOT NON -   in capitals, since « et » and « ou » are words; parentheses group
 *   tag: type: from: date: after: before: asn: amount:   conditions on the document; a value with spaces is quoted
 *
 * A text that breaks these rules is searched for its words. Whatever is typed, the result is safe to send.
 */

export type SearchNode =
  | { kind: 'and' | 'or'; nodes: SearchNode[] }
  | { kind: 'not'; node: SearchNode }
  /** Text of a tsquery over quoted words, for `search_query` of the database. */
  | { kind: 'text'; query: string }
  /** Quoted beginnings of words, for `search_prefix`. */
  | { kind: 'prefix'; query: string }
  /** The words of the name of a tag, type or correspondent. */
  | { kind: 'label'; of: 'tag' | 'type' | 'from'; name: string; isPrefix: boolean }
  /** The document's date, from this day, before that day, as ISO dates. */
  | { kind: 'date'; from?: string; before?: string }
  | { kind: 'asn'; value: number }
  | { kind: 'amount'; comparisons: { operator: '>' | '>=' | '<' | '<=' | '='; value: string }[] };

type Token = { kind: 'open' | 'close' | 'and' | 'or' | 'not' } | { kind: 'operand'; node: SearchNode | undefined };

const maxCharacters = 1000;
const maxDepth = 20;

class SyntaxProblem extends Error {}

/** The beginnings of words in what a person typed, without their `*`. */
export function prefixesOf(text: string): string[] {
  const prefixesIn = (node: SearchNode): string[] => {
    if (node.kind === 'and' || node.kind === 'or') return node.nodes.flatMap(prefixesIn);
    if (node.kind === 'not') return prefixesIn(node.node);
    return node.kind === 'prefix' ? [node.query.slice(1, -3)] : [];
  };
  const tree = parseSearch(text);
  return tree ? prefixesIn(tree) : [];
}

/**
 * What a person typed as it stands, in lower case, for a search without a word that means something: « C++ » or « & ».
 * Undefined when there is no sign in it, or nothing at all.
 */
export function signsIn(text: string): string | undefined {
  const typed = text.slice(0, maxCharacters).normalize('NFC').toWellFormed().replaceAll('\0', '').trim().toLowerCase();
  const unquoted = typed.replace(/["«»“”()]/g, ' ').trim();
  const signs = unquoted === '' ? typed : unquoted;
  return /[^\p{L}\p{N}\p{M}\s]/u.test(signs) ? signs : undefined;
}

/** What a person typed as a tree; undefined when there is no word and no condition in it. Never throws. */
export function parseSearch(text: string): SearchNode | undefined {
  const typed = text
    .slice(0, maxCharacters)
    .normalize('NFKC')
    .replace(/[\u00AD\u200B-\u200D\uFEFF]/g, '');
  try {
    return parse(tokensOf(typed));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return joined(
      'and',
      typed
        .split(/[\s()"«»“”]+/)
        .filter((word) => !operators.has(word))
        .map((word) => textNode(termsOf(word))),
    );
  }
}

const operators = new Map<string, 'and' | 'or' | 'not'>([
  ['AND', 'and'],
  ['ET', 'and'],
  ['OR', 'or'],
  ['OU', 'or'],
  ['NOT', 'not'],
  ['NON', 'not'],
]);

const closing: Record<string, string> = { '"': '"', '«': '»', '“': '”' };
// Sticky: each is tried where the last token ended. Numbers and IBANs in groups are one word with spaces in it.
const condition = /(tag|type|from|date|after|before|asn|amount):/iy;
const iban = /[A-Z]{2}\d{2}(?: (?=[A-Z]*\d)[A-Z0-9]{4}){2,7}(?: (?=[A-Z]*\d)[A-Z0-9]{1,3})?(?![\p{L}\p{N}])/iuy;
const groupedNumber = /\d{1,3}(?:[ .]\d{3})+(?: \d{5}|[.,]\d{2})?(?![\p{L}\p{N}])/uy;
const word = /[^\s()"«»“”]+/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const quoted = (): string | undefined => {
    const end = closing[text[at] as string];
    if (end === undefined) return undefined;
    const until = text.indexOf(end, at + 1);
    if (until < 0) throw new SyntaxProblem('unclosed quotation');
    const inside = text.slice(at + 1, until);
    at = until + 1;
    return inside;
  };
  const operand = (node: SearchNode | undefined): void => void tokens.push({ kind: 'operand', node });

  for (take(/\s+/y); at < text.length; take(/\s+/y)) {
    if (take(/\(/y)) tokens.push({ kind: 'open' });
    else if (take(/\)/y)) tokens.push({ kind: 'close' });
    else if (take(/(?<![^\s(])-(?=[^\s)-])/y)) tokens.push({ kind: 'not' });
    else {
      const phrase = quoted();
      const name = phrase === undefined ? take(condition)?.slice(0, -1).toLowerCase() : undefined;
      if (phrase !== undefined) operand(textNode(termsOf(phrase)));
      else if (name !== undefined) operand(conditionNode(name, quoted() ?? take(/[^\s()]+/y) ?? ''));
      else {
        const grouped = take(iban) ?? take(groupedNumber);
        if (grouped !== undefined) operand(groupedNode(grouped));
        else if (!takeWord()) throw new SyntaxProblem('unopened quotation');
      }
    }
  }
  return tokens;

  function takeWord(): boolean {
    const found = take(word);
    if (found === undefined) return false;
    const operator = operators.get(found);
    if (operator) tokens.push({ kind: operator });
    else operand(textNode(termsOf(found), found.endsWith('*')));
    return true;
  }
}

function parse(tokens: readonly Token[]): SearchNode | undefined {
  let at = 0;
  const next = (): Token['kind'] | undefined => tokens[at]?.kind;
  const either = (depth: number): SearchNode | undefined => {
    const nodes = [both(depth)];
    while (next() === 'or') {
      at += 1;
      nodes.push(both(depth));
    }
    return joined('or', nodes);
  };
  const both = (depth: number): SearchNode | undefined => {
    const nodes = [one(depth)];
    while (next() !== undefined && next() !== 'or' && next() !== 'close') {
      if (next() === 'and') at += 1;
      nodes.push(one(depth));
    }
    return joined('and', nodes);
  };
  const one = (depth: number): SearchNode | undefined => {
    const token = tokens[at];
    at += 1;
    if (token?.kind === 'operand') return token.node;
    if (depth === maxDepth) throw new SyntaxProblem('nested too deeply');
    if (token?.kind === 'not') {
      const node = one(depth + 1);
      return node && { kind: 'not', node };
    }
    if (token?.kind !== 'open') throw new SyntaxProblem('an operator without its operand');
    const node = either(depth + 1);
    if (next() !== 'close') throw new SyntaxProblem('unclosed parenthesis');
    at += 1;
    return node;
  };
  if (tokens.length === 0) return undefined;
  const tree = either(0);
  if (at < tokens.length) throw new SyntaxProblem('unopened parenthesis');
  return tree;
}

function joined(kind: 'and' | 'or', nodes: readonly (SearchNode | undefined)[]): SearchNode | undefined {
  const real = nodes.filter((node) => node !== undefined);
  return real.length > 1 ? { kind, nodes: real } : real[0];
}

/** The runs of letters and digits: all else separates words in the index too. */
const termsOf = (text: string): string[] => text.replace(/[\u02B0-\u02FF]/g, ' ').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

const quote = (terms: readonly string[]): string => `'${terms.join(' ')}'`;

function textNode(terms: readonly string[], isPrefix = false): SearchNode | undefined {
  if (!terms.length) return undefined;
  return isPrefix ? { kind: 'prefix', query: `${quote(terms)}:*` } : { kind: 'text', query: quote(terms) };
}

function groupedNode(text: string): SearchNode {
  // The decimals of a number are a word of their own, as they are in the index.
  const [, whole = '', decimals = ''] = /^(.*?)([.,]\d{2})?$/.exec(text) ?? [];
  const piece = `${whole.replace(/[ .]/g, '')}${decimals}`;
  const parts = termsOf(text).map((term) => quote([term]));
  return { kind: 'text', query: `(${parts.join(' & ')} | ${quote(termsOf(piece))})` };
}

function conditionNode(name: string, value: string): SearchNode {
  switch (name) {
    case 'tag':
    case 'type':
    case 'from':
      if (!termsOf(value).length) throw new SyntaxProblem('no name');
      return { kind: 'label', of: name, name: termsOf(value).join(' '), isPrefix: value.endsWith('*') };
    case 'date': {
      const [first = '', last = first, ...more] = value.split('..');
      if (more.length) throw new SyntaxProblem('no date');
      return { kind: 'date', from: periodOf(first).from, before: periodOf(last).before };
    }
    case 'after':
      return { kind: 'date', from: periodOf(value).from };
    case 'before':
      return { kind: 'date', before: periodOf(value).from };
    case 'asn':
      if (!/^\d{1,9}$/.test(value)) throw new SyntaxProblem('no archive serial number');
      return { kind: 'asn', value: Number(value) };
    default:
      return { kind: 'amount', comparisons: comparisonsOf(value) };
  }
}

/** The days of `2026`, `2026-01` or `2026-01-21`: the first one and the first one after. */
function periodOf(text: string): { from: string; before: string } {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
  const start = new Date(`${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z`);
  // Date takes 30 February for 2 March.
  if (year === '0000' || Number.isNaN(start.getTime()) || (day && start.getUTCDate() !== Number(day)))
    throw new SyntaxProblem('no date');
  const end = new Date(start);
  if (day) end.setUTCDate(end.getUTCDate() + 1);
  else if (month) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  // The year after 9999 has more digits than ISO 8601 gives it; no document bears a later date.
  return { from: dayOf(start), before: end.getUTCFullYear() > 9999 ? 'infinity' : dayOf(end) };
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function comparisonsOf(value: string): Extract<SearchNode, { kind: 'amount' }>['comparisons'] {
  const [, first, last] = /^(.+)\.\.(.+)$/.exec(value) ?? [];
  if (first !== undefined && last !== undefined)
    return [
      { operator: '>=', value: amountOf(first) },
      { operator: '<=', value: amountOf(last) },
    ];
  const [, operator = '', amount = ''] = /^(>=|<=|>|<|=)?(.*)$/s.exec(value) ?? [];
  return [{ operator: (operator || '=') as '=', value: amountOf(amount) }];
}

function amountOf(text: string): string {
  if (!/^-?\d{1,12}(?:[.,]\d{1,4})?$/.test(text)) throw new SyntaxProblem('no amount');
  return text.replace(',', '.');
}
