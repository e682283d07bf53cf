import type { DemoFirm } from '../../kernel/demo.js';
import { ReportKind } from './report.entity.js';
import { ReportSection } from './templates/report-template.entity.js';
import { createReportTemplate } from './templates/save-report-template.js';

const { SUMMARY, FINDINGS, CHECKLIST, PARTS, CLOSING, SIGNATURE, PHOTOS } = ReportSection;

/** Two ways in which the whole firm writes its reports. */
export async function fillReportsDemo({ as, isWhole }: DemoFirm): Promise<void> {
  if (!isWhole) return;
  const ctx = as('claire.demo');
  await createReportTemplate(ctx, {
    name: 'Rapport pour l’assureur (démo)',
    kind: ReportKind.INSPECTION,
    title: 'Rapport de recherche de fuite (démo)',
    introduction: 'Rapport établi à la demande de l’occupant, à l’attention de son assureur.',
    closing: 'Les conclusions portent sur ce qui était accessible le jour de la visite.',
    sections: [SUMMARY, FINDINGS, PHOTOS, CLOSING, SIGNATURE],
    accentColour: '#1f4e79',
  });
  await createReportTemplate(ctx, {
    name: 'Bon d’entretien (démo)',
    kind: ReportKind.MAINTENANCE,
    title: 'Bon d’entretien (démo)',
    sections: [SUMMARY, CHECKLIST, PARTS, SIGNATURE],
    accentColour: '#0f766e',
  });
}
