import { makePng } from '../../support/files.js';
import { unique } from '../objects.js';
import { restCells, type RestRow, type Stage } from '../row.js';

const { grantedRead, grantedWrite } = restCells({ forbidden: 403 });
const read = { who: ['media:read'], expect: grantedRead() } as const;
const write = { who: ['media:write', 'media:read'], otherWho: 'lecteur' } as const;
const api = '/api/medias';

/** One that has its bytes, and a thumbnail that is the same. */
async function withFile({ server, right, make }: Stage): Promise<string> {
  const { id } = await make.medium(right);
  const key = `media/${id}`;
  await server.services.store.putBytes(makePng(), key);
  await server.sql('update media set content_key = ?, thumbnail_key = ? where id = ?', [key, key, id]);
  return id;
}

export const smartleakproMediaRows: Record<string, RestRow> = {
  'GET /api/medias': {
    ...read,
    request: async ({ right, make }) => {
      const { description } = await make.medium(right);
      return { path: `${api}?search=${description}`, shows: description };
    },
  },
  'POST /api/medias/upload': {
    ...write,
    expect: grantedWrite(201),
    request: async ({ right, make }) => {
      const body = new FormData();
      body.set('intervention_id', (await make.intervention(right)).id);
      body.set('file', new Blob([new Uint8Array(makePng())]), 'a.png');
      return { path: `${api}/upload`, body };
    },
  },
  'GET /api/medias/stats/summary': { ...read, request: () => ({ path: `${api}/stats/summary` }) },
  'POST /api/medias/batch-operation': {
    ...write,
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/batch-operation`,
      json: { media_ids: [(await make.medium(right)).id], operation: 'delete' },
    }),
  },
  'GET /api/medias/:id': {
    ...read,
    request: async ({ right, make }) => {
      const { id, description } = await make.medium(right);
      return { path: `${api}/${id}`, shows: description };
    },
  },
  'PUT /api/medias/:id': {
    ...write,
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/${(await make.medium(right)).id}`,
      json: { annotations: unique('Note') },
    }),
  },
  'DELETE /api/medias/:id': {
    ...write,
    expect: grantedWrite(204),
    request: async ({ right, make }) => ({ path: `${api}/${(await make.medium(right)).id}` }),
  },
  'GET /api/medias/:id/download': {
    ...read,
    request: async (stage) => ({ path: `${api}/${await withFile(stage)}/download` }),
  },
  'GET /api/medias/:id/thumbnail': {
    ...read,
    request: async (stage) => ({ path: `${api}/${await withFile(stage)}/thumbnail` }),
  },
};
