/**
 * The links that the graph gives out, and what each needs. The REST routes that they lead to are marked with the link's
 * name (`link` in a route's definition), so that a path is written once, in its dialect.
 */
export interface LinkParams {
  /** The current file of a document. */
  documentFile: { id: number };
  /** The same to look at, where browsers can show it, instead of to save. */
  documentView: { id: number };
  /** The picture of its first page. */
  documentPreview: { id: number };
  /** The picture of one of its pages. */
  documentPage: { id: number; page: number };
  /** A former file of a document. */
  documentVersionFile: { id: number; number: number };
  /** The picture of a client's signature. */
  interventionSignature: { id: string };
  invoicePdf: { id: number };
  /** The letter of a reminder. */
  reminderPdf: { id: number };
  /** The file of a receipt; `id` is that of the transaction. */
  receiptFile: { id: number; receiptId: number };
  /** The file of a photo, film, recording or paper from the field. */
  mediumFile: { id: string };
  mediumThumbnail: { id: string };
  /** The file of a report. */
  reportFile: { id: string };
  /** Everything that is stored about a person. */
  personalDataExport: { id: number };
  /** The page that a share link opens. */
  sharedDocument: { token: string };
  /** A calendar for programs; the secret of a feed goes into its query. */
  calendarFeed: Record<never, never>;
  /** The page of a client's link to an appointment. */
  customerVisit: { token: string };
}

export type LinkName = keyof LinkParams;

export interface Links {
  /** The path on this server. */
  path: <Name extends LinkName>(name: Name, params: LinkParams[Name]) => string;
  /** The whole address, below `PUBLIC_URL`. */
  url: <Name extends LinkName>(name: Name, params: LinkParams[Name]) => string;
}
