/**
 * Equal subscriptions share their work: an event is executed and printed once for all who may see the same.
 *
 * - A *subscriber* (`subscriber.ts`) is one subscription of one socket. It is *live* while events are delivered to it
 *   as they come. One that resumes, or whose socket is congested, *catches up*: it reads the log from its own position,
 *   an event at a time, until it is live again.
 * - A *channel* (`channel.ts`) is all subscribers of one operation: schema, text, name and variables, but for the
 *   position to resume after. It follows the log once and delivers to its live subscribers, several events at once when
 *   they come fast.
 * - A *delivery* (`delivery.ts`) is what one event means to one subscriber. Within a channel subscribers with one
 *   *visibility* share the answer to an event. Each credential is resolved anew before anything is delivered to it.
 */
import {
  createSourceEventStream,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { EventFeed } from '../../events/feed.js';
import { EventSubscription } from '../../kernel/event-subscription.js';
import { badInput, DomainError } from '../../lib/errors.js';
import { placesOf } from '../../quota/places.js';
import { presentable } from '../executor.js';
import { Channel, type ChannelOptions } from './channel.js';
import { type SocketOperation, Subscriber } from './subscriber.js';

export interface SubscriptionsOptions extends Omit<ChannelOptions, 'onEmpty'> {
  /** How long one event may wait for a slow client before its socket is closed with 1013. Default 10 s. */
  stallMs?: number | undefined;
}

/**
 * Most subscriptions that one person may have open, over all sockets: every event is answered for each that differs, so
 * that they would hold up everybody else's.
 */
export const maxSubscriptions = 100;

/** Starts subscriptions: for graphql-ws, which does the rest of the protocol. */
export function subscriptions({ stallMs = 10_000, shapes, makeContext }: SubscriptionsOptions): {
  subscribe: (operation: SocketOperation) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
} {
  const channels = new WeakMap<GraphQLSchema, Map<string, Channel>>();
  const places = placesOf(maxSubscriptions);
  const channelOf = (operation: SocketOperation): Channel => {
    const ofSchema = channels.get(operation.schema) ?? new Map<string, Channel>();
    channels.set(operation.schema, ofSchema);
    const key = JSON.stringify([operation.query, operation.operationName, sharedVariables(operation)]);
    const onEmpty = (): void => void ofSchema.delete(key);
    const channel = ofSchema.get(key) ?? new Channel(operation, { shapes, makeContext, onEmpty });
    ofSchema.set(key, channel);
    return channel;
  };
  return {
    subscribe: async (operation) => {
      const { log, requestId } = operation.contextValue;
      const source = await createSourceEventStream(operation);
      if (!(Symbol.asyncIterator in source))
        return { errors: source.errors?.map((error) => presentable(error, log, requestId)) ?? [] };
      if (!(source instanceof EventSubscription)) throw new Error('A subscription returns an EventSubscription');
      const refusal = await positionRefusal(source, operation.contextValue.services.events);
      if (refusal) return { errors: [presentable(refusal, log, requestId)] };
      const giveBack = places.take(operation.contextValue.viewer.userId);
      if (!giveBack) return { errors: [presentable(tooMany(), log, requestId)] };
      const subscriber = new Subscriber(operation, source, { channelOf, stallMs });
      subscriber.ended.addEventListener('abort', giveBack, { once: true });
      return subscriber;
    },
  };
}

const tooMany = (): GraphQLError => {
  const message = `At most ${maxSubscriptions} subscriptions at once: complete some, or ask for more in one`;
  const details = { max: maxSubscriptions };
  return new GraphQLError(message, {
    originalError: new DomainError('BAD_USER_INPUT', message, { reason: 'too_many_subscriptions', details }),
  });
};

/** Why the log cannot be followed from where the subscriber wants to. */
async function positionRefusal(
  { parts: { after } }: EventSubscription,
  events: EventFeed,
): Promise<GraphQLError | undefined> {
  const problem = after == null ? undefined : await events.problemOf(after);
  if (!problem) return undefined;
  const { reason, ...details } = problem;
  const message =
    problem.reason === 'position_unknown'
      ? `No event has the position ${after} yet; the newest is ${problem.newest}`
      : `What follows the position ${after} is no longer kept; the oldest event that is kept is ${problem.oldest}`;
  return new GraphQLError(message, {
    originalError: badInput([{ path: ['after'], code: 'not_allowed', message }], { reason, details }),
  });
}

/** The variables without the one that only says where to resume. */
function sharedVariables({ schema, document, variableValues }: SocketOperation): object {
  const uses: string[] = [];
  let position: string | undefined;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.VARIABLE_DEFINITION]: () => false,
      [Kind.VARIABLE]: ({ name }) => void uses.push(name.value),
      [Kind.ARGUMENT]: ({ name, value }) => {
        if (
          name.value === 'after' &&
          value.kind === Kind.VARIABLE &&
          types.getParentType() === schema.getRootType(OperationTypeNode.SUBSCRIPTION)
        )
          position = value.name.value;
      },
    }),
  );
  const isAlone = uses.filter((name) => name === position).length === 1;
  return Object.fromEntries(Object.entries(variableValues ?? {}).filter(([name]) => !(isAlone && name === position)));
}
