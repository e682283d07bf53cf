import { jobProcess } from '../../../files/job-process.js';
import type { Pictures, ReportContent, ReportFormatWord } from '../content/report-content.js';
import type { ReportList } from '../content/report-list.js';

/** A JPEG on this machine's disk; see `Picture`. */
export interface PictureFile {
  path: string;
  widthPx: number;
  heightPx: number;
}

export type ListFormat = 'csv' | 'xlsx' | 'pdf';

/** What is rendered in a process of its own: hundreds of pages or rows take seconds, and memory. */
export type RenderJob =
  | { kind: 'report'; format: ReportFormatWord; content: ReportContent; pictures: Pictures<PictureFile> }
  | { kind: 'list'; format: ListFormat; list: ReportList };

export interface RenderJobResults {
  report: Uint8Array;
  list: Uint8Array;
}

/** State of the module: it holds no data. */
const renderProcess = jobProcess<RenderJob, RenderJobResults>(new URL('render-worker', import.meta.url));

export const runRenderJob = renderProcess.run;

export const stopRenderWorker = renderProcess.stop;
