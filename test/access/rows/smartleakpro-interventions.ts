import { makePng } from '../../support/files.js';
import { unique } from '../objects.js';
import { restCells, type RestRow, type Stage } from '../row.js';

const { grantedRead, grantedWrite } = restCells({ forbidden: 403 });

const base = '/api/interventions';
const read = { who: 'lecteur', expect: grantedRead() } as const;
const write = { who: 'technicien', otherWho: 'lecteur' } as const;
const pathOf = async ({ right, make }: Stage, below = ''): Promise<string> =>
  `${base}/${(await make.intervention(right)).id}${below}`;

export const smartleakproInterventionRows: Record<string, RestRow> = {
  'GET /api/interventions': {
    ...read,
    request: async ({ right, make }) => {
      const { description } = await make.intervention(right);
      return { path: `${base}?search=${description}`, shows: description };
    },
  },
  'POST /api/interventions': {
    ...write,
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({
      path: base,
      json: {
        client_id: (await make.client(right)).id,
        date_intervention: '2026-02-03T10:00:00Z',
        type_intervention: 'inspection',
      },
    }),
  },
  'GET /api/interventions/stats/summary': { ...read, request: () => ({ path: `${base}/stats/summary` }) },
  'GET /api/interventions/:id': {
    ...read,
    request: async ({ right, make }) => {
      const { id, description } = await make.intervention(right);
      return { path: `${base}/${id}`, shows: description };
    },
  },
  'PUT /api/interventions/:id': {
    ...write,
    expect: grantedWrite(),
    request: async (stage) => ({ path: await pathOf(stage), json: { lieu: unique('Cave') } }),
  },
  'DELETE /api/interventions/:id': {
    ...write,
    expect: grantedWrite(204),
    request: async (stage) => ({ path: await pathOf(stage) }),
  },
  'POST /api/interventions/:id/change-status': {
    ...write,
    expect: grantedWrite(),
    request: async (stage) => ({ path: await pathOf(stage, '/change-status'), json: { nouveau_statut: 'en_cours' } }),
  },
  'GET /api/interventions/:id/inspections': {
    ...read,
    request: async ({ server, right, make }) => {
      const { id, result } = await make.inspection(right);
      const [row] = await server.sql('select intervention_id as id from inspections where id = ?', [id]);
      return { path: `${base}/${row.id}/inspections`, shows: result };
    },
  },
  'POST /api/interventions/:id/inspections': {
    ...write,
    expect: grantedWrite(201),
    request: async (stage) => ({ path: await pathOf(stage, '/inspections'), json: { resultat: 'Fuite' } }),
  },
  'POST /api/interventions/:id/signature': {
    ...write,
    expect: grantedWrite(201),
    request: async (stage) => {
      const body = new FormData();
      body.set('nom', 'Mme Dupont');
      body.set('image', new Blob([new Uint8Array(makePng({ widthPx: 8, grey: 9 }))]), 'a.png');
      return { path: await pathOf(stage, '/signature'), body };
    },
  },
  'GET /api/interventions/:id/signature': {
    ...read,
    request: async (stage) => {
      const path = await pathOf(stage, '/signature');
      const key = `signatures/${unique('matrix')}.png`;
      await stage.server.services.store.putBytes(makePng({ widthPx: 8, grey: 9 }), key);
      await stage.server.sql(
        `update interventions set signatory_name = 'A', signed_at = now(), signature_key = ? where id = ?`,
        [key, path.split('/')[3]],
      );
      return { path };
    },
  },
};
