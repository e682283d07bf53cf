import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf } from '../../kernel/event-subscription.js';
import { Client } from './client.entity.js';
import { clientReads } from './client.reads.js';
import type { ClientEvents } from './events.js';
import { fieldworkEvents } from './fieldwork-events.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a client.' })
class ClientEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'UUID of the client, which may be gone by now.' })
  clientId!: string;

  @Field(() => [String], { description: 'Names of the fields that changed.' })
  fields!: string[];
}

interface Args {
  after?: string | null;
  clientId?: string | null;
}

@Resolver(() => ClientEvent)
export class ClientEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => ClientEvent, {
    description:
      'What happens to clients, for whoever has `clients:read`; in commit order, from now on or after a position.',
    subscribe: ({ args: { after, clientId: id }, context }: { args: Args; context: Context }) =>
      fieldworkEvents({ resource: 'clients', subjectType: 'Client', after, id }, context),
  })
  clientEvents(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
    @Arg('clientId', () => ID, { nullable: true, description: 'Only of this client.' }) _clientId?: string | null,
  ): ClientEvent {
    const { fields } = event.data as ClientEvents['client.updated'];
    return { ...deliveredOf(event), clientId: event.subjectId, fields };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Client, { nullable: true, description: 'The client as it is now; null when it is gone.' })
  client(
    @Root() event: ClientEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Client | undefined> {
    return read.one(clientReads, event.clientId, info);
  }
}
