/** A report as a Word document, for those who go on writing in it: the same content as the PDF, in the same order. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
  Packer,
  PageNumber,
  Paragraph,
  type Table,
  TabStopType,
  TextRun,
} from 'docx';
import { xmlText } from '../../../lib/xml-text.js';
import { addressLines, legalIdentity } from '../../../print/firm.js';
import { printedDay } from '../../../print/french.js';
import { clientFacts, type Fact, interventionFacts, titleOfKind } from '../content/facts.js';
import type { Pictures, ReportContent } from '../content/report-content.js';
import { shortReference } from '../content/report-words.js';
import { contentTwips, grid, heading, image, muted, paragraph, paragraphs, runs } from './parts.js';
import { writeSection } from './write-sections.js';

export async function writeReportDocx(content: ReportContent, pictures: Pictures): Promise<Uint8Array> {
  const { report, template } = content;
  const accent = template.accentColour.replace('#', '').toUpperCase();
  const children = [
    ...letterhead(content, pictures, accent),
    heading(report.title, 1),
    grid(
      [factsOf('CLIENT', clientFacts(content), accent), factsOf('INTERVENTION', interventionFacts(content), accent)],
      {
        columns: 2,
        shading: 'F3F5F8',
      },
    ),
    paragraph(''),
    ...paragraphs(template.introduction ?? ''),
    ...template.sections.flatMap((section) => writeSection[section](content, pictures, accent)),
  ];
  return Packer.toBuffer(
    new Document({
      title: xmlText(report.title),
      creator: xmlText(report.author),
      lastModifiedBy: xmlText(report.author),
      description: `${titleOfKind(content)} ${shortReference(report.id)}`,
      customProperties: [{ name: 'report', value: `${report.id}/${report.edition}` }],
      styles: styles(accent),
      sections: [
        {
          properties: {
            titlePage: true,
            page: { size: { width: 11906, height: 16838 }, margin: { top: 1100, bottom: 1000, left: 967, right: 967 } },
          },
          headers: { first: new Header({ children: [new Paragraph('')] }), default: header(content, accent) },
          footers: { first: footer(content), default: footer(content) },
          children,
        },
      ],
    }),
  );
}

const styles = (accent: string): NonNullable<ConstructorParameters<typeof Document>[0]['styles']> => ({
  default: {
    document: { run: { font: 'Calibri', size: 20, language: { value: 'fr-FR' } } },
    heading1: { run: { size: 34, bold: true, color: '1C2430' }, paragraph: { spacing: { before: 160, after: 160 } } },
    heading2: {
      run: { size: 26, bold: true, color: accent },
      paragraph: {
        spacing: { before: 300, after: 120 },
        border: { bottom: { style: BorderStyle.SINGLE, size: 8, color: accent, space: 2 } },
      },
    },
    heading3: { run: { size: 21, bold: true, color: '1C2430' }, paragraph: { spacing: { before: 160, after: 60 } } },
  },
});

const rightTab = { tabStops: [{ type: TabStopType.RIGHT, position: contentTwips }] };

function letterhead(content: ReportContent, { logo }: Pictures, accent: string): (Paragraph | Table)[] {
  const { firm, report, timeZone } = content;
  const small = { color: muted, size: 17, spacing: { after: 0 } };
  const left = [
    ...(logo ? [new Paragraph({ children: [image(logo, { width: 170, height: 54 }, `Logo de ${firm.name}`)] })] : []),
    paragraph(firm.name, { bold: true, size: logo ? 20 : 30, spacing: { after: 40 }, ...(!logo && { color: accent }) }),
    ...[...addressLines(firm), firm.email ?? ''].filter(Boolean).map((line) => paragraph(line, small)),
  ];
  const number = `N° ${shortReference(report.id)}`;
  const atRight = { alignment: AlignmentType.RIGHT };
  const right = [
    paragraph(titleOfKind(content), { bold: true, size: 28, spacing: { after: 60 }, ...atRight }),
    ...[number, `Établi le ${printedDay(report.madeAt, timeZone)}`, `par ${report.author}`].map((line) =>
      paragraph(line, { ...small, ...atRight }),
    ),
  ];
  const line = { style: BorderStyle.SINGLE, size: 14, color: accent, space: 1 };
  return [
    grid([left, right], { columns: 2 }),
    new Paragraph({ children: [], border: { bottom: line }, spacing: { after: 120 } }),
  ];
}

const factsOf = (title: string, facts: readonly Fact[], accent: string): Paragraph[] => [
  paragraph(title, { bold: true, size: 16, color: accent, spacing: { before: 60, after: 80 } }),
  ...facts.flatMap(({ label, value }) => [
    paragraph(label, { size: 15, color: muted, spacing: { after: 0 }, keepNext: true }),
    paragraph(value, { spacing: { after: 60 } }),
  ]),
];

const header = (content: ReportContent, accent: string): Header =>
  new Header({
    children: [
      new Paragraph({
        ...rightTab,
        border: { bottom: { style: BorderStyle.SINGLE, size: 4, color: 'D5DAE1', space: 4 } },
        children: [
          ...runs(`${titleOfKind(content)} – ${content.report.title}`.slice(0, 70).replaceAll('\n', ' '), {
            bold: true,
            size: 17,
            color: accent,
          }),
          new TextRun({
            text: `\t${xmlText(content.client.name).slice(0, 40).replaceAll('\n', ' ')}`,
            size: 17,
            color: muted,
          }),
        ],
      }),
    ],
  });

/** « Page x sur y », which Word counts. */
const footer = ({ firm, report }: ReportContent): Footer =>
  new Footer({
    children: [
      new Paragraph({
        ...rightTab,
        border: { top: { style: BorderStyle.SINGLE, size: 4, color: 'D5DAE1', space: 4 } },
        children: [
          new TextRun({ text: `N° ${shortReference(report.id)}`, size: 15, color: muted }),
          new TextRun({
            size: 15,
            color: muted,
            children: ['\tPage ', PageNumber.CURRENT, ' sur ', PageNumber.TOTAL_PAGES],
          }),
        ],
      }),
      paragraph(legalIdentity(firm), { size: 15, color: muted, spacing: { after: 0 } }),
    ],
  });
