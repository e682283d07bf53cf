/**
 * The process in which reports are rendered; see `files/job-process.ts` for its other end. It may be killed at any
 * moment, so it holds nothing.
 */
import { readFile } from 'node:fs/promises';
import type { JobAnswer } from '../../../files/job-process.js';
import type { Picture, Pictures } from '../content/report-content.js';
import type { PictureFile, RenderJob, RenderJobResults } from './render-jobs.js';

async function renderReport({ format, content, pictures }: RenderJob & { kind: 'report' }): Promise<Uint8Array> {
  if (format === 'csv') {
    const { writeReportCsv } = await import('../content/report-csv.js');
    return Buffer.from(writeReportCsv(content));
  }
  const { typesetContent } = await import('../content/typeset-content.js');
  const set = typesetContent(content);
  const loaded = await load(pictures);
  if (format === 'docx') {
    const { writeReportDocx } = await import('../docx/write-report-docx.js');
    return writeReportDocx(set, loaded);
  }
  const { openArchivePdf } = await import('../../../print/archive-pdf.js');
  const { drawReport } = await import('../pdf/draw-report.js');
  const { title, author, madeAt, edition } = set.report;
  const { pdf, finish } = openArchivePdf({ title, author, createdAt: new Date(madeAt), isTagged: true, edition });
  drawReport(pdf, set, loaded);
  return finish();
}

async function renderList({ format, list }: RenderJob & { kind: 'list' }): Promise<Uint8Array> {
  if (format === 'pdf') {
    const { openArchivePdf } = await import('../../../print/archive-pdf.js');
    const { drawList } = await import('../pdf/draw-list.js');
    const { pdf, finish } = openArchivePdf({ title: list.title, createdAt: new Date(list.madeAt), isTagged: true });
    drawList(pdf, list);
    return finish();
  }
  const { writeListCsv, writeListXlsx } = await import('../content/list-files.js');
  return format === 'csv' ? Buffer.from(writeListCsv(list)) : writeListXlsx(list);
}

async function load({ photos, signature, logo }: Pictures<PictureFile>): Promise<Pictures> {
  const loaded: (Picture | undefined)[] = [];
  for (const photo of photos) loaded.push(await loadOne(photo));
  return { photos: loaded, signature: await loadOne(signature), logo: await loadOne(logo) };
}

const loadOne = async (file: PictureFile | undefined): Promise<Picture | undefined> =>
  file && { ...file, bytes: await readFile(file.path) };

process.on('disconnect', () => process.exit());

process.on('message', (job: RenderJob) => {
  (job.kind === 'report' ? renderReport(job) : renderList(job)).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ failed: true, reason: String(error) }),
  );
});

function answer(message: JobAnswer<RenderJobResults>): void {
  process.send!(message);
}
