import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

/** The firm's: whoever holds the permission has all of them. */
const frame = { who: ['integrations:read', 'integrations:write'], otherWho: 'technicien' } as const;
const configuration = { webhook_url: 'https://integration.invalid/' };

export const integrationQueryRows: Record<string, GraphqlRow> = {
  integration: {
    ...frame,
    document: byId('integration', 'name status configuration health { pendingCount }'),
    variables: ({ right, make }) => make.integration(right),
    shows: text('name'),
    expect: cells.grantedRead,
  },
  integrations: {
    ...frame,
    document: '{ integrations(first: 100) { nodes { name } } }',
    variables: ({ right, make }) => make.integration(right),
    shows: text('name'),
    expect: cells.grantedRead,
  },
  integrationKinds: { ...frame, document: '{ integrationKinds { kind isAvailable } }', expect: cells.grantedRead },
};

export const integrationMutationRows: Record<string, GraphqlRow> = {
  createIntegration: {
    ...frame,
    usesUp: true,
    document: change('createIntegration', 'CreateIntegrationInput', 'integration { id }'),
    variables: input(() => ({ name: unique('integration'), kind: 'ZAPIER', configuration })),
    expect: cells.grantedWrite,
  },
  updateIntegration: {
    ...frame,
    document: change('updateIntegration', 'UpdateIntegrationInput', 'integration { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.integration(right)).id, name: unique('named') })),
    expect: cells.grantedWrite,
  },
  deleteIntegration: {
    ...frame,
    document: change('deleteIntegration', 'DeleteIntegrationInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.integration(right)).id })),
    expect: cells.grantedWrite,
  },
  syncIntegration: {
    ...frame,
    document: change('syncIntegration', 'SyncIntegrationInput', 'integration { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.integration(right)).id })),
    expect: cells.grantedWrite,
  },
};
