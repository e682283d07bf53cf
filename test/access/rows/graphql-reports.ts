import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

const read = { who: ['reports:read'], expect: cells.grantedRead } as const;
const write = { who: ['reports:write', 'reports:read'], otherWho: 'lecteur', expect: cells.grantedWrite } as const;
const generate = {
  ...write,
  who: ['reports:write', 'reports:read', 'interventions:read', 'clients:read', 'documents:own'],
} as const;
const writeTemplates = {
  who: ['report_templates:write', 'reports:read'],
  otherWho: 'technicien',
  expect: cells.grantedWrite,
} as const;

export const reportQueryRows: Record<string, GraphqlRow> = {
  report: {
    ...read,
    document: byId('report', 'title fileUrl'),
    variables: ({ right, make }) => make.report(right),
    shows: text('title'),
  },
  reports: {
    ...read,
    document: 'query ($title: String) { reports(filter: { search: $title }) { nodes { title } } }',
    variables: ({ right, make }) => make.report(right),
    shows: text('title'),
  },
  // A draft has none.
  reportFile: {
    ...read,
    document: byId('reportFile', 'name'),
    variables: ({ right, make }) => make.report(right),
    expect: {
      ...cells.grantedRead,
      readOnly: 'NOT_FOUND',
      program: 'NOT_FOUND',
      right: 'NOT_FOUND',
      admin: 'NOT_FOUND',
    },
  },
  reportStatistics: { ...read, document: '{ reportStatistics { totalCount } }' },
  reportListFile: {
    ...read,
    document: '{ reportListFile(format: CSV, filter: { search: "nothing" }) { name } }',
  },
  reportTemplate: {
    ...read,
    document: byId('reportTemplate', 'name'),
    variables: ({ right, make }) => make.reportTemplate(right),
    shows: text('name'),
  },
  reportTemplates: {
    ...read,
    document: '{ reportTemplates(first: 100) { nodes { name } } }',
    variables: ({ right, make }) => make.reportTemplate(right),
    shows: text('name'),
  },
};

export const reportMutationRows: Record<string, GraphqlRow> = {
  createReport: {
    ...write,
    document: change('createReport', 'CreateReportInput', 'report { id }'),
    variables: input(async ({ right, make }) => ({
      interventionId: (await make.intervention(right)).id,
      kind: 'INSPECTION',
    })),
  },
  generateReport: {
    ...generate,
    document: change('generateReport', 'GenerateReportInput', 'report { id }'),
    variables: input(async ({ right, make }) => ({
      interventionId: (await make.intervention(right)).id,
      kind: 'INSPECTION',
      format: 'CSV',
    })),
  },
  regenerateReport: {
    ...generate,
    document: change('regenerateReport', 'RegenerateReportInput', 'report { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.report(right)).id, format: 'CSV' })),
  },
  updateReport: {
    ...write,
    document: change('updateReport', 'UpdateReportInput', 'report { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.report(right)).id, title: unique('Title') })),
  },
  deleteReport: {
    ...write,
    document: change('deleteReport', 'DeleteReportInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.report(right)).id })),
  },
  createReportTemplate: {
    ...writeTemplates,
    document: change('createReportTemplate', 'CreateReportTemplateInput', 'reportTemplate { id }'),
    variables: input(() => ({ name: unique('Template') })),
  },
  updateReportTemplate: {
    ...writeTemplates,
    document: change('updateReportTemplate', 'UpdateReportTemplateInput', 'reportTemplate { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.reportTemplate(right)).id, title: 'Attestation' })),
  },
  deleteReportTemplate: {
    ...writeTemplates,
    document: change('deleteReportTemplate', 'DeleteReportTemplateInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.reportTemplate(right)).id })),
  },
};
