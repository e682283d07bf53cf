import { column, equals, type Filter, type ListedReadModel } from '../../kernel/read-model.js';
import { Plugin } from './plugin.entity.js';
import { visiblePlugins } from './plugin.policy.js';

const isActive: Filter<boolean> = (value, alias) => `${alias}.status ${value ? '=' : '<>'} 'active'`;

export const pluginReads: ListedReadModel<Plugin> = {
  entity: Plugin,
  visibleTo: visiblePlugins,
  list: {
    defaultOrder: 'ID_ASC',
    orders: {
      ID: column('id', 'text'),
      NAME: column('name', 'text'),
      INSTALLED_AT: column('installed_at', 'timestamptz'),
    },
    filters: { status: equals('status', 'text'), isActive },
  },
};
