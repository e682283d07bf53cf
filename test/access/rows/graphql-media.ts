import { makePng } from '../../support/files.js';
import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

const read = { who: ['media:read'], expect: cells.grantedRead } as const;
const write = { who: ['media:write', 'media:read'], otherWho: 'lecteur', expect: cells.grantedWrite } as const;

export const mediaQueryRows: Record<string, GraphqlRow> = {
  medium: {
    ...read,
    document: byId('medium', 'description'),
    variables: ({ right, make }) => make.medium(right),
    shows: text('description'),
  },
  media: {
    ...read,
    document: 'query ($description: String) { media(filter: { search: $description }) { nodes { description } } }',
    variables: ({ right, make }) => make.medium(right),
    shows: text('description'),
  },
  mediumFile: {
    ...read,
    document: byId('mediumFile', 'name key'),
    variables: ({ right, make }) => make.medium(right),
  },
  mediaStatistics: { ...read, document: '{ mediaStatistics { totalCount totalBytes } }' },
};

export const mediaMutationRows: Record<string, GraphqlRow> = {
  uploadMedium: {
    ...write,
    document: change('uploadMedium', 'UploadMediumInput', 'medium { id }'),
    variables: input(async ({ right, make }) => ({
      interventionId: (await make.intervention(right)).id,
      file: new File([new Uint8Array(makePng())], 'a.png'),
    })),
  },
  updateMedium: {
    ...write,
    document: change('updateMedium', 'UpdateMediumInput', 'medium { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.medium(right)).id, annotations: unique('Note') })),
  },
  deleteMedium: {
    ...write,
    document: change('deleteMedium', 'DeleteMediumInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.medium(right)).id })),
  },
  bulkEditMedia: {
    ...write,
    document: change('bulkEditMedia', 'BulkEditMediaInput', 'changedCount'),
    variables: input(async ({ right, make }) => ({ ids: [(await make.medium(right)).id], trash: true })),
  },
};
