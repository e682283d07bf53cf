/**
 * Equal subscriptions share their work: an event is executed and printed once for all who may see the same.
 *
 * - A *subscriber* (`subscriber.ts`) is one subscription of one client, over a *transport* (`transport.ts`). It is
 *   *live* while events are delivered to it as they come. One that resumes, or whose client is slow, *catches up*: it
 * reads the log from its own position,
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
import { EventSubscription } from '../../kernel/event-subscription.js';
import { DomainError } from '../../lib/errors.js';
import { placesOf } from '../../quota/places.js';
import { presentable } from '../executor.js';
import { Channel, type ChannelOptions } from './channel.js';
import { positionRefusal } from './position-refusal.js';
import { type SubscribedOperation, Subscriber } from './subscriber.js';

export interface SubscriptionsOptions extends Omit<ChannelOptions, 'onEmpty'> {
  /** How long one event may wait for a slow client before it is cut. Default 10 s. */
  stallMs?: number | undefined;
}

/**
 * Most subscriptions that one person may have open, over all sockets and streams: every event is answered for each that
 * differs, so that they would hold up everybody else's. A tab of the console has 20 at most.
 */
export const maxSubscriptions = 200;

/** Resolves to the subscription, which begins when it is iterated over, or to why there is none. */
export type Subscribe = (
  operation: SubscribedOperation,
) => Promise<AsyncIterableIterator<ExecutionResult, undefined> | ExecutionResult>;

/** Starts subscriptions, for all transports, which do the rest of their protocols. */
export function subscriptions({ stallMs = 10_000, shapes, makeContext }: SubscriptionsOptions): {
  subscribe: Subscribe;
} {
  const channels = new WeakMap<GraphQLSchema, Map<string, Channel>>();
  const places = placesOf(maxSubscriptions);
  const channelOf = (operation: SubscribedOperation): Channel => {
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
      const after = operation.resumeAfter ?? source.parts.after;
      const refusal = await positionRefusal(after, operation.contextValue.services.events);
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

/** The variables without the one that only says where to resume. */
function sharedVariables({ schema, document, variableValues }: SubscribedOperation): object {
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
