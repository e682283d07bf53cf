import { equals, everyRow, type ListedReadModel, noRow } from '../../../kernel/read-model.js';
import { can } from '../../../kernel/viewer.js';
import { ReportTemplate } from './report-template.entity.js';

/** Long names are sorted by their beginning, as the index has it. */
const byName = { sql: (a: string) => `left(${a}.name, 200)`, type: 'text' };

export const reportTemplateReads: ListedReadModel<ReportTemplate> = {
  entity: ReportTemplate,
  visibleTo: (viewer) => (can(viewer, 'reports:read') ? everyRow : noRow),
  list: {
    defaultOrder: 'NAME_ASC',
    orders: { NAME: byName },
    filters: { kind: equals('kind', 'text') },
  },
};
