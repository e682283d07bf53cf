/**
 * Has what is shown asked again when it may have changed.
 *
 * A change of one's own has its topics asked again at once, or soon; the events that it causes name its request, and
 * have nothing of it asked a second time. What others do has its topics asked again soon: together with what else
 * happens until then, never again while an answer is under way, and the more seldom the less is left of the quota, so
 * that whoever works fast is never refused a change for the sake of what they look at.
 */
import { QueryClient } from '@tanstack/react-query';
import { isOnline, quotaLeft } from './client.js';

/** What a query is about and a change touches. A live event of a topic has its queries asked again. */
export type Topic =
  | 'alerts'
  | 'appointments'
  | 'approvals'
  | 'audit'
  | 'banking'
  | 'categories'
  | 'clients'
  | 'documents'
  | 'filing'
  | 'ingests'
  | 'interventions'
  | 'invoices'
  | 'media'
  | 'notifications'
  | 'people'
  | 'plugins'
  | 'reports'
  | 'self'
  | 'tasks'
  | 'webhooks';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // The client tries again by itself what can pass.
      retry: false,
      refetchOnWindowFocus: true,
      // Whether the server is there, the server tells: it may stand in the same room.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

// What failed meanwhile, or is old, is asked again as soon as the server is heard.
isOnline.subscribe((isThere) => {
  if (isThere) void queryClient.invalidateQueries();
});

/** Changes that come close together have what is shown asked again once. */
const gatherMs = 300;
/** Between two times that a topic is asked again for what happens by and by; with half of the quota left, twice that. */
const restMs = 2_000;
const longestRestMs = 60_000;

/** Topics to be asked again soon. */
const waiting = new Set<Topic>();
/** When each was asked last, and those whose answers are under way. */
const askedAt = new Map<Topic, number>();
const underWay = new Map<Topic, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Has everything that is shown of these topics asked again. Resolves when it has come. */
export async function invalidate(...topics: readonly Topic[]): Promise<void> {
  const count = (by: number) => (topic: Topic) => underWay.set(topic, (underWay.get(topic) ?? 0) + by);
  for (const topic of topics) {
    waiting.delete(topic);
    askedAt.set(topic, Date.now());
  }
  topics.forEach(count(1));
  try {
    await queryClient.invalidateQueries({
      predicate: ({ meta }) =>
        (meta?.['topics'] as readonly Topic[] | undefined)?.some((of) => topics.includes(of)) ?? false,
    });
  } finally {
    topics.forEach(count(-1));
    schedule();
  }
}

/** As `invalidate`, a moment later, together with what else changes until then: for what comes many times a minute. */
export function invalidateSoon(...topics: readonly Topic[]): void {
  for (const topic of topics) waiting.add(topic);
  schedule();
}

function schedule(): void {
  const idle = [...waiting].filter((topic) => !underWay.get(topic));
  if (timer !== undefined || idle.length === 0) return;
  const rest = Math.min(restMs / quotaLeft.get(), longestRestMs);
  const dueMs = (topic: Topic): number => (askedAt.get(topic) ?? 0) + rest - Date.now();
  const delay = Math.max(gatherMs, Math.min(...idle.map(dueMs)));
  timer = setTimeout(() => {
    timer = undefined;
    const due = [...waiting].filter((topic) => !underWay.get(topic) && dueMs(topic) <= 0);
    if (due.length > 0) void invalidate(...due);
    schedule();
  }, delay);
}

/** What this page has changed of late, and the topics that its own change has asked again. */
const ownChanges = new Map<string, ReadonlySet<Topic>>();
const mostKept = 100;

/** Notes a change that is done: its events, which may come before or after, ask nothing of these topics again. */
export function noteOwnChange(requestId: string, topics: readonly Topic[]): void {
  ownChanges.set(requestId, new Set(topics));
  const [oldest] = ownChanges.keys();
  if (ownChanges.size > mostKept && oldest !== undefined) ownChanges.delete(oldest);
}

/** A live event has told of a change, by the request of that id when it was one's own. */
export function hear({ requestId }: { requestId?: string | null }, ...topics: readonly Topic[]): void {
  const own = requestId == null ? undefined : ownChanges.get(requestId);
  invalidateSoon(...topics.filter((topic) => !own?.has(topic)));
}
