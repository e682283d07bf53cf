import { useEffect } from 'react';
import { useGraphList } from '../graph/use-graph';
import { PermissionListOperation } from './operations.gen';

/** All permissions that there are: they are some dozens, and are read to the last page. */
export function useAllPermissions() {
  const list = useGraphList(
    PermissionListOperation,
    {},
    { topics: ['people'], connectionOf: ({ permissions }) => permissions! },
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return list;
}
