import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { Arg, Args, Ctx, Info, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { givenFilter, type ReadModel } from '../../../kernel/read-model.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { Document } from '../files/document.entity.js';
import { documentReads } from '../files/document.reads.js';
import { correspondentReads } from '../filing/correspondent.reads.js';
import { documentTypeReads } from '../filing/document-type.reads.js';
import { tagReads } from '../filing/tag.reads.js';
import { refuseCostlyPrefixes } from './bounded-search.js';
import {
  countWithoutWords,
  findDocuments,
  type FoundPage,
  type HitSources,
  type SearchSummary,
  summariseHits,
} from './search-documents.js';
import { hitSources, isWithoutWords } from './search-hits.js';
import { searchCursor, searchPage } from './search-page.js';
import { DocumentSearchArgs, DocumentSearchConnection, type SearchFacets, SearchSuggestion } from './search.inputs.js';
import { suggestWords } from './suggest-words.js';

@Resolver()
export class SearchResolver {
  @Query(() => DocumentSearchConnection, {
    description:
      'Documents outside the trash that the viewer may see and that fit the words and conditions. ' +
      'At most 6 beginnings of words (`word*`), each of 2 letters or more; what has no word finds its signs.',
  })
  async searchDocuments(
    @Ctx() ctx: Context,
    @Args(() => DocumentSearchArgs) { q, ...args }: DocumentSearchArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentSearchConnection> {
    requireSignedIn(ctx.viewer);
    refuseCostlyPrefixes(q);
    const asks = fieldsBelow(info);
    const search = { q, filter: givenFilter(args.filter) };
    const startedMs = performance.now();
    let told: ReturnType<HitSources> | undefined;
    const sources: HitSources = () => (told ??= hitSources(ctx, search));
    const page = await searchPage(args, async () => {
      if (isWithoutWords(q)) return countWithoutWords(ctx, search);
      return (await findDocuments(ctx, search, { first: 0, offset: 0, snippets: false, sources })).reachable ?? 0;
    });
    const asksMore = asks.has('pageInfo.hasNextPage') && page.hasNextPage === undefined;
    const none: FoundPage = { documents: [], reachable: undefined };
    const [{ documents: read }, totals] = await Promise.all([
      asks.has('nodes') || asks.has('edges') || asks.has('pageInfo')
        ? findDocuments(ctx, search, {
            first: page.size + (asksMore ? 1 : 0),
            offset: page.start,
            snippets: asks.has('edges.snippet'),
            sources,
          })
        : none,
      ['totalCount', 'facets', 'isEstimated'].some((name) => asks.has(name)) ? summariseHits(ctx, sources) : undefined,
    ]);
    const found = read.slice(0, page.size);
    const ids = found.map(({ id }) => id);
    const [nodes, edgeNodes, facets] = await Promise.all([
      asks.has('nodes') ? ctx.read.many(documentReads, ids, info, { path: ['nodes'] }) : [],
      asks.has('edges.node') ? ctx.read.each(documentReads, ids, info, { path: ['edges', 'node'] }) : [],
      facetsOf(ctx, totals, info, asks),
    ]);
    const cursorAt = (i: number): string => searchCursor(page.start + i);
    return {
      nodes,
      // A document that was purged between the statements is left out of both lists.
      edges: found.flatMap(({ score, snippet }, i) => {
        const node = edgeNodes[i];
        return node || !asks.has('edges.node') ? { node: node as Document, cursor: cursorAt(i), score, snippet } : [];
      }),
      pageInfo: {
        hasNextPage: page.hasNextPage ?? read.length > page.size,
        hasPreviousPage: page.hasPreviousPage,
        startCursor: found.length ? cursorAt(0) : null,
        endCursor: found.length ? cursorAt(found.length - 1) : null,
      },
      totalCount: totals?.totalCount ?? 0,
      isEstimated: totals?.isEstimated ?? false,
      facets,
      seconds: Math.round((performance.now() - startedMs) * 10) / 10_000,
    };
  }

  @Query(() => [SearchSuggestion], {
    description:
      'What to search for, from what has been typed so far: titles of visible documents, correspondents, tags. None ' +
      'below two characters.',
  })
  searchSuggestions(
    @Ctx() ctx: Context,
    @Arg('q', () => String, { description: 'What has been typed.' }) q: string,
    @Arg('first', () => Int, { defaultValue: 10, description: 'How many at most: 1 to 50.' }) first: number,
  ): Promise<SearchSuggestion[]> {
    requireSignedIn(ctx.viewer);
    return suggestWords(ctx, q, first);
  }
}

/** The labels of each kind with their counts; one that was deleted between the statements is left out. */
async function facetsOf(
  { read }: Context,
  totals: SearchSummary | undefined,
  info: GraphQLResolveInfo,
  asks: ReadonlySet<string>,
): Promise<SearchFacets> {
  const facet = async <N extends string, T extends object>(
    list: 'correspondents' | 'types' | 'tags',
    name: N,
    model: ReadModel<T>,
  ): Promise<(Record<N, T> & { count: number })[]> => {
    const rows = totals?.[list] ?? [];
    const path = ['facets', list, name];
    const isAsked = asks.has(path.join('.'));
    const labels = isAsked
      ? await read.each(
          model,
          rows.map(({ id }) => id),
          info,
          { path },
        )
      : [];
    return rows.flatMap(({ count }, i) =>
      labels[i] || !isAsked ? ({ [name]: labels[i], count } as Record<N, T> & { count: number }) : [],
    );
  };
  const [correspondents, types, tags] = await Promise.all([
    facet('correspondents', 'correspondent', correspondentReads),
    facet('types', 'type', documentTypeReads),
    facet('tags', 'tag', tagReads),
  ]);
  return { correspondents, types, tags };
}

/**
 * The fields selected below `info`'s, three levels deep, as `edges` and `edges.snippet`. What @skip may leave out
 * counts.
 */
function fieldsBelow({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (set: SelectionSetNode | undefined, path: readonly string[]): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) visit(fragments[selection.name.value]?.selectionSet, path);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, path);
      else {
        const below = [...path, selection.name.value];
        names.add(below.join('.'));
        if (below.length < 3) visit(selection.selectionSet, below);
      }
    }
  };
  for (const node of fieldNodes) visit(node.selectionSet, []);
  return names;
}
