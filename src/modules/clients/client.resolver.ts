import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { requirePermission } from '../../kernel/viewer.js';
import { anonymizeClient } from './anonymize-client.js';
import { Client } from './client.entity.js';
import {
  AnonymizeClientInput,
  AnonymizeClientPayload,
  ClientConnection,
  type ClientFilter,
  ClientListArgs,
  ClientPayload,
  CreateClientInput,
  DeleteClientInput,
  RestoreClientInput,
  TrashedClient,
  UpdateClientInput,
} from './client.inputs.js';
import { clientReads } from './client.reads.js';
import { createClient } from './create-client.js';
import { deleteClient } from './delete-client.js';
import { restoreClient } from './restore-client.js';
import { mostTrashedClients, trashedClients } from './trashed-clients.js';
import { updateClient } from './update-client.js';

const payload = payloadOf('client', clientReads);

@Resolver(() => Client)
export class ClientResolver {
  @Planned
  @Query(() => ClientConnection, { description: 'The clients that are not in the trash; needs `clients:read`.' })
  clients(
    @Ctx() { viewer, read }: Context,
    @Args(() => ClientListArgs) args: ListArgs<ClientFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Client>> {
    requirePermission(viewer, 'clients:read');
    return read.list(clientReads, args, info);
  }

  @Planned
  @Query(() => Client, {
    nullable: true,
    description: 'A client; null when there is none. Needs `clients:read`.',
  })
  async client(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Client | undefined> {
    requirePermission(viewer, 'clients:read');
    return read.one(clientReads, id, info);
  }

  @Query(() => [TrashedClient], {
    description:
      'The clients in the trash, the last deleted first; needs `clients:write`. After 30 days they are gone for good.',
  })
  trashedClients(
    @Ctx() ctx: Context,
    @Arg('first', () => Int, { defaultValue: 50, description: `How many: at most ${mostTrashedClients}.` })
    first: number,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Whose name, company or e-mail has this text, in any case.',
    })
    search?: string | null,
  ): Promise<TrashedClient[]> {
    return trashedClients(ctx, { first, search });
  }

  @Mutation(() => ClientPayload, {
    description: 'Makes a client; needs `clients:write`. CONFLICT when another one has its e-mail address.',
  })
  async createClient(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateClientInput, { description: 'The client.' }) input: CreateClientInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ClientPayload> {
    return payload(ctx, await createClient(ctx, input), info);
  }

  @Mutation(() => ClientPayload, {
    description:
      'Changes a client; needs `clients:write`. CONFLICT for an old version, for an e-mail address of another client ' +
      'and for a client that was anonymised.',
  })
  async updateClient(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateClientInput, { description: 'The changes.' }) input: UpdateClientInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ClientPayload> {
    return payload(ctx, await updateClient(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description:
      'Puts a client into the trash for 30 days, with its interventions, appointments, media, reports and contracts; ' +
      'invoices stay. Needs `clients:write`.',
  })
  async deleteClient(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteClientInput, { description: 'Which client.' }) { id }: DeleteClientInput,
  ): Promise<DeletedPayload> {
    return deleted('Client', await deleteClient(ctx, id));
  }

  @Mutation(() => ClientPayload, {
    description:
      'Takes a client out of the trash with what went there with it. Needs `clients:write`. CONFLICT when another ' +
      'client has its e-mail address by now.',
  })
  async restoreClient(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreClientInput, { description: 'Which client.' }) { id }: RestoreClientInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ClientPayload> {
    return payload(ctx, await restoreClient(ctx, id), info);
  }

  @Mutation(() => AnonymizeClientPayload, {
    description:
      'Removes what names a client, but for its e-mail address; it cannot be undone. What was done for it stays as ' +
      'it was written. Needs `clients:write`.',
  })
  async anonymizeClient(
    @Ctx() ctx: Context,
    @Arg('input', () => AnonymizeClientInput, { description: 'Which client.' }) input: AnonymizeClientInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AnonymizeClientPayload> {
    const { id, ...left } = await anonymizeClient(ctx, input.id);
    return { ...left, ...(await payload(ctx, id, info)) };
  }
}
