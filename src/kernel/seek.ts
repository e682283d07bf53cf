import type { SortKey } from './read-model.js';

/** Where a row stands in the order of a list: what a cursor says. */
export interface Place {
  /** Of its sort key, as PostgreSQL writes it. */
  sort: string;
  id: string;
}

/** The rows of a page in the order in which they are read, which of a page from the end is the list's turned round. */
export interface SoughtPage {
  sort: SortKey;
  descending: boolean;
  /** What is read lies beyond this, and before `until`. */
  after: Place | undefined;
  until: Place | undefined;
  limit: number;
}

/** Finds the rows of a list for the reader, by statements of its own: no single one is quick for all that is asked. */
export interface Seek {
  /** The ids of the first `limit` rows that the viewer may see, in the order of reading. */
  ids: (page: SoughtPage) => Promise<readonly number[]>;
  count: () => Promise<SoughtCount>;
}

export interface SoughtCount {
  totalCount: number;
  /** To two digits: there are more than are counted one by one. */
  isEstimated: boolean;
}
