import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { Arg, Args, Ctx, Info, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { Document } from '../files/document.entity.js';
import { documentReads } from '../files/document.reads.js';
import { checkPage, findDocuments, summariseHits } from './search-documents.js';
import { DocumentSearchArgs, DocumentSearchConnection, SearchSuggestion } from './search.inputs.js';
import { suggestWords } from './suggest-words.js';

@Resolver()
export class SearchResolver {
  @Query(() => DocumentSearchConnection, {
    description: 'Documents outside the trash that the viewer may see and that fit the words and conditions.',
  })
  async searchDocuments(
    @Ctx() ctx: Context,
    @Args(() => DocumentSearchArgs) { q, filter, first, offset }: DocumentSearchArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentSearchConnection> {
    requireSignedIn(ctx.viewer);
    checkPage(first, offset);
    const asks = fieldsBelow(info);
    const startedMs = performance.now();
    const [found, summary] = await Promise.all([
      asks.has('nodes') || asks.has('edges')
        ? findDocuments(ctx, { q, filter }, { first, offset, snippets: asks.has('edges.snippet') })
        : [],
      asks.has('totalCount') || asks.has('facets') ? summariseHits(ctx, { q, filter }) : undefined,
    ]);
    const ids = found.map(({ id }) => id);
    const [nodes, edgeNodes] = await Promise.all([
      asks.has('nodes') ? ctx.read.many(documentReads, ids, info, { path: ['nodes'] }) : [],
      asks.has('edges.node') ? ctx.read.many(documentReads, ids, info, { path: ['edges', 'node'] }) : [],
    ]);
    const seconds = Math.round((performance.now() - startedMs) * 10) / 10_000;
    const byId = new Map(edgeNodes.map((node) => [String(node.id), node]));
    return {
      nodes,
      // A document that was purged between the statements is left out of both lists.
      edges: found.flatMap(({ id, score, snippet }) => {
        const node = byId.get(String(id));
        return node || !asks.has('edges.node') ? { node: node as Document, score, snippet } : [];
      }),
      totalCount: summary?.totalCount ?? 0,
      facets: { correspondents: summary?.correspondents ?? [], types: summary?.types ?? [], tags: summary?.tags ?? [] },
      seconds,
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
    @Arg('limit', () => Int, { defaultValue: 10, description: 'How many at most: 1 to 50.' }) limit: number,
  ): Promise<SearchSuggestion[]> {
    requireSignedIn(ctx.viewer);
    return suggestWords(ctx, q, limit);
  }
}

/**
 * The fields selected below `info`'s, two levels deep, as `edges` and `edges.snippet`. What @skip may leave out counts.
 */
function fieldsBelow({ fieldNodes, fragments }: GraphQLResolveInfo): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (set: SelectionSetNode | undefined, prefix: string): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) visit(fragments[selection.name.value]?.selectionSet, prefix);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, prefix);
      else {
        names.add(`${prefix}${selection.name.value}`);
        if (!prefix) visit(selection.selectionSet, `${selection.name.value}.`);
      }
    }
  };
  for (const node of fieldNodes) visit(node.selectionSet, '');
  return names;
}
