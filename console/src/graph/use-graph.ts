import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { PasserelleError } from '@passerelle/client';
import { keepPreviousData, type QueryKey, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { graph, hasSessionEnded, noteSession } from './client.js';
import { invalidate, invalidateSoon, noteOwnChange, queryClient, type Topic } from './freshness.js';
import { PositionOperation } from './operations.gen.js';

/** An operation of an `operations.gen.ts`. */
export type Operation<Data, Variables> = InstanceType<StringConstructor> & DocumentTypeDecoration<Data, Variables>;

const keyOf = (operation: { toString: () => string }, variables: unknown): QueryKey => [String(operation), variables];

async function asked<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  try {
    return await graph.query(operation, variables as never, signal && ({ signal } as never));
  } catch (error) {
    noteSession(error);
    throw error;
  }
}

export interface QueryOptions {
  topics: readonly Topic[];
  /** False: not yet. */
  enabled?: boolean;
  /** Milliseconds between two looks, for what no event tells of. */
  everyMs?: number;
}

/** The answer of a query. While other variables are asked for, what was there stays (`isPlaceholderData`). */
export const useGraph = <Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Variables>,
  { topics, enabled = true, everyMs }: QueryOptions,
) =>
  useQuery({
    queryKey: keyOf(operation, variables),
    queryFn: ({ signal }) => asked(operation, variables, signal),
    meta: { topics },
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: everyMs ?? false,
  });

/** The answer that is there already; undefined for none. Nothing is asked. */
export const known = <Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Variables>,
): Data | undefined => queryClient.getQueryData<Data>(keyOf(operation, variables));

/** What a route loads before it is shown; `useGraph` finds it. */
export const preload = <Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Variables>,
  topics: readonly Topic[],
): Promise<Data> =>
  queryClient.fetchQuery({
    queryKey: keyOf(operation, variables),
    queryFn: ({ signal }) => asked(operation, variables, signal),
    meta: { topics },
  });

interface Page<Node> {
  nodes: readonly Node[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount?: number;
  /** The count stands for more than were counted. */
  isEstimated?: boolean;
}

/** A list that grows: `connectionOf` finds the connection in an answer; the operation declares `$after: String`. */
export function useGraphList<Data, Variables, Node>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Omit<Variables, 'after'>>,
  { topics, enabled = true, everyMs, connectionOf }: QueryOptions & { connectionOf: (data: Data) => Page<Node> },
) {
  const query = useInfiniteQuery({
    queryKey: [...keyOf(operation, variables), 'pages'],
    queryFn: ({ pageParam, signal }) => asked(operation, { ...variables, after: pageParam } as Variables, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => {
      const { hasNextPage, endCursor } = connectionOf(last).pageInfo;
      return hasNextPage ? (endCursor ?? null) : undefined;
    },
    meta: { topics },
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: everyMs ?? false,
  });
  const pages = query.data?.pages ?? [];
  return {
    ...query,
    nodes: pages.flatMap((page) => connectionOf(page).nodes),
    totalCount: pages[0] && connectionOf(pages[0]).totalCount,
    isEstimated: pages[0] !== undefined && connectionOf(pages[0]).isEstimated === true,
    first: pages[0],
  };
}

/** Names the requests of this page: its own changes are known by them when they are heard of. */
const pageId = Math.random().toString(36).slice(2);
let changeCount = 0;

/** Sends a change. Whoever does has what it `touches` asked again: the events of it do not. */
export async function change<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Variables>,
  touches: readonly Topic[],
): Promise<Data> {
  const requestId = `console_${pageId}_${(changeCount += 1)}`;
  try {
    const data = await graph.mutate(operation, variables as never, { headers: { 'x-request-id': requestId } } as never);
    noteOwnChange(requestId, touches);
    return data as Data;
  } catch (error) {
    noteSession(error);
    throw error;
  }
}

export interface ActionOptions<Data> {
  /** Asked again when it is done. */
  touches: readonly Topic[];
  /** True for what is done many times a minute: it is asked again soon, for several at once. */
  isFrequent?: boolean;
  onDone?: (data: Data) => unknown;
  /** Where no form shows `error`: `complain`. */
  onError?: (error: unknown) => void;
}

/** A change. `run` resolves to the data, or to undefined when it was refused: `error` says why. */
export function useAction<Data, Variables>(
  operation: Operation<Data, Variables>,
  { touches, isFrequent = false, onDone, onError }: ActionOptions<Data>,
) {
  const mutation = useMutation({
    mutationFn: (variables: Variables) => change(operation, variables, touches),
    onSuccess: async (data) => {
      onDone?.(data);
      if (isFrequent) invalidateSoon(...touches);
      else await invalidate(...touches);
    },
    ...(onError && { onError }),
  });
  const run = (variables: Variables): Promise<Data | undefined> =>
    mutation.mutateAsync(variables).catch(() => undefined);
  return { run, isRunning: mutation.isPending, error: mutation.error, reset: mutation.reset };
}

let asking: Promise<string | null> | undefined;

/** Where the log stands, asked once for all that begin to follow it together. */
const newestPosition = (): Promise<string | null> =>
  (asking ??= graph
    .query(PositionOperation, {})
    .then(({ position }) => position)
    .finally(() => (asking = undefined)));

export interface LiveOptions<Data> {
  onEvent: (data: Data) => void;
  /** False: not now. Default: true. */
  enabled?: boolean;
}

/**
 * Follows a subscription while the component is there. It goes on where it was after a lost connection; where the
 * viewer may not hear it, nothing comes.
 */
export function useLive<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: NoInfer<Omit<Variables, 'after'>>,
  { onEvent, enabled = true }: LiveOptions<Data>,
): void {
  const heard = useEffectEvent(onEvent);
  const key = JSON.stringify(variables);
  // Whoever signs in again goes on hearing.
  const isOver = useSyncExternalStore(hasSessionEnded.subscribe, hasSessionEnded.get);
  useEffect(() => {
    if (!enabled || isOver) return;
    const ending = new AbortController();
    const follow = async (): Promise<void> => {
      const after = await newestPosition();
      const options = { signal: ending.signal, ...(after !== null && { after }) };
      const events = graph.subscribe(operation, JSON.parse(key) as never, options as never);
      for await (const event of events) heard(event);
    };
    follow().catch((error: unknown) => {
      if (!(error instanceof PasserelleError)) throw error;
      // The log no longer reaches back to where we were: everything is asked anew.
      if (error.reason === 'position_expired') return void queryClient.invalidateQueries().then(follow);
      if (error.code !== 'FORBIDDEN') noteSession(error);
    });
    return () => ending.abort();
  }, [operation, key, enabled, isOver]);
}
