/** A list of reports to be handed on: plain data, which crosses to the process that writes it. */

export interface ListColumn {
  title: string;
  /** Parts of the whole width; those of all columns together need not be 100. */
  share: number;
  kind: 'text' | 'number' | 'moment';
}

export interface ReportList {
  title: string;
  firmName: string;
  madeAt: string;
  timeZone: string;
  columns: ListColumn[];
  /** Numbers as such, moments as ISO 8601. */
  rows: (string | number | null)[][];
}
