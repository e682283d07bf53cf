import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

const read = { who: ['clients:read'], expect: cells.grantedRead } as const;
const write = { who: ['clients:write', 'clients:read'], otherWho: 'lecteur', expect: cells.grantedWrite } as const;

export const clientQueryRows: Record<string, GraphqlRow> = {
  client: {
    ...read,
    document: byId('client', 'name'),
    variables: ({ right, make }) => make.client(right),
    shows: text('name'),
  },
  clients: {
    ...read,
    document: 'query ($name: String) { clients(filter: { search: $name }) { nodes { name } } }',
    variables: ({ right, make }) => make.client(right),
    shows: text('name'),
  },
  trashedClients: {
    ...write,
    document: 'query ($name: String) { trashedClients(search: $name) { name } }',
    variables: async ({ right, make, server }) => {
      const { id, name } = await make.client(right);
      await server.sql('update clients set deleted_at = now() where id = ?', [id]);
      return { name };
    },
    shows: text('name'),
    expect: { ...cells.grantedRead, readOnly: 'FORBIDDEN' },
  },
};

export const clientMutationRows: Record<string, GraphqlRow> = {
  createClient: {
    ...write,
    document: change('createClient', 'CreateClientInput', 'client { id }'),
    variables: input(() => ({ name: unique('Client') })),
  },
  updateClient: {
    ...write,
    document: change('updateClient', 'UpdateClientInput', 'client { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.client(right)).id, notes: unique('Note') })),
  },
  deleteClient: {
    ...write,
    document: change('deleteClient', 'DeleteClientInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.client(right)).id })),
  },
  restoreClient: {
    ...write,
    document: change('restoreClient', 'RestoreClientInput', 'client { id }'),
    variables: input(async ({ right, make, server }) => {
      const { id } = await make.client(right);
      await server.sql('update clients set deleted_at = now() where id = ?', [id]);
      return { id };
    }),
  },
  anonymizeClient: {
    ...write,
    document: change('anonymizeClient', 'AnonymizeClientInput', 'client { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.client(right)).id })),
  },
};
