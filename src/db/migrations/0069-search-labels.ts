import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** The full-text index also knows whose documents are, of what type, from whom, under which tags, of which months. */
export class Migration0069 extends Migration {
  override up(): void {
    for (const statement of statementsOf(labels)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

// The semicolons within stand amid their lines.
const labels = /* sql */ `
-- A million documents take a minute.
set local statement_timeout = 0;
set local maintenance_work_mem = '256MB';

-- One key a label: its kind above, its number below. A common word that must also be of a type and of a year is found
-- without reading what is not. In plpgsql, since a function in SQL would be inlined and the index not recognised; with
-- no function of ours in it, since an index is made without our schema in the path.
create function search_labels(owner int, type int, correspondent int, tags int[], day date,
  filed timestamptz) returns bigint[] language plpgsql immutable parallel safe cost 100 as $$
  begin
    return array_remove(array[(1::bigint << 32) + owner, (2::bigint << 32) + type, (3::bigint << 32) + correspondent,
        case when isfinite(day) then (5::bigint << 32) + extract(year from day)::int * 12
          + extract(month from day)::int end,
        case when isfinite(filed) then (6::bigint << 32) + extract(year from filed at time zone 'UTC')::int * 12
          + extract(month from filed at time zone 'UTC')::int end], null)
      || array(select (4::bigint << 32) + tag from unnest(tags) tag); end $$;

drop index documents_search_idx;
create index documents_search_idx on documents
  using gin ((array[id >> 8]), search_vector(search_names, search_text),
    search_labels(owner_id, document_type_id, correspondent_id, tag_ids, document_date, created_at))
  with (fastupdate = off);
-- What the planner knows of an indexed expression goes with its index.
analyze documents;
`;
