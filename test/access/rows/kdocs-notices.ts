import { restCells, type RestRow } from '../row.js';

const { anyRead, anyWrite, ownWrite } = restCells({ forbidden: 403 });
const api = '/kdocs/api';

/** What people are told, and what they find. What somebody is told is nobody else's business, an administrator's neither. */
export const kdocsNoticeRows: Record<string, RestRow> = {
  'GET /kdocs/api/notifications': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({
      path: `${api}/notifications?limit=100`,
      shows: (await make.notification(right)).title,
    }),
  },
  'GET /kdocs/api/notifications/unread': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({
      path: `${api}/notifications/unread`,
      shows: (await make.notification(right)).title,
    }),
  },
  'GET /kdocs/api/notifications/count': {
    expect: anyRead(),
    request: async ({ right, make }) => {
      await make.notification(right);
      return { path: `${api}/notifications/count`, shows: '"count"' };
    },
  },
  'POST /kdocs/api/notifications/read-all': {
    expect: anyWrite(),
    request: async ({ right, make }) => {
      await make.notification(right);
      return { path: `${api}/notifications/read-all`, json: {} };
    },
  },
  'POST /kdocs/api/notifications/:id/read': {
    expect: { ...ownWrite(), admin: 404 },
    request: async ({ right, make }) => ({
      path: `${api}/notifications/${(await make.notification(right)).id}/read`,
      json: {},
    }),
  },

  'DELETE /kdocs/api/notifications/:id': {
    expect: { ...ownWrite(), admin: 404 },
    request: async ({ right, make }) => ({ path: `${api}/notifications/${(await make.notification(right)).id}` }),
  },
  'GET /kdocs/api/tasks/counts': {
    expect: anyRead(),
    request: () => ({ path: `${api}/tasks/counts`, shows: '"validation"' }),
  },

  'GET /kdocs/api/documents/search': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => {
      const { title } = await make.document(right);
      return { path: `${api}/documents/search?q=${title}`, shows: title };
    },
  },
  'GET /kdocs/api/search/quick': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => {
      const { title } = await make.document(right);
      return { path: `${api}/search/quick?q=${title}`, shows: title };
    },
  },
  'GET /kdocs/api/search': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => {
      const { title } = await make.document(right);
      return { path: `${api}/search?q=${title}`, shows: title };
    },
  },
  'GET /kdocs/api/search/suggest': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => {
      const { title } = await make.document(right);
      return { path: `${api}/search/suggest?q=${title}`, shows: title };
    },
  },
};
