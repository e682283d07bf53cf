import { typeset } from '../../../print/french.js';
import type { ReportContent } from './report-content.js';

const each = (text: string | null): string | null => (text === null ? null : typeset(text));

/** The content with what people typed as French print has it; names, addresses and references stay as they are. */
export const typesetContent = (content: ReportContent): ReportContent => ({
  ...content,
  report: {
    ...content.report,
    title: typeset(content.report.title),
    description: each(content.report.description),
    written: content.report.written.map(({ heading, paragraphs }) => ({
      heading: each(heading),
      paragraphs: paragraphs.map(typeset),
    })),
  },
  intervention: {
    ...content.intervention,
    location: each(content.intervention.location),
    description: each(content.intervention.description),
  },
  timeline: content.timeline.map((change) => ({ ...change, comment: each(change.comment) })),
  findings: content.findings.map((finding) => ({
    ...finding,
    result: each(finding.result),
    observations: each(finding.observations),
  })),
  checklist: content.checklist.map((line) => ({ ...line, label: typeset(line.label), note: each(line.note) })),
  hours: content.hours.map((line) => ({ ...line, note: each(line.note) })),
  parts: content.parts.map((part) => ({ ...part, label: typeset(part.label) })),
  photos: content.photos.map((photo) => ({ ...photo, caption: each(photo.caption) })),
  otherMedia: content.otherMedia.map((medium) => ({ ...medium, caption: each(medium.caption) })),
  template: {
    ...content.template,
    title: each(content.template.title),
    introduction: each(content.template.introduction),
    closing: each(content.template.closing),
  },
});
