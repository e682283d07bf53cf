import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigInteger, DateTime, Decimal } from '../../../kernel/scalars.js';

export enum MonitoringPeriod {
  HOUR = 'hour',
  DAY = 'day',
  WEEK = 'week',
  MONTH = 'month',
}

registerEnumType(MonitoringPeriod, {
  name: 'MonitoringPeriod',
  description: 'How far back figures go.',
  valuesConfig: {
    HOUR: { description: 'The last hour.' },
    DAY: { description: 'The last 24 hours, from a full hour on.' },
    WEEK: { description: 'The last 7 days, from a full hour on.' },
    MONTH: { description: 'The last 30 days, from a full hour on.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'How many requests there were, and how long they took from the end of the request to the beginning of the ' +
    'answer. Percentiles are estimated within the classes that durations are counted in.',
})
export class RequestFigures {
  @Field(() => BigInteger, { description: 'All requests.' })
  requestCount!: number;

  @Field(() => BigInteger, { description: 'Those that were refused: a mistake of the client.' })
  refusedCount!: number;

  @Field(() => BigInteger, { description: 'Those that failed by a defect of the server.' })
  failedCount!: number;

  @Field(() => Decimal, { description: 'Of a hundred requests, how many failed.' })
  failurePercent!: string;

  @Field(() => Int, { description: 'Mean duration in milliseconds; 0 without requests.' })
  averageMs!: number;

  @Field(() => Int, { description: 'Half of them took so long at most, in milliseconds.' })
  medianMs!: number;

  @Field(() => Int, { description: 'Of a hundred, 95 took so long at most, in milliseconds.' })
  p95Ms!: number;

  @Field(() => Int, { description: 'The slowest, in milliseconds.' })
  slowestMs!: number;
}

@ObjectType({ simpleResolvers: true, description: 'Requests to one route of the REST APIs.' })
export class RouteFigures {
  @Field(() => String, { description: 'The route: `GET /api/clients/:id`; `other` for what has no route.' })
  route!: string;

  @Field(() => RequestFigures, { description: 'Their figures.' })
  figures!: RequestFigures;
}

@ObjectType({ simpleResolvers: true, description: 'Requests for one operation of GraphQL.' })
export class OperationFigures {
  @Field(() => String, {
    description:
      'Its name; `unnamed` without one, `signed_out` of whoever is not signed in, `other` for names beyond the ' +
      'first 200.',
  })
  operation!: string;

  @Field(() => RequestFigures, { description: 'Their figures.' })
  figures!: RequestFigures;
}

@ObjectType({ simpleResolvers: true, description: 'Requests with one API key.' })
export class ApiKeyFigures {
  @Field(() => ID, { description: 'UUID of the key.' })
  apiKeyId!: string;

  @Field(() => String, { nullable: true, description: 'What its person called it; null when it is deleted.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'First characters of its secret.' })
  prefix!: string | null;

  @Field(() => RequestFigures, { description: 'Their figures.' })
  figures!: RequestFigures;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Attempts to deliver to one webhook; one that the receiver did not take counts as failed.',
})
export class WebhookFigures {
  @Field(() => ID, { description: 'Number of the webhook.' })
  webhookEndpointId!: string;

  @Field(() => ID, { nullable: true, description: 'Its UUID; null when it is deleted.' })
  uuid!: string | null;

  @Field(() => String, { nullable: true, description: 'What its owner called it; null when it is deleted.' })
  name!: string | null;

  @Field(() => RequestFigures, { description: 'The figures of the attempts.' })
  figures!: RequestFigures;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Response times, counts and failures of all processes, up to ten seconds ago.',
})
export class MonitoringSummary {
  @Field(() => DateTime, { description: 'Beginning of the period.' })
  from!: Date;

  @Field(() => DateTime, { description: 'End of the period: now.' })
  to!: Date;

  @Field(() => RequestFigures, { description: 'All requests together, without the deliveries to webhooks.' })
  all!: RequestFigures;

  @Field(() => [RouteFigures], { description: 'By route, the busiest first: at most 200.' })
  routes!: RouteFigures[];

  @Field(() => [OperationFigures], { description: 'By operation of GraphQL, the busiest first: at most 200.' })
  operations!: OperationFigures[];

  @Field(() => [ApiKeyFigures], { description: 'By API key, the busiest first: at most 200.' })
  apiKeys!: ApiKeyFigures[];

  @Field(() => [WebhookFigures], { description: 'By webhook, the busiest first: at most 200.' })
  webhooks!: WebhookFigures[];

  @Field(() => Int, { description: 'How many alerts are up now.' })
  alertsUp!: number;
}
