import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** A search reads as many stretches of documents as it needs, the newest first, instead of all that hold its words. */
export class Migration0062 extends Migration {
  override up(): void {
    for (const statement of statementsOf(indexes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const indexes = /* sql */ `
-- A million documents take a minute.
set local statement_timeout = 0;
set local maintenance_work_mem = '256MB';
drop index documents_search_idx;

-- A stretch is 256 ids. Both conditions in one index: it leaps over the postings of a common word that lie outside.
-- Without a list of pending entries, which each of the many small scans of a search would read.
create index documents_search_idx on documents
  using gin ((array[id >> 8]), search_vector(search_names, search_text)) with (fastupdate = off);

-- The planner takes no statistics of an expression from a partial index.
create statistics documents_amount_stats on (coalesce(amount, '-infinity'::numeric)) from documents;
create statistics documents_document_date_stats on (coalesce(document_date, '-infinity'::date)) from documents;
`;
