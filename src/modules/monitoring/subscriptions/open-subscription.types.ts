import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Position } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';

export enum SubscriptionTransport {
  GRAPHQL_WS = 'graphql-ws',
  GRAPHQL_SSE = 'graphql-sse',
  WS = 'ws',
}

registerEnumType(SubscriptionTransport, {
  name: 'SubscriptionTransport',
  description: 'What carries a subscription to its client.',
  valuesConfig: {
    GRAPHQL_WS: { description: 'A websocket of the graph.' },
    GRAPHQL_SSE: { description: 'Server-sent events of the graph.' },
    WS: { description: 'The event socket, `/ws`.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'Somebody who follows the event log, as of some seconds ago, at whatever process.',
})
export class OpenSubscription {
  @Field(() => ID, { description: 'UUID, for `endSubscription`.' })
  id!: string;

  @Field(() => User, { nullable: true, description: 'Who; null for somebody whom the viewer may not see.' })
  user?: User | undefined;

  @Field(() => String, {
    description: 'Name of its operation, or the field that it asks for; on `/ws` the names of events that it wants.',
  })
  operation!: string;

  @Field(() => SubscriptionTransport, { description: 'How it is told.' })
  transport!: SubscriptionTransport;

  @Field(() => ID, { description: 'UUID of the process that serves it, since that started.' })
  processId!: string;

  @Field(() => DateTime, { description: 'When it began.' })
  startedAt!: string;

  @Field(() => Position, { description: 'Everything up to here was delivered, or is none of its.' })
  position!: string;

  @Field(() => Int, { description: 'Events of the log that it has not come to.' })
  lagEvents!: number;

  @Field(() => Float, { description: 'Seconds since the first of those happened; 0 when it lacks none.' })
  lagSeconds!: number;
}

@InputType({ description: 'Which subscription.' })
export class EndSubscriptionInput {
  @Field(() => ID, { description: 'UUID of the subscription.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A subscription that is being ended.' })
export class EndSubscriptionPayload {
  @Field(() => ID, { description: 'UUID of the subscription, which ends within moments.' })
  subscriptionId!: string;
}
