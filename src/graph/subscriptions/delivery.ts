import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { isDoneBy, toldTo } from '../../kernel/event-subscription.js';
import type { Viewer } from '../../kernel/viewer.js';
import { AnswerBudget, maxEventBytes } from '../answer-budget.js';
import type { ContextMaker } from '../context.js';
import { countErrors } from '../counters.js';
import { run } from '../executor.js';
import { checkedOnce } from './checked-once.js';
import type { Subscriber } from './subscriber.js';

/** What an event means to a subscriber: a message, as JSON, or the error that ends the subscription. */
export type Delivery = { subscriber: Subscriber; event: StoredEvent } & ({ payload: string } | { error: unknown });

export interface Deliveries {
  bySubscriber: ReadonlyMap<Subscriber, readonly Delivery[]>;
  /** The most visibilities that one of the events had to be answered or checked for. */
  visibilityCount: number;
}

export interface DeliveryOptions {
  /** Viewers with equal keys get equal answers. undefined: each subscriber gets an answer of its own. */
  visibilityKeyOf: ((viewer: Viewer) => string) | undefined;
  makeContext: ContextMaker;
}

type Current = Awaited<ReturnType<Context['refresh']>>;

/** Subscribers under one credential, with its viewer as of now, or the error because of which it holds no more. */
type CredentialGroup = { subscribers: readonly Subscriber[] } & ({ current: Current } | { error: unknown });

/** A subscriber that gets an event, with its viewer as of now. */
interface Recipient {
  subscriber: Subscriber;
  viewer: Viewer;
}

/**
 * What the events mean to those of the subscribers that await them. Each credential is resolved anew first, so that an
 * answer is never older than the rights it was given by; an event is answered once for all who may see the same.
 */
export async function deliveriesOf(
  events: readonly StoredEvent[],
  subscribers: readonly Subscriber[],
  options: DeliveryOptions,
): Promise<Deliveries> {
  const awaiting = subscribers.filter((subscriber) => events.some((event) => subscriber.awaits(event)));
  const byCredential = Map.groupBy(awaiting, ({ operation }) => operation.credential).values();
  const groups = await Promise.all([...byCredential].map(resolveGroup));
  const perEvent = await Promise.all(events.map((event) => deliveriesOfEvent(event, groups, options)));
  return {
    bySubscriber: Map.groupBy(
      perEvent.flatMap(({ deliveries }) => deliveries),
      ({ subscriber }) => subscriber,
    ),
    visibilityCount: Math.max(...perEvent.map(({ visibilityCount }) => visibilityCount)),
  };
}

/** Resolves the credential of several subscribers once. */
async function resolveGroup(subscribers: readonly Subscriber[]): Promise<CredentialGroup> {
  try {
    return { subscribers, current: await (subscribers[0] as Subscriber).context.refresh() };
  } catch (error) {
    return { subscribers, error };
  }
}

async function deliveriesOfEvent(
  event: StoredEvent,
  groups: readonly CredentialGroup[],
  options: DeliveryOptions,
): Promise<{ deliveries: Delivery[]; visibilityCount: number }> {
  const checks = new Map<string, Promise<boolean>>();
  const admitted = await Promise.all(groups.map((group) => recipientsAmong(event, group, checks)));
  const byVisibility = Map.groupBy(
    admitted.flatMap(({ recipients }) => recipients),
    ({ subscriber, viewer }) => {
      const key = options.visibilityKeyOf?.(viewer);
      return key === undefined ? subscriber : `${isDoneBy(viewer.userId, event)} ${key}`;
    },
  );
  const answered = await Promise.all([...byVisibility.values()].map((same) => answer(event, same, options)));
  return {
    deliveries: [...admitted.flatMap(({ failed }) => failed), ...answered.flat()],
    visibilityCount: Math.max(checks.size, byVisibility.size),
  };
}

/** Those of one credential's subscribers that may have an event. `checks` holds what was checked for other groups. */
async function recipientsAmong(
  event: StoredEvent,
  group: CredentialGroup,
  checks: Map<string, Promise<boolean>>,
): Promise<{ recipients: Recipient[]; failed: Delivery[] }> {
  const awaiting = group.subscribers.filter((subscriber) => subscriber.awaits(event));
  const [first] = awaiting;
  if (!first) return { recipients: [], failed: [] };
  try {
    if ('error' in group) throw group.error;
    const { viewer } = group.current;
    const isAllowed = await first.source.parts.mayHear(event, {
      viewer,
      isVisible: checkedOnce(group.current, checks),
    });
    return { recipients: isAllowed ? awaiting.map((subscriber) => ({ subscriber, viewer })) : [], failed: [] };
  } catch (error) {
    return { recipients: [], failed: awaiting.map((subscriber) => ({ subscriber, event, error })) };
  }
}

/**
 * Executes and prints once for recipients who see the same. An answer with errors is each one's own: it names the
 * request.
 */
async function answer(
  event: StoredEvent,
  [first, ...others]: readonly Recipient[],
  options: DeliveryOptions,
): Promise<Delivery[]> {
  if (!first) return [];
  const { delivery, isShareable } = await answerFor(event, first, options);
  if (isShareable) return [delivery, ...others.map(({ subscriber }) => ({ ...delivery, subscriber }))];
  const own = await Promise.all(others.map(async (other) => (await answerFor(event, other, options)).delivery));
  return [delivery, ...own];
}

async function answerFor(
  event: StoredEvent,
  { subscriber, viewer }: Recipient,
  { makeContext }: DeliveryOptions,
): Promise<{ delivery: Delivery; isShareable: boolean }> {
  const { schema, document, operationName, variableValues, contextValue } = subscriber.operation;
  const { requestId, ip, userAgent, notes, refresh } = contextValue;
  try {
    const { errors, ...rest } = await run({
      schema,
      document,
      operationName,
      variables: variableValues as Record<string, unknown> | null | undefined,
      rootValue: toldTo(viewer, event),
      context: makeContext.forViewer(
        viewer,
        {
          credential: undefined,
          requestId,
          ip,
          userAgent,
          notes: { ...notes, answer: new AnswerBudget(maxEventBytes) },
        },
        refresh,
      ),
    });
    countErrors(contextValue.services.count, errors);
    const payload = JSON.stringify({ ...rest, ...(errors && { errors }) });
    return { delivery: { subscriber, event, payload }, isShareable: !errors };
  } catch (error) {
    return { delivery: { subscriber, event, error }, isShareable: false };
  }
}
