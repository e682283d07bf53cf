import { restCells, type RestRow } from '../row.js';

const { grantedRead } = restCells({ forbidden: 403 });
const who = ['monitoring:read'] as const;

export const smartleakproMonitoringRows: Record<string, RestRow> = {
  'GET /api/monitoring/metriques': {
    who,
    otherWho: 'manager',
    expect: grantedRead(),
    request: () => ({ path: '/api/monitoring/metriques' }),
  },
  'GET /api/monitoring/alertes': {
    who,
    otherWho: 'manager',
    expect: grantedRead(),
    request: async ({ make }) => ({ path: '/api/monitoring/alertes?size=100', shows: (await make.alert()).subject }),
  },
  'GET /api/monitoring/alertes/:id': {
    who,
    otherWho: 'manager',
    expect: grantedRead(),
    request: async ({ make }) => {
      const { id, subject } = await make.alert();
      return { path: `/api/monitoring/alertes/${id}`, shows: subject };
    },
  },
};
