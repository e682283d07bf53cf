import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';
import { staysWithTheFirm } from '../clients/personal-data.js';

export const mediaPersonalData: PersonalData = {
  exports: {
    /** What the person sent of the firm's work; the files are the firm's. */
    mediaSent: {
      sql: `
        select mf.id, mf.original_filename as "originalFilename", mf.description,
               ${at('mf.created_at', 'createdAt')}
          from media mf where mf.uploaded_by_id = me.id order by mf.created_at, mf.id`,
    },
  },
  references: { 'media.uploaded_by_id': { export: 'mediaSent', erasure: staysWithTheFirm } },
};
