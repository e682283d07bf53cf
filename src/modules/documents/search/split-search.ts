import type { SearchNode } from '../../../lib/search-query.js';
import { isPhrase, looseOf, textOf } from './search-condition.js';

/**
 * A query in two halves that must both hold: what indexes answer, and what has to be looked for in the rows that they
 * give. The full-text index knows no positions, takes every posting of every word for a beginning of words, and reads
 * the whole of itself for what is only denied.
 */
export interface SplitSearch {
  /** Undefined: every document has to be looked at. */
  indexed?: SearchNode | undefined;
  /** Undefined: what the indexes give are the hits. */
  looked?: SearchNode | undefined;
}

export interface SplitOptions {
  /** Whether the index is asked for this beginning of words, by the prefix's `query`. */
  isRare: (prefix: string) => boolean;
  /** Whether indexes are asked for alternatives of words and conditions: they have to read each of them whole. */
  asksAlternatives: boolean;
}

/** Halves of a query; without either for none. */
export function splitSearch(tree: SearchNode, options: SplitOptions): SplitSearch {
  const split = halvesOf(tree, options);
  return split.indexed && isDenial(split.indexed) ? { looked: tree } : split;
}

/** All beginnings of words in a query, as `query` of their nodes. */
export function prefixQueries(node: SearchNode): string[] {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.flatMap(prefixQueries);
  if (node.kind === 'not') return prefixQueries(node.node);
  return node.kind === 'prefix' ? [node.query] : [];
}

/** Whether there are words in it, beside conditions. */
export function hasText(node: SearchNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.some(hasText);
  if (node.kind === 'not') return hasText(node.node);
  return node.kind === 'text' || node.kind === 'prefix';
}

function halvesOf(node: SearchNode, options: SplitOptions): SplitSearch {
  switch (node.kind) {
    case 'text':
      return isPhrase(node) ? { indexed: looseOf(node), looked: node } : { indexed: node };
    case 'prefix':
      // Of several words it is a phrase.
      return !node.query.includes(' ') && options.isRare(node.query) ? { indexed: node } : { looked: node };
    case 'not':
      return !hasText(node.node) || isPlainText(node.node) ? { indexed: node } : { looked: node };
    case 'or': {
      const halves = node.nodes.map((each) => ({ each, ...halvesOf(each, options) }));
      // Words in place of a phrase say no less than it. What else is left out of an alternative might be all of it.
      const isAnswered = halves.every(
        ({ each, indexed, looked }) => indexed && indexed.kind !== 'not' && (!looked || isPhrase(each)),
      );
      if (!isAnswered || (isMixed(node) && !options.asksAlternatives)) return { looked: node };
      const indexed: SearchNode = { kind: 'or', nodes: halves.flatMap((half) => half.indexed ?? []) };
      return halves.some(({ looked }) => looked) ? { indexed, looked: node } : { indexed };
    }
    case 'and':
      return ofAll(node.nodes.map((each) => halvesOf(each, options)));
    default:
      return { indexed: node };
  }
}

function ofAll(halves: readonly SplitSearch[]): SplitSearch {
  const indexed = halves.flatMap((half) => half.indexed ?? []);
  const looked = halves.flatMap((half) => half.looked ?? []);
  // Text as a whole is one query. Words that are denied are left out of what the others give; alone they give all.
  const texts = indexed.filter((node) => textOf(node));
  const conditions = indexed.filter((node) => !textOf(node));
  const isGiving = texts.some((node) => !isDenial(node));
  const words = isGiving ? both(texts) : undefined;
  return {
    indexed: both([...(words ? [words] : []), ...conditions]),
    looked: both([...looked, ...(isGiving ? [] : texts)]),
  };
}

function both(nodes: readonly SearchNode[]): SearchNode | undefined {
  return nodes.length > 1 ? { kind: 'and', nodes: [...nodes] } : nodes[0];
}

/** Whether there are alternatives of words and conditions in it. */
export function isMixed(node: SearchNode): boolean {
  if (node.kind === 'not') return isMixed(node.node);
  if (node.kind !== 'and' && node.kind !== 'or') return false;
  return (node.kind === 'or' && hasText(node) && textOf(node) === undefined) || node.nodes.some(isMixed);
}

const isDenial = (node: SearchNode): boolean => node.kind === 'not' && textOf(node) !== undefined;

/** Words that the index answers exactly. */
function isPlainText(node: SearchNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.every(isPlainText);
  return node.kind === 'text' && !isPhrase(node);
}
