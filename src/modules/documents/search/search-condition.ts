import type { Bind } from '../../../kernel/read-model.js';
import { parseSearch, type SearchNode, signsIn } from '../../../lib/search-query.js';

/** The indexed expression: all words of a document with their weights. */
export const searchVector = (alias: string): string => `search_vector(${alias}.search_names, ${alias}.search_text)`;

/** A stretch is so many ids; the full-text index tells them apart. */
export const stretchBits = 8;
export const stretchSize = 2 ** stretchBits;

/** `numbers`: of stretches, as an array in SQL. */
export const inStretches = (alias: string, numbers: string): string =>
  `array[${alias}.id >> ${stretchBits}] && ${numbers}`;

/** How text is looked for in the row called `alias`. `isOne`: one word, phrase or beginning of a word. */
type Holds = (alias: string, text: () => string, isOne: boolean) => string;
const byIndex: Holds = (alias, text) => `${searchVector(alias)} @@ ${text()}`;
/** In the columns as they lie there, past the index: several times as fast for a row that is at hand. */
export const byLooking: Holds = (alias, text, isOne) =>
  isOne
    ? `(${alias}.search_names @@ ${text()} or ${alias}.search_text @@ ${text()})`
    : `(${alias}.search_names || ${alias}.search_text) @@ ${text()}`;

/**
 * A tsquery in SQL. Words without meaning, such as « le la », leave an empty one: what that says depends on what stands
 * beside it, see `matches`.
 */
type TextQuery = (bind: Bind) => string;

/**
 * The documents that a typed query asks for: all for none. One without a word that means something finds its signs in
 * titles and names of files, or nothing.
 */
export function searchCondition(typed: string, alias: string, bind: Bind, holds?: Holds): string {
  if (typed.trim() === '') return 'true';
  const holdsSigns = (): string => signsCondition(typed, alias, bind);
  const tree = parseSearch(typed);
  return tree ? conditionOf(tree, { alias, bind, whenEmpty: holdsSigns, ...(holds && { holds }) }) : holdsSigns();
}

/** That the title or the name of the file holds the typed signs as they stand; false when none were typed. */
export function signsCondition(typed: string, alias: string, bind: Bind): string {
  const signs = signsIn(typed);
  if (signs === undefined) return 'false';
  const holds = (column: string): string => `strpos(lower(${alias}.${column}), ${bind(signs)}) > 0`;
  return `(${holds('title')} or ${holds('original_filename')})`;
}

/** The words that a typed query wants, for ranking; undefined when it has none. */
export function wantedWords(typed: string): TextQuery | undefined {
  const tree = parseSearch(typed);
  return tree && wantedIn(tree);
}

/**
 * The words to mark in a text; undefined when there is none. Any of them, since a passage need not hold all, and each
 * also as the stemmer alone leaves it: PostgreSQL marks a text as it stands, without our endings.
 */
export function markedWords(typed: string): TextQuery | undefined {
  const tree = parseSearch(typed);
  const leaves = tree ? leavesOf(tree) : [];
  return leaves.length ? combined('or', leaves) : undefined;
}

function leavesOf(node: SearchNode): TextQuery[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.nodes.flatMap(leavesOf);
    case 'text':
      return [(bind) => `search_query(${bind(node.query)}) || to_tsquery('fr', ${bind(node.query)})`];
    case 'prefix':
      return [(bind) => `search_prefix(${bind(node.query)})`];
    default:
      return [];
  }
}

export interface ConditionOptions {
  alias: string;
  bind: Bind;
  /** What text without a word that means something says here. */
  whenEmpty: () => string;
  /** Default: by the index. */
  holds?: Holds;
}

export function conditionOf(node: SearchNode, options: ConditionOptions): string {
  const { alias, bind } = options;
  // Text as a whole is one query, so that the index answers it in one scan.
  const text = textOf(looseOf(node));
  if (text)
    return [
      matches(text, options, node.kind === 'text' || node.kind === 'prefix'),
      ...phrasesOf(node).map((phrase) => holdsPhrase(phrase, alias, bind)),
    ].join(' and ');
  switch (node.kind) {
    // What says nothing changes nothing of what stands beside it.
    case 'and':
    case 'or': {
      const nothing = (): string => (node.kind === 'and' ? 'true' : 'false');
      const parts = node.nodes.map((inner) => conditionOf(inner, { ...options, whenEmpty: nothing }));
      return `(${parts.join(` ${node.kind} `)})`;
    }
    case 'not':
      return `(${conditionOf(node.node, { ...options, whenEmpty: () => 'false' })}) is not true`;
    case 'label':
      return labelCondition(node, alias, bind);
    case 'date':
      return [
        `coalesce(${alias}.document_date, '-infinity'::date) >= ${bind(node.from ?? '0001-01-01')}::date`,
        ...(node.before ? [`coalesce(${alias}.document_date, '-infinity'::date) < ${bind(node.before)}::date`] : []),
      ].join(' and ');
    case 'asn':
      return `${alias}.asn = ${bind(node.value)}::int`;
    case 'amount':
      return [
        `${alias}.amount is not null`,
        ...node.comparisons.map(
          ({ operator, value }) =>
            `coalesce(${alias}.amount, '-infinity'::numeric) ${operator} ${bind(value)}::numeric`,
        ),
      ].join(' and ');
    default:
      throw new Error('text is answered above');
  }
}

// The index knows no positions. It is asked for the words of a phrase, and what it finds is looked at in names and text
// as they lie in the row: a recheck by PostgreSQL itself would join them first, for each of perhaps twenty thousand
// documents.
export const isPhrase = (node: SearchNode): node is Extract<SearchNode, { kind: 'text' }> =>
  node.kind === 'text' && /^'[^']* [^']*'$/.test(node.query);

/** Phrases that must all occur. Those in alternatives and negations are left to PostgreSQL. */
function phrasesOf(node: SearchNode): string[] {
  if (node.kind === 'and') return node.nodes.flatMap(phrasesOf);
  return isPhrase(node) ? [node.query] : [];
}

/** The tree with the words of these phrases in place of them. */
export function looseOf(node: SearchNode): SearchNode {
  if (node.kind === 'and') return { ...node, nodes: node.nodes.map(looseOf) };
  return isPhrase(node) ? { ...node, query: node.query.replaceAll(' ', `' & '`) } : node;
}

function holdsPhrase(phrase: string, alias: string, bind: Bind): string {
  const query = (): string => `search_query(${bind(phrase)})`;
  return `(numnode(${query()}) = 0 or ${alias}.search_names @@ ${query()} or ${alias}.search_text @@ ${query()})`;
}

/** Planned with its value, the first half is a constant: what is left is the indexed condition or nothing. */
const matches = (
  text: TextQuery,
  { alias, bind, whenEmpty, holds = byIndex }: ConditionOptions,
  isOne: boolean,
): string => `(numnode(${text(bind)}) = 0 and ${whenEmpty()} or ${holds(alias, () => text(bind), isOne)})`;

/** The tree as one tsquery; undefined when there is a condition in it. */
export function textOf(node: SearchNode): TextQuery | undefined {
  const text = plainText(node);
  if (text !== undefined) return (bind) => `search_query(${bind(text)})`;
  switch (node.kind) {
    case 'prefix':
      return (bind) => `search_prefix(${bind(node.query)})`;
    case 'not': {
      const inner = textOf(node.node);
      return inner && ((bind) => `(!! ${inner(bind)})`);
    }
    case 'and':
    case 'or': {
      const parts = node.nodes.map(textOf);
      return parts.every((part) => part !== undefined) ? combined(node.kind, parts) : undefined;
    }
    default:
      return undefined;
  }
}

const combined =
  (kind: 'and' | 'or', parts: readonly TextQuery[]): TextQuery =>
  (bind) =>
    `(${parts.map((part) => part(bind)).join(kind === 'and' ? ' && ' : ' || ')})`;

/** The tree in the words of `to_tsquery`: one parameter, whatever its shape. Prefixes are made in SQL. */
function plainText(node: SearchNode): string | undefined {
  if (node.kind === 'text') return node.query;
  if (node.kind === 'not') {
    const inner = plainText(node.node);
    return inner && `!(${inner})`;
  }
  if (node.kind !== 'and' && node.kind !== 'or') return undefined;
  const parts = node.nodes.map(plainText);
  return parts.every((part) => part !== undefined)
    ? parts.map((part) => `(${part})`).join(node.kind === 'and' ? ' & ' : ' | ')
    : undefined;
}

function wantedIn(node: SearchNode): TextQuery | undefined {
  if (node.kind === 'not') return undefined;
  if (node.kind !== 'and' && node.kind !== 'or') return textOf(node);
  const parts = node.nodes.map(wantedIn).filter((part) => part !== undefined);
  return parts.length > 1 ? combined(node.kind, parts) : parts[0];
}

type LabelNode = Extract<SearchNode, { kind: 'label' }>;

/** The ids of the tags, types or correspondents that are meant, as a query. */
export function idsOfLabel({ of, name, isPrefix }: LabelNode, bind: Bind): string {
  const same = (column: string): string =>
    isPrefix ? `starts_with(${column}, search_fold(${bind(name)}))` : `${column} = search_fold(${bind(name)})`;
  switch (of) {
    case 'tag':
      return `select g.id from tags g where ${same('g.folded_name')}`;
    case 'type':
      return `select y.id from document_types y
        where ${same('search_fold(y.code)')} or ${same('search_fold(y.label)')}`;
    case 'from':
      // Part of a name: nobody types « Électricité de France SA » in full.
      return `select c.id from correspondents c where strpos(c.folded_name, search_fold(${bind(name)})) > 0`;
  }
}

function labelCondition(node: LabelNode, alias: string, bind: Bind): string {
  const ids = idsOfLabel(node, bind);
  switch (node.of) {
    case 'tag':
      return anyOf(`${alias}.id`, `select dt.document_id from document_tags dt join (${ids}) g on g.id = dt.tag_id`);
    case 'type':
      return anyOf(`${alias}.document_type_id`, ids);
    case 'from':
      return anyOf(`${alias}.correspondent_id`, ids);
  }
}

/** As an array, read once, so that an index answers it beside words, too: of an `in` within an `or` none would. */
const anyOf = (column: string, ids: string): string => `${column} = any(array(${ids}))`;
