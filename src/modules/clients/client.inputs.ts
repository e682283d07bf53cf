import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime } from '../../kernel/scalars.js';
import { ErasureRemainder } from '../identity/people/user.inputs.js';
import { Client, ClientStatus } from './client.entity.js';
import { clientReads } from './client.reads.js';

export const ClientConnection = connectionType('Client', () => Client);

@InputType({ description: 'Conditions on clients; all that are given must hold.' })
export class ClientFilter extends ListFilter {
  @Field(() => ClientStatus, { nullable: true, description: 'Standing so.' })
  status?: ClientStatus | null;

  @Field(() => DateTime, { nullable: true, description: 'Made at this moment or later.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Made before this moment.' })
  createdBefore?: Date | null;

  @Field(() => String, { nullable: true, description: 'Whose name, company or e-mail has this text, in any case.' })
  search?: string | null;
}

export const ClientListArgs = listArgs('Client', clientReads.list, ClientFilter);

@InputType({ description: 'What may be said of a client.' })
class ClientFieldsInput {
  @Field(() => String, { nullable: true, description: 'Legal name of a firm, at most 255 characters.' })
  companyName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'E-mail address; no other client outside of the trash has it, in any case of its letters.',
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Telephone number: at most 20 digits, spaces and + . - ( ).',
  })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal address, at most 1,000 characters.' })
  address?: string | null;

  @Field(() => String, { nullable: true, description: 'Whom to ask for there, at most 255 characters.' })
  contactName?: string | null;

  @Field(() => String, { nullable: true, description: 'What the firm notes about it, at most 10,000 characters.' })
  notes?: string | null;

  @Field(() => ClientStatus, { nullable: true, description: 'Where the firm stands with it. A new one: `ACTIVE`.' })
  status?: ClientStatus | null;
}

@InputType({ description: 'A new client.' })
export class CreateClientInput extends ClientFieldsInput {
  @Field(() => ID, {
    nullable: true,
    description: 'UUID of its own making: sent again, it changes nothing. Absent: the server makes one.',
  })
  id?: string | null;

  @Field(() => String, { description: 'Name, of a person or of a firm: 1 to 255 characters.' })
  name!: string;
}

@InputType({ description: 'Changes to a client. What is absent stays; null empties what may be empty.' })
export class UpdateClientInput extends ClientFieldsInput {
  @Field(() => ID, { description: 'UUID of the client.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the change saw: CONFLICT when it has changed since. Absent: whatever is there.',
  })
  version?: number | null;

  @Field(() => String, { nullable: true, description: 'Name: 1 to 255 characters.' })
  name?: string | null;
}

@InputType({ description: 'Which client.' })
export class DeleteClientInput {
  @Field(() => ID, { description: 'UUID of the client.' })
  id!: string;
}

@InputType({ description: 'Which client in the trash.' })
export class RestoreClientInput {
  @Field(() => ID, { description: 'UUID of the client.' })
  id!: string;
}

@InputType({ description: 'Which client.' })
export class AnonymizeClientInput {
  @Field(() => ID, { description: 'UUID of the client.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A client in the trash.' })
export class TrashedClient {
  @Field(() => ID, { description: 'UUID of the client, for `restoreClient`.' })
  clientId!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => DateTime, { description: 'When it went there.' })
  deletedAt!: string;

  @Field(() => DateTime, { description: 'It is deleted for good soon after this moment.' })
  purgedAfter!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A client after a change.' })
export class ClientPayload {
  @Field(() => Client, { description: 'The client as it is now.' })
  client!: Client;
}

@ObjectType({ simpleResolvers: true, description: 'A client without what named it.' })
export class AnonymizeClientPayload extends ClientPayload {
  @Field(() => [String], { description: 'What was kept and why: a sentence for each of `remains`.' })
  kept!: string[];

  @Field(() => [ErasureRemainder], { description: 'What was kept and why, for programs.' })
  remains!: ErasureRemainder[];
}
