import { Bound, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import type { Bind } from '../../../kernel/read-model.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { visibleDocuments } from '../files/document.policy.js';
import { correspondentReads } from '../filing/correspondent.reads.js';
import { tagReads } from '../filing/tag.reads.js';
import { searchRows } from './bounded-search.js';
import type { SearchSuggestion } from './search.inputs.js';

export const maxSuggestions = 50;
const minCharacters = 2;
/** How many titles are compared for a page of suggestions. */
const candidates = 200;

/**
 * Titles, correspondents and tags in which a word begins like `q`, then those that are spelt nearly like it; accents
 * and capitals do not count. Empty below two characters. Nothing comes from a document that the viewer may not see.
 */
export async function suggestWords(
  ctx: Pick<Context, 'db' | 'services' | 'viewer'>,
  q: string,
  limit: number,
): Promise<SearchSuggestion[]> {
  const { viewer } = ctx;
  const problems: FieldProblem[] = [];
  if (limit < 1) problems.push({ path: ['limit'], code: 'too_small', message: 'must be 1 or more' });
  if (limit > maxSuggestions)
    problems.push({ path: ['limit'], code: 'too_large', message: `must be at most ${maxSuggestions}` });
  if (problems.length) throw badInput(problems);
  const typed = q.slice(0, 100).replaceAll('\0', ' ');
  if ((typed.match(/[\p{L}\p{N}]/gu) ?? []).length < minCharacters) return [];

  const folded = (bind: Bind): string => `search_fold(${bind(typed)}::text)`;
  const find = (fits: (column: string, bind: Bind) => string, count: number): Promise<SearchSuggestion[]> => {
    const statement = (bind: Bind): string => {
      const named = (type: string, table: string, visible: string): string =>
        `(select n.name, n.folded_name, '${type}', n.created_at from ${table} n
           where (${visible}) and ${fits('n.folded_name', bind)} limit ${candidates})`;
      return `select text, type from (
        select distinct on (type, folded) text, type, folded, created_at from (
          (select t.title, t.folded_title, 'document', t.created_at from documents t
            where t.deleted_at is null and (${visibleDocuments(viewer)('t', bind)})
              and ${fits('t.folded_title', bind)} limit ${candidates})
          union all ${named('correspondent', 'correspondents', correspondentReads.visibleTo(viewer)('n', bind))}
          union all ${named('tag', 'tags', tagReads.visibleTo(viewer)('n', bind))}
        ) f (text, folded, type, created_at) order by type, folded, created_at desc
      ) s order by starts_with(folded, ${folded(bind)}) desc, word_similarity(${folded(bind)}, folded) desc,
                   length(text), text, type
      limit ${count}`;
    };
    return searchRows<SearchSuggestion>(ctx, sql`${new Bound(statement)}`);
  };
  const atStart = await find((column, bind) => `${column} like ${folded(bind)} || '%'`, limit);
  const within =
    atStart.length < limit ? await find((column, bind) => `${column} like '% ' || ${folded(bind)} || '%'`, limit) : [];
  const exact = [...atStart, ...within];
  const nearly =
    exact.length < limit && typed.length > minCharacters
      ? await find((column, bind) => `${folded(bind)} <% ${column}`, limit)
      : [];
  const byName = new Map([...exact, ...nearly].map((found) => [`${found.type} ${found.text.toLowerCase()}`, found]));
  return [...byName.values()].slice(0, limit);
}
