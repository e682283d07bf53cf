import type { Bind, Filter } from '../../../kernel/read-model.js';
import { parseSearch, type SearchNode } from '../../../lib/search-query.js';
import { refuseCostlyPrefixes } from './bounded-search.js';
import { byLooking, conditionOf, inStretches, isPhrase, searchCondition, stretchBits } from './search-condition.js';
import { prefixQueries } from './split-search.js';

/**
 * A search as a filter of the list of documents, which may have any order. Common words are looked for along the order,
 * until the page is full; rare ones are found by the full-text index and then put in order. Which they are is told by
 * some stretches that chance picks: what the planner knows of words ends with the few hundred most common ones.
 */
const condition: Filter<string> = (value, alias, bind) => {
  refuseCostlyPrefixes(value, ['filter', 'search']);
  return searchCondition(value, alias, bind);
};

const rare: Filter<string> = (value, alias, bind) => {
  const gate = isCommon(value, bind);
  if (!gate) return condition(value, alias, bind);
  return `not ${gate} and ${alias}.id = any(array(select w.id from documents w where ${condition(value, 'w', bind)}))`;
};

const common: Filter<string> = (value, alias, bind) => {
  const gate = isCommon(value, bind);
  return gate ? `${gate} and ${condition(value, alias, bind)}` : 'false';
};

export const listedSearch: Filter<string> = Object.assign<Filter<string>, Pick<Filter<string>, 'parts'>>(condition, {
  parts: [rare, common],
});

/** Stretches that are asked for words, and those in which every document is looked at. */
const asked = 16;
const looked = 4;
/** Hits in a stretch of those, of a search that is common: a page of such is found in a few thousand documents. */
const commonHits = 0.5;

/** Whether more than one in five hundred documents fits, in SQL; undefined when there is more in it than words. */
function isCommon(value: string, bind: Bind): string | undefined {
  const tree = parseSearch(value);
  if (!tree || !isWords(tree)) return undefined;
  const inChosen = (count: number): string => {
    const ends = `(select min(id) >> ${stretchBits} from documents), (select max(id) >> ${stretchBits} from documents)`;
    const chosen = `select n from generate_series(${ends}) n order by hashint4(n) limit ${count}`;
    return inStretches('s', `array(${chosen})`);
  };
  const isMore = (count: number, rows: string): string =>
    `(select count(*) > ${count * commonHits} from (${rows} offset 0) s)`;
  // The index answers whole words of a stretch; what it knows of a beginning of words it reads whole.
  if (prefixQueries(tree).length === 0)
    return isMore(asked, `select from documents s where ${inChosen(asked)} and ${condition(value, 's', bind)}`);
  const holds = conditionOf(tree, { alias: 's', bind, whenEmpty: () => 'false', holds: byLooking });
  const all = `select * from documents s where ${inChosen(looked)} offset 0`;
  return isMore(looked, `select from (${all}) s where ${holds}`);
}

/** Words and beginnings of words, all of them or any. */
function isWords(node: SearchNode): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.every(isWords);
  return node.kind === 'prefix' || (node.kind === 'text' && !isPhrase(node));
}
