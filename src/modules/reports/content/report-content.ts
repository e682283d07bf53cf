/**
 * What a report says: plain data, which crosses to the process that renders it. Moments are ISO 8601, texts as people
 * wrote them, numbers that money or quantities are decimal text.
 */
import type { LegalIdentity, PostalAddress } from '../../../print/firm.js';
import type { InterventionKindWord, InterventionStatusWord, ReportKindWord } from './report-words.js';

export type ReportFormatWord = 'pdf' | 'docx' | 'csv';

export interface ReportContent {
  report: ReportFacts;
  firm: Firm;
  client: ClientFacts;
  intervention: InterventionFacts;
  /** The oldest first. */
  timeline: StatusChange[];
  findings: Finding[];
  checklist: ChecklistLine[];
  hours: WorkLine[];
  parts: PartLine[];
  /** In the order in which they are numbered. */
  photos: Photo[];
  /** Photos beyond those that a report shows. */
  omittedPhotos: number;
  otherMedia: OtherMedium[];
  signature: Signature | null;
  template: TemplateContent;
  /** In which days and hours are told (IANA name). */
  timeZone: string;
}

export interface ReportFacts {
  id: string;
  kind: ReportKindWord;
  title: string;
  description: string | null;
  author: string;
  /** Another one for each time that the file is made, so that no two files are equal. */
  edition: string;
  madeAt: string;
  /** What its writer put into it beside the description. */
  written: WrittenBlock[];
}

/** A heading (null: none) with its paragraphs. */
export interface WrittenBlock {
  heading: string | null;
  paragraphs: string[];
}

export interface Firm extends LegalIdentity, PostalAddress {
  email: string | null;
}

export interface ClientFacts {
  name: string;
  companyName: string | null;
  contact: string | null;
  address: string | null;
  telephone: string | null;
  email: string | null;
}

export interface Place {
  latitude: number;
  longitude: number;
  accuracyMetres?: number | null;
}

export interface InterventionFacts {
  id: string;
  kind: InterventionKindWord;
  status: InterventionStatusWord;
  scheduledAt: string;
  startedAt: string | null;
  endedAt: string | null;
  location: string | null;
  place: Place | null;
  description: string | null;
  /** The one who leads first. */
  technicians: string[];
  estimatedMinutes: number | null;
}

export interface StatusChange {
  at: string;
  /** null: it was made. */
  from: InterventionStatusWord | null;
  to: InterventionStatusWord;
  by: string | null;
  comment: string | null;
}

export interface Finding {
  kind: string;
  result: string | null;
  observations: string | null;
  inspectedAt: string;
  place: Place | null;
  /** Which of `photos` show it, as indexes. */
  photos: number[];
}

export interface ChecklistLine {
  label: string;
  note: string | null;
  isDone: boolean;
  doneAt: string | null;
  doneBy: string | null;
}

export interface WorkLine {
  /** `YYYY-MM-DD`. */
  day: string;
  technician: string;
  minutes: number;
  note: string | null;
}

export interface PartLine {
  label: string;
  reference: string | null;
  quantity: string;
  unitPrice: string | null;
}

export interface Photo {
  name: string;
  caption: string | null;
  takenAt: string | null;
  place: Place | null;
}

export interface OtherMedium {
  name: string;
  kind: 'video' | 'audio' | 'document' | 'other' | 'photo';
  caption: string | null;
  takenAt: string | null;
  sizeBytes: number;
  durationSeconds: number | null;
}

export interface Signature {
  name: string;
  signedAt: string;
}

export const reportSections = [
  'summary',
  'findings',
  'checklist',
  'hours',
  'parts',
  'timeline',
  'closing',
  'signature',
  'photos',
  'attachments',
] as const;
export type ReportSectionWord = (typeof reportSections)[number];

export interface TemplateContent {
  /** Instead of the usual title of the kind. */
  title: string | null;
  introduction: string | null;
  closing: string | null;
  /** Those that the report has, in their order. */
  sections: readonly ReportSectionWord[];
  /** `#1f3a5f`. */
  accentColour: string;
}

/** A JPEG that is ready to be drawn: upright, sRGB, without anything but its pixels. */
export interface Picture {
  bytes: Uint8Array;
  widthPx: number;
  heightPx: number;
}

export interface Pictures<P = Picture> {
  /** One for each of the content's photos; undefined for one that cannot be read. */
  photos: readonly (P | undefined)[];
  signature?: P | undefined;
  logo?: P | undefined;
}
