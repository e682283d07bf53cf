import { useEffect } from 'react';
import { useGraph, useGraphList } from '../graph/use-graph';
import { useNamedByServer } from '../i18n/named-by-server';
import type { Choice } from '../ui/choice-fields';
import {
  AccountsOperation,
  type AccountFactsFragment,
  AccountTypesOperation,
  CategoriesOperation,
  type CategoryFactsFragment,
  type CategoryType,
} from './operations.gen';

/** All categories that the viewer may give, in the order of their names. */
export function useCategories(): readonly CategoryFactsFragment[] {
  const { nodes, hasNextPage, isFetchingNextPage, fetchNextPage } = useGraphList(
    CategoriesOperation,
    {},
    { topics: ['categories'], connectionOf: ({ categories }) => categories ?? none },
  );
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return nodes;
}

const none = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 0 };

export function useCategoryChoices(type?: CategoryType): Choice[] {
  return useCategories()
    .filter((each) => type === undefined || each.type === type)
    .map(({ id, name }) => ({ id, label: name }));
}

/** One's own accounts and those that are shared with one, the first fifty. */
export function useAccounts(): readonly AccountFactsFragment[] {
  const { data } = useGraph(AccountsOperation, {}, { topics: ['banking'] });
  return data?.bankAccounts?.nodes ?? [];
}

export function useAccountTypeChoices(): Choice[] {
  const named = useNamedByServer();
  const { data } = useGraph(AccountTypesOperation, {}, { topics: [] });
  return (data?.bankAccountTypes?.nodes ?? []).map(({ id, name, description }) => ({
    id,
    label: named(name),
    description: named(description),
  }));
}
