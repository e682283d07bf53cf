import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

/** The configuration is sealed, and stays out of the export. */
export const integrationPersonalData: PersonalData = {
  exports: {
    integrations: {
      sql: `
        select i.id, i.kind, i.name, i.description, i.endpoint_id as "webhookId", ${at('i.last_sync_at', 'lastSyncAt')},
               i.sync_count as "syncCount", ${at('i.created_at', 'createdAt')}, ${at('i.updated_at', 'updatedAt')}
          from integrations i where i.owner_id = me.id order by i.created_at, i.id`,
    },
  },
  references: { 'integrations.owner_id': { export: 'integrations', erasure: 'deleted' } },
};
