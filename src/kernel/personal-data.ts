import type { Transaction } from '../db/sql-client.js';
import { isoSecondsSql } from '../lib/postgres-text.js';
import type { Context } from './context.js';

/** A part of a person's export. In its SQL `me.id` is the person; secrets and what is only of others stay out. */
export interface ExportPart {
  sql: string;
  /** True: one row, or null. Otherwise all rows, in an order that does not change. */
  isOne?: true;
  /** True: only for a session of the person, never for a token or a key (DECISIONS.md, section 7). */
  inPerson?: true;
  /** The path in the archive, for rows that are files of the content store. */
  fileName?: (row: ExportedFileRow) => string;
}

/** What a row with a file must have; the key itself is not shown. */
export interface ExportedFileRow {
  id: number;
  originalFilename: string;
  sizeBytes: number;
  contentKey: string;
}

/** What is said of a foreign key to `users`. */
export interface UserReference {
  /** The part of the export that shows these rows, of this module or another; or why none does. */
  export: string | { none: string };
  /** `deleted`: every row that names the person goes. `kept`: why rows may stay, naming the person by number. */
  erasure: 'deleted' | { kept: string };
}

/** Runs after the commit, for what no rollback could bring back. */
export type AfterErasure = () => Promise<void>;

/** What an erasure leaves, and why. */
export interface Remainder {
  /** One word for programs, such as `invoices`. */
  what: string;
  /** The same for people, with their number: `2 issued invoices`. */
  words: string;
  count: number;
  /** Goes on after "because". */
  reason: string;
  /** `YYYY-MM-DD`; null: for good, or until somebody else ends it. */
  until: string | null;
}

/** What a module knows of people: its part of the export and of an erasure (GDPR, articles 15, 17 and 20). */
export interface PersonalData {
  exports?: Readonly<Record<string, ExportPart>>;
  /** Every foreign key of its tables to `users`, as `table.column`; a test misses those that are absent. */
  references?: Readonly<Record<`${string}.${string}`, UserReference>>;
  /**
   * What has to be done by hand before rows are deleted by `references`, in the transaction of the erasure. Modules
   * take their turns from the last to the first, while the person still has their name.
   */
  erase?: (tx: Transaction, ctx: Context, userId: number) => Promise<AfterErasure | void>;
  /** Takes names, texts and addresses out of what stays, once all modules have erased. */
  pseudonymise?: (tx: Transaction, userId: number) => Promise<void>;
  /** What is still there afterwards and why. */
  remains?: (tx: Transaction, userId: number) => Promise<Remainder[]>;
}

/** A moment in an export: ISO 8601, whole seconds. */
export const momentAs = (column: string, name: string): string => `${isoSecondsSql(column)} as "${name}"`;
