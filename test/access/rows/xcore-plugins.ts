import { restCells, type RestRow } from '../row.js';

const { grantedRead, grantedWrite } = restCells({ forbidden: 403 });
const reads = { who: ['plugins:read'], otherWho: 'manager' } as const;
const manages = { who: ['plugins:read', 'plugins:manage'], otherWho: 'manager' } as const;

const onPlugin = (verb: string): RestRow => ({
  ...manages,
  expect: grantedWrite(),
  request: async ({ make }) => ({ path: `/system/plugins/${(await make.plugin()).id}/${verb}` }),
});

export const xcorePluginRows: Record<string, RestRow> = {
  'GET /system/plugins': {
    ...reads,
    expect: grantedRead(),
    request: async ({ make }) => {
      const { name } = await make.plugin();
      return { path: '/system/plugins?sort_by=installed_at&sort_order=desc', shows: name };
    },
  },
  'GET /system/plugins/:plugin_id': {
    ...reads,
    expect: grantedRead(),
    request: async ({ make }) => {
      const { id, name } = await make.plugin();
      return { path: `/system/plugins/${id}`, shows: name };
    },
  },
  'POST /system/plugins': {
    ...manages,
    usesUp: true,
    expect: grantedWrite(201),
    request: async ({ make }) => {
      const { id, source } = await make.pluginFolder();
      return { path: '/system/plugins', json: { name: id, source } };
    },
  },
  'POST /system/plugins/:plugin_id/reload': onPlugin('reload'),
  'POST /system/plugins/:plugin_id/enable': onPlugin('enable'),
  'PUT /system/plugins/:plugin_id/enable': onPlugin('enable'),
  'POST /system/plugins/:plugin_id/disable': onPlugin('disable'),
  'PUT /system/plugins/:plugin_id/disable': onPlugin('disable'),
  'DELETE /system/plugins/:plugin_id': {
    ...manages,
    expect: grantedWrite(204),
    request: async ({ make }) => ({ path: `/system/plugins/${(await make.plugin()).id}` }),
  },
};
