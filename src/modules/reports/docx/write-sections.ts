import { AlignmentType, Paragraph, type Table } from 'docx';
import { printedMoment, printedShortMoment } from '../../../print/french.js';
import { printedPlace, signedOn } from '../content/facts.js';
import {
  attachmentRows,
  changeTitle,
  checklistRows,
  hourRows,
  omittedPhotosNotice,
  partRows,
} from '../content/lines.js';
import type { Photo, Pictures, ReportContent, ReportSectionWord } from '../content/report-content.js';
import { findingTitle, sectionTitles } from '../content/report-words.js';
import { photosOfSection, summaryBlocks } from '../content/sections.js';
import { grid, heading, image, muted, paragraph, paragraphs, table } from './parts.js';

type WriteSection = (content: ReportContent, pictures: Pictures, accent: string) => (Paragraph | Table)[];

/** A table with its heading, or nothing where there are no rows. */
const tabled = (
  title: string,
  columns: Parameters<typeof table>[0],
  rows: Parameters<typeof table>[1],
  accent: string,
): (Paragraph | Table)[] => (rows.length === 0 ? [] : [heading(title, 2), table(columns, rows, accent)]);

export const writeSection: Record<ReportSectionWord, WriteSection> = {
  summary: (content) => {
    const blocks = summaryBlocks(content);
    if (blocks.length === 0) return [];
    return [
      heading(sectionTitles.summary, 2),
      ...blocks.flatMap((block) => [
        ...(block.heading === null ? [] : [heading(block.heading, 3)]),
        ...block.paragraphs.flatMap((text) => paragraphs(text)),
      ]),
    ];
  },

  findings: (content, pictures) => {
    const { findings, timeZone } = content;
    if (findings.length === 0) return [];
    return [
      heading(sectionTitles.findings, 2),
      ...findings.flatMap(({ kind, result, observations, inspectedAt, place, photos }) => [
        heading(findingTitle(kind), 3),
        paragraph([printedMoment(inspectedAt, timeZone), place && printedPlace(place)].filter(Boolean).join(' · '), {
          size: 16,
          color: muted,
        }),
        ...(result?.trim() ? [paragraph(`Résultat : ${result.trim()}`, { bold: true })] : []),
        ...paragraphs(observations ?? ''),
        ...photoGrid(content, pictures, photos),
      ]),
    ];
  },

  checklist: (content, _pictures, accent) => {
    const { checklist, timeZone } = content;
    const done = checklist.filter(({ isDone }) => isDone).length;
    return tabled(
      `${sectionTitles.checklist} (${done} sur ${checklist.length})`,
      [
        { title: '', share: 5 },
        { title: 'Point', share: 42 },
        { title: 'Remarque', share: 25 },
        { title: 'État', share: 28 },
      ],
      checklistRows(content, timeZone).map((row, index) => [checklist[index]?.isDone ? '☑' : '☐', ...row]),
      accent,
    );
  },

  hours: (content, _pictures, accent) =>
    tabled(
      sectionTitles.hours,
      [
        { title: 'Date', share: 14 },
        { title: 'Technicien', share: 26 },
        { title: 'Travail', share: 45 },
        { title: 'Durée', share: 15, isNumber: true },
      ],
      hourRows(content),
      accent,
    ),

  parts: (content, _pictures, accent) =>
    tabled(
      sectionTitles.parts,
      [
        { title: 'Désignation', share: 60 },
        { title: 'Référence', share: 22 },
        { title: 'Quantité', share: 18, isNumber: true },
      ],
      partRows(content),
      accent,
    ),

  timeline: ({ timeline, timeZone }, _pictures, accent) =>
    tabled(
      sectionTitles.timeline,
      [
        { title: 'Date', share: 24 },
        { title: 'Étape', share: 30 },
        { title: 'Commentaire', share: 46 },
      ],
      timeline.map((change) => [printedShortMoment(change.at, timeZone), changeTitle(change), change.comment ?? '']),
      accent,
    ),

  closing: ({ template }) =>
    template.closing ? [heading(sectionTitles.closing, 2), ...paragraphs(template.closing)] : [],

  signature: ({ signature, timeZone }, { signature: picture }) => {
    if (!signature) return [];
    const drawn = picture && image(picture, { width: 190, height: 76 }, `Signature de ${signature.name}`);
    const left = [
      paragraph('Le client', { size: 16, color: muted, spacing: { after: 0 } }),
      paragraph(signature.name, { bold: true, size: 22 }),
      paragraph(signedOn(signature.signedAt, timeZone)),
    ];
    const right = new Paragraph({ children: drawn ? [drawn] : [], alignment: AlignmentType.CENTER });
    return [heading(sectionTitles.signature, 2), grid([left, [right]], { columns: 2 })];
  },

  photos: (content, pictures) => {
    const indexes = photosOfSection(content);
    if (indexes.length === 0 && content.omittedPhotos === 0) return [];
    return [
      heading(sectionTitles.photos, 2),
      ...(content.omittedPhotos > 0 ? [paragraph(omittedPhotosNotice(content), { size: 18, color: '8A4B00' })] : []),
      ...photoGrid(content, pictures, indexes),
    ];
  },

  attachments: (content, _pictures, accent) =>
    tabled(
      sectionTitles.attachments,
      [
        { title: 'Nature', share: 19 },
        { title: 'Nom', share: 29 },
        { title: 'Description', share: 34 },
        { title: 'Durée ou taille', share: 18, isNumber: true },
      ],
      attachmentRows(content),
      accent,
    ),
};

const photoPlace = { width: 232, height: 190 };

function photoGrid(content: ReportContent, pictures: Pictures, indexes: readonly number[]): Table[] {
  if (indexes.length === 0) return [];
  const cells = indexes.map((index) => {
    const { caption, takenAt, place, name } = content.photos[index] as Photo;
    const picture = pictures.photos[index];
    const title = `Photo ${index + 1}`;
    const small = { size: 15, color: muted, spacing: { after: 0 } };
    return [
      picture
        ? new Paragraph({
            children: [image(picture, photoPlace, caption?.trim() || `${title}, ${name}`)],
            alignment: AlignmentType.CENTER,
            spacing: { after: 60 },
          })
        : paragraph('Cette photo ne peut pas être lue', { color: muted }),
      paragraph(caption?.trim() ? `${title} – ${caption.trim()}` : title, { size: 18, spacing: { after: 20 } }),
      ...(takenAt ? [paragraph(printedMoment(takenAt, content.timeZone), small)] : []),
      ...(place ? [paragraph(printedPlace(place), small)] : []),
      paragraph('', { spacing: { after: 60 } }),
    ];
  });
  return [grid(cells, { columns: 2 })];
}
