import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';

export const ingestPersonalData: PersonalData = {
  exports: {
    ingests: {
      sql: `
        select i.id, i.kind, i.name, i.status, i.document_id as "documentId", i.error,
               ${at('i.created_at', 'createdAt')}, ${at('i.finished_at', 'finishedAt')}
          from ingests i where i.owner_id = me.id order by i.id`,
    },
  },
  references: { 'ingests.owner_id': { export: 'ingests', erasure: 'deleted' } },
};
