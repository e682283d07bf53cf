/** What stands in which section, for all formats alike. */
import type { ReportContent, WrittenBlock } from './report-content.js';

/** All photos but those that stand with their findings. */
export function photosOfSection({ photos, findings, template }: ReportContent): number[] {
  const elsewhere = new Set(
    template.sections.includes('findings') ? findings.flatMap((finding) => finding.photos) : [],
  );
  return photos.map((_photo, index) => index).filter((index) => !elsewhere.has(index));
}

/** What was asked for, what was done, and what else the writer put into the report. */
export function summaryBlocks({ report, intervention }: ReportContent): WrittenBlock[] {
  const asked = intervention.description?.trim();
  const told = report.description?.trim();
  return [
    ...(asked ? [{ heading: told ? 'Objet de l’intervention' : null, paragraphs: [asked] }] : []),
    ...(told ? [{ heading: asked ? 'Compte rendu' : null, paragraphs: [told] }] : []),
    ...report.written,
  ];
}
