import type { Module } from '../../kernel/module.js';
import { followIntoTrash, onIntervention } from '../clients/fieldwork-hooks.js';
import { fillReportsDemo } from './demo.js';
import { reportEvents } from './events.js';
import { reportJobs } from './jobs.js';
import { reportPersonalData } from './personal-data.js';
import { purgeReports } from './purge-reports.js';
import { ReportEventResolver } from './report-event.resolver.js';
import { ReportMutationsResolver } from './report-mutations.resolver.js';
import { Report } from './report.entity.js';
import { reportLoaders } from './report.loaders.js';
import { mayHearOfReport } from './report.policy.js';
import { reportReads } from './report.reads.js';
import { ReportResolver, ReportsOfInterventionResolver } from './report.resolver.js';
import { ReportTemplateEventResolver } from './templates/report-template-event.resolver.js';
import { ReportTemplate } from './templates/report-template.entity.js';
import { reportTemplateReads } from './templates/report-template.reads.js';
import { ReportTemplateResolver } from './templates/report-template.resolver.js';

export const reportsModule: Module = {
  name: 'reports',
  entities: [Report, ReportTemplate],
  reads: [reportReads, reportTemplateReads],
  resolvers: [
    ReportResolver,
    ReportMutationsResolver,
    ReportEventResolver,
    ReportsOfInterventionResolver,
    ReportTemplateResolver,
    ReportTemplateEventResolver,
  ],
  loaders: reportLoaders,
  events: reportEvents,
  jobs: reportJobs,
  emptyTrash: purgeReports,
  hears: { Report: mayHearOfReport, ReportTemplate: mayHearOfReport },
  hooks: followIntoTrash({ reports: onIntervention }),
  personalData: reportPersonalData,
  demo: fillReportsDemo,
  files: [
    { query: 'select content_key as key, null as sha256 from reports where content_key is not null' },
    { query: 'select logo_key as key, null as sha256 from report_templates where logo_key is not null' },
  ],
};
