import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { DemoFirm } from '../../kernel/demo.js';
import { spool } from '../../storage/spool.js';
import { fileDocument } from './files/file-document.js';
import { MatchingAlgorithm } from './filing/matching-algorithm.js';
import { saveCorrespondent } from './filing/save-correspondent.js';
import { saveTag } from './filing/save-tag.js';
import { type FilePaper, fillWholeDocumentsDemo } from './whole-demo.js';

const megabyte = 1024 * 1024;

const correspondents = [
  'EDF (démo)',
  'Mairie de Lyon (démo)',
  'Assurances Riva (démo)',
  'Cabinet Morel (démo)',
] as const;

const papers = [
  {
    title: 'Facture EDF janvier',
    type: '1',
    from: 0,
    tags: [0, 1],
    date: '2026-01-21',
    amount: '100.50',
    lines: ['Facture n° 2026-0117', 'Électricité du bâtiment principal, 412 kWh', 'Échéance : 10 février 2026'],
  },
  {
    title: 'Facture EDF février',
    type: '1',
    from: 0,
    tags: [1],
    date: '2026-02-21',
    amount: '96.20',
    lines: ['Facture n° 2026-0224', 'Électricité du bâtiment principal, 398 kWh', 'Échéance : 12 mars 2026'],
  },
  {
    title: 'Contrat de maintenance de la chaudière',
    type: '2',
    from: 3,
    tags: [2],
    date: '2025-11-03',
    amount: '1440.00',
    lines: ['Le prestataire assure deux visites par an.', 'Durée : trois ans, tacite reconduction.'],
  },
  {
    title: 'Attestation d’assurance',
    type: '5',
    from: 2,
    tags: [2],
    date: '2026-01-02',
    amount: null,
    lines: ['Responsabilité civile professionnelle', 'Valable du 1er janvier au 31 décembre 2026'],
  },
  {
    title: 'Lettre de la mairie : travaux de voirie',
    type: '3',
    from: 1,
    tags: [0],
    date: '2026-03-09',
    amount: null,
    lines: ['Des travaux auront lieu rue des Tanneurs', "L'accès reste ouvert aux livraisons."],
  },
] as const;

/** Correspondents, tags and papers of the firm's manager. */
export async function fillDocumentsDemo(firm: DemoFirm): Promise<void> {
  const { as, asServer } = firm;
  const { dataDir } = asServer().services.config;
  const senders: number[] = [];
  for (const name of correspondents) {
    senders.push(
      await saveCorrespondent(as('claire.demo'), {
        name,
        match: name.replace(' (démo)', ''),
        matchingAlgorithm: MatchingAlgorithm.EXACT,
      }),
    );
  }
  const tags: number[] = [];
  for (const [name, color] of [
    ['À traiter (démo)', '#DC2626'],
    ['Énergie (démo)', '#F59E0B'],
    ['Locaux (démo)', '#2563EB'],
  ] as const) {
    tags.push(await saveTag(as('claire.demo'), { name, color }));
  }
  const filer =
    (from: readonly number[], labels: readonly number[]): FilePaper =>
    async (paper) => {
      const bytes = await pdfOf(paper.title, paper.lines);
      const content = await spool(Readable.from(bytes), {
        folder: join(dataDir, 'spool'),
        limitBytes: megabyte,
      });
      return fileDocument(as('claire.demo'), {
        content,
        name: `${paper.title} (démo).pdf`,
        facts: {
          title: `${paper.title} (démo)`,
          typeId: paper.type,
          correspondentId: String(from[paper.from]),
          documentDate: paper.date,
          amount: paper.amount,
          tagIds: paper.tags.map((t) => String(labels[t])),
        },
      });
    };
  const filePaper = filer(senders, tags);
  for (const paper of papers) await filePaper(paper);
  if (firm.isWhole) await fillWholeDocumentsDemo(firm, filer);
}

async function pdfOf(title: string, lines: readonly string[]): Promise<Buffer> {
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({ size: 'A4', margin: 60, info: { Title: title } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const whole = new Promise<Buffer>((resolve) => void document.once('end', () => resolve(Buffer.concat(chunks))));
  document.fontSize(18).text(title).moveDown().fontSize(11);
  for (const line of lines) document.text(line);
  document.moveDown().fillColor('#888').text('Document de démonstration, entièrement fictif.');
  document.end();
  return whole;
}
