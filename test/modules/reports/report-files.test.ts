import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import mammoth from 'mammoth';
import { extractText, getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageSize } from '../../../src/files/image-size.js';
import { drawPhoto } from '../../../src/files/media-file.js';
import { stopMediaWorker } from '../../../src/files/media-jobs.js';
import type { Pictures, ReportContent } from '../../../src/modules/reports/content/report-content.js';
import type { ReportList } from '../../../src/modules/reports/content/report-list.js';
import {
  type PictureFile,
  runRenderJob,
  stopRenderWorker,
} from '../../../src/modules/reports/rendering/render-jobs.js';
import { typeset } from '../../../src/print/french.js';
import { photoBytes, reportContent } from '../../support/report-content.js';

const timeoutMs = 60_000;
let folder: string;
const photos: PictureFile[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
  for (const [index, options] of [{}, { width: 900, height: 1600, format: 'webp' as const }, {}].entries()) {
    const path = join(folder, `${index}`);
    await writeFile(path, await photoBytes(index + 1, options));
    const drawn = `${path}.jpg`;
    await writeFile(drawn, (await drawPhoto(path, { maxPx: 400 })) as Uint8Array);
    photos.push({ path: drawn, ...((await imageSize(drawn)) as { widthPx: number; heightPx: number }) });
  }
}, timeoutMs);
afterAll(async () => {
  await stopRenderWorker();
  await stopMediaWorker();
  await rm(folder, { recursive: true });
});

/** As many as the content has, by turns; the fifth cannot be read. */
const picturesOf = (content: ReportContent): Pictures<PictureFile> => ({
  photos: content.photos.map((_photo, index) => (index === 4 ? undefined : photos[index % 3])),
  signature: photos[0],
  logo: photos[1],
});

const render = (content: ReportContent, format: 'pdf' | 'docx' | 'csv' = 'pdf') =>
  runRenderJob({ kind: 'report', format, content, pictures: picturesOf(content) }, { timeoutMs });

interface Image {
  page: number;
  width: number;
  top: number;
  bottom: number;
}

/** The text of each page, with plain spaces, and where each picture stands: in points from the foot of its page. */
async function readPdf(bytes: Uint8Array): Promise<{ pages: string[]; images: Image[]; info: any }> {
  const { OPS } = await getResolvedPDFJS();
  const document = await getDocumentProxy(new Uint8Array(bytes));
  const { text } = await extractText(document, { mergePages: false });
  const images: Image[] = [];
  for (let page = 1; page <= document.numPages; page += 1) {
    const { fnArray, argsArray } = await (await document.getPage(page)).getOperatorList();
    let matrix: number[] = [];
    // pdfkit turns the page upside down first.
    for (const [index, fn] of fnArray.entries()) {
      if (fn === OPS.transform) matrix = argsArray[index] as number[];
      const [width = 0, , , height = 0, , y = 0] = matrix;
      if (fn === OPS.paintImageXObject)
        images.push({ page, width, top: y + Math.min(0, height), bottom: y + Math.max(0, height) });
    }
  }
  const { info } = await document.getMetadata();
  return { pages: text.map((each) => each.replace(/\s+/gu, ' ')), images, info };
}

describe('a PDF', () => {
  test('says who, for whom, what was found, and who signed it, and has a number on each page', async () => {
    const { pages, images, info } = await readPdf(await render(reportContent()));
    expect(info).toMatchObject({ Title: expect.stringContaining('Recherche de fuite'), Language: 'fr-FR' });
    const whole = pages.join(' ');
    for (const text of [
      'Atelier Vauban & Fils',
      'SIRET 123 456 782 00010',
      'Rapport d’inspection',
      'N° 3F2A9C41',
      'Établi le 14 juillet 2026',
      'Copropriété Les Tilleuls',
      'Hélène Dupont',
      'Détection de fuite (validée)',
      '14 juillet 2026 à 10 h 05, durée 2 h 30',
      'Madame, Monsieur,',
      'perte de 12 L par heure',
      'Un « collier » provisoire',
      'Préconisations',
      'Écoute acoustique',
      'Résultat : Fuite confirmée',
      'Points de contrôle (2 sur 3)',
      'Fait le 14/07/2026 à 10 h 10 par Karim Benali',
      'Total 4 h',
      'Joint fibre 2,5',
      'Validée, par Karim Benali',
      'Photo 1 – Raccord 1 de la colonne montante',
      '48,85661° N, 2,35222° E (± 5 m)',
      'Enregistrement bruit-de-fuite.m4a Écoute à 80 cm du sol 48 s',
      'Nous restons à votre disposition',
      'Signé sur place le 14 juillet 2026 à 12 h 40',
    ])
      expect(whole).toContain(text);
    for (const [index, page] of pages.entries()) expect(page).toContain(`Page ${index + 1} sur ${pages.length}`);
    expect(images).toHaveLength(5);
  });

  test('stands without photos, findings or signature, and with sixty photos, none of which is cut', async () => {
    const bare = reportContent(
      { findings: [], checklist: [], hours: [], parts: [], timeline: [], otherMedia: [], signature: null },
      0,
    );
    const { pages, images } = await readPdf(await render(bare));
    expect(pages).toHaveLength(1);
    expect(images).toHaveLength(1);
    for (const title of ['Photographies', 'Signature', 'Constats', 'Pièces utilisées'])
      expect(pages[0]).not.toContain(title);

    const many = await readPdf(await render(reportContent({ omittedPhotos: 12 }, 60)));
    expect(many.pages.length).toBeLessThanOrEqual(14);
    const whole = many.pages.join(' ');
    for (let number = 1; number <= 60; number += 1) expect(whole).toContain(`Photo ${number}`);
    expect(whole).toContain('Ce rapport montre 60 photos sur 72');
    expect(whole).toContain('Cette photo ne peut pas être lue');
    // The signature and the logo are pictures too; one photo cannot be read.
    expect(many.images).toHaveLength(61);
    for (const { top, bottom, width } of many.images) {
      expect(width).toBeGreaterThan(20);
      expect(top).toBeGreaterThanOrEqual(47);
      expect(bottom).toBeLessThanOrEqual(773);
    }
  });

  test('takes texts of any length and characters that its font lacks', async () => {
    const long = 'Texte très long. '.repeat(500);
    const word = 'x'.repeat(900);
    const content = reportContent({}, 6);
    const odd: ReportContent = {
      ...content,
      report: {
        ...content.report,
        title: '<b>🚰 عنوان & "Fuite" !</b> '.repeat(9),
        description: `${long}\n\n${word}\n\nA\u0000B\u200f \ud800 \u202eabc\r\nLigne\tsuite`,
      },
      client: { ...content.client, name: '株式会社 '.repeat(30), address: 'rue '.repeat(300) },
      timeline: content.timeline.map((change) => ({ ...change, comment: long })),
      findings: content.findings.map((finding) => ({ ...finding, result: word, observations: long })),
      checklist: Array.from({ length: 80 }, (_none, index) => ({
        label: index === 3 ? long : `Point ${index}`,
        note: index % 7 ? null : word,
        isDone: false,
        doneAt: null,
        doneBy: null,
      })),
      photos: content.photos.map((photo) => ({ ...photo, caption: long })),
      signature: { name: word, signedAt: '2026-07-14T08:10:00Z' },
    };
    const { pages, images } = await readPdf(await render(odd));
    expect(pages.join(' ')).toMatch(/« Fuite » !.*Point 79/s);
    for (const { top, bottom } of images) expect([top >= 47, bottom <= 773]).toEqual([true, true]);
    // The same is no trouble for Word: XML has no such characters.
    const { value } = await mammoth.extractRawText({ buffer: Buffer.from(await render(odd, 'docx')) });
    expect(value.includes('«\u00a0Fuite\u00a0»')).toBe(true);
  });

  test('has the sections of its template, in their order', async () => {
    const content = reportContent({
      template: {
        title: 'Attestation de passage',
        introduction: null,
        closing: 'Fait pour valoir ce que de droit.',
        sections: ['signature', 'closing', 'summary'],
        accentColour: '#0a6b5c',
      },
    });
    const { pages } = await readPdf(await render(content));
    expect(pages.join(' ')).toMatch(/Attestation de passage.*Signature.*Conclusion Fait pour valoir.*Synthèse/s);
    expect(pages.join(' ')).not.toMatch(/Photo|Déroulement|Constats/);
  });

  test('of three hundred photos is made in bounded memory and time', { timeout: timeoutMs }, async () => {
    const pdf = await render(reportContent({}, 300));
    expect((await readPdf(pdf)).pages.length).toBeGreaterThan(50);
  });
});

describe('a Word document', () => {
  test('says the same, with its pictures and with page numbers that Word counts', async () => {
    const docx = Buffer.from(await render(reportContent(), 'docx'));
    const { value } = await mammoth.convertToHtml({ buffer: docx });
    for (const text of [
      'Recherche de fuite',
      'Copropriété Les Tilleuls',
      'Un «\u00a0collier\u00a0» provisoire',
      'Photo 1 – Raccord 1',
      'Points de contrôle (2 sur 3)',
      'Validée, par Karim Benali',
      'Signé sur place',
    ])
      expect(value).toContain(text);
    expect(value.match(/<img [^>]*alt="[^"]+"/g)).toHaveLength(5);
    const parts = unzipSync(docx);
    const footer = Buffer.from(parts['word/footer1.xml'] as Uint8Array).toString();
    expect(footer).toMatch(/PAGE<.*NUMPAGES</s);
    expect(Object.keys(parts).filter((name) => name.startsWith('word/media/')).length).toBeGreaterThanOrEqual(3);
    expect(Buffer.from(parts['word/styles.xml'] as Uint8Array).toString()).toContain('fr-FR');
  });
});

describe('tables', () => {
  test('a report as CSV has a line for each thing, and no formula', async () => {
    const content = reportContent();
    const csv = Buffer.from(
      await render({ ...content, client: { ...content.client, name: '=HYPERLINK("http://x")' } }, 'csv'),
    ).toString();
    expect(csv.startsWith('\ufeffrubrique;element;valeur;date;detail;latitude;longitude\r\n')).toBe(true);
    expect(csv).toContain(`Client;Nom;"'=HYPERLINK(""http://x"")"`);
    expect(csv).toContain(
      'Photographies;IMG_0001.jpg;Raccord 1 de la colonne montante, avant réparation;2026-07-14T08:00:00.000Z;;48,85661;2,35222\r\n',
    );
    expect(csv).toContain('Pièces utilisées;Joint fibre;2,500;;;;\r\n');
  });

  const list: ReportList = {
    title: 'Rapports',
    firmName: 'Atelier Vauban & Fils',
    madeAt: '2026-07-14T15:20:00Z',
    timeZone: 'Europe/Paris',
    columns: [
      { title: 'Titre', share: 40, kind: 'text' },
      { title: 'Créé le', share: 20, kind: 'moment' },
      { title: 'Taille', share: 10, kind: 'number' },
    ],
    rows: [
      ['=1+1', '2026-07-14T08:00:00Z', 1234],
      ['Relevé "août"; suite', null, null],
    ],
  };
  const write = async (format: 'csv' | 'xlsx' | 'pdf'): Promise<Uint8Array> =>
    runRenderJob({ kind: 'list', format, list }, { timeoutMs });

  test('a list opens in spreadsheets as it is meant, and on paper', async () => {
    expect(Buffer.from(await write('csv')).toString()).toBe(
      '\ufeffTitre;Créé le;Taille\r\n\'=1+1;2026-07-14T08:00:00Z;1234\r\n"Relevé ""août""; suite";;\r\n',
    );
    const parts = unzipSync(await write('xlsx'));
    const sheet = Buffer.from(parts['xl/worksheets/sheet1.xml'] as Uint8Array).toString();
    expect(sheet).not.toContain('<f>');
    expect(sheet).toContain('<v>1234</v>');
    expect(Buffer.from(parts['xl/sharedStrings.xml'] as Uint8Array).toString()).toContain('=1+1');
    const { pages } = await readPdf(await write('pdf'));
    expect(pages.join(' ')).toContain('2 rapports, au 14 juillet 2026 à 17 h 20');
    expect(pages.join(' ')).toContain('=1+1 14/07/2026 à 10 h 00 1 234');
  });
});

test('French is set as printers do, and what is no French stays', () => {
  const plain = (text: string) => typeset(text).replaceAll('\u202f', '~').replaceAll('\u00a0', '_');
  expect(plain('Attention ! "Fuite" trouvée: 12 L/h, à 10:30...')).toBe(
    'Attention~! «_Fuite_» trouvée_: 12_L/h, à 10:30…',
  );
  expect(plain("L'eau coule ; n° 3 ? (oui !)")).toBe('L’eau coule~; n°_3~? (oui~!)');
  expect(plain('http://x.example/?a=1;b=2 C:\\new 5" x 3\'')).toBe('http://x.example/?a=1;b=2 C:\\new 5" x 3\'');
});
