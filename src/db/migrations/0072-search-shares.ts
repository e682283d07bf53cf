import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/**
 * The full-text index also knows who sees documents: whoever is shown a hundred thousand of them is answered from it,
 * as their owner is.
 */
export class Migration0072 extends Migration {
  override up(): void {
    for (const statement of [...statementsOf(columns), indexing, ...statementsOf(indexes)]) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const columns = /* sql */ `
-- A million documents take a minute.
set local statement_timeout = 0;
set local maintenance_work_mem = '256MB';

drop index documents_search_idx;
drop function search_labels(int, int, int, int[], date, timestamptz);

-- The shares of a document as document_shares has them, like tag_ids.
alter table documents add column shared_with int[] not null default '{}';
update documents d set shared_with = s.user_ids
  from (select document_id, array_agg(user_id order by user_id) as user_ids from document_shares group by 1) s
  where s.document_id = d.id;
`;

const indexing = /* sql */ `
create function index_shared_documents() returns trigger language plpgsql as $$
  begin
    -- Whoever shares the same documents meanwhile is waited for, and the update then reads their shares too.
    perform from documents where id in (select document_id from changed) order by id for no key update;
    update documents d set shared_with = array(
        select s.user_id from document_shares s where s.document_id = d.id order by s.user_id)
      where d.id in (select document_id from changed);
    return null;
  end $$`;

// The semicolons within stand amid their lines.
const indexes = /* sql */ `
create trigger document_shares_added after insert on document_shares referencing new table as changed
  for each statement execute function index_shared_documents();
create trigger document_shares_removed after delete on document_shares referencing old table as changed
  for each statement execute function index_shared_documents();

-- One key a label, as before; 7 is whoever sees the document: its owner, and those it is shared with.
create function search_labels(owner int, type int, correspondent int, tags int[], day date, filed timestamptz,
  shared int[]) returns bigint[] language plpgsql immutable parallel safe cost 100 as $$
  begin
    return array_remove(array[(1::bigint << 32) + owner, (2::bigint << 32) + type, (3::bigint << 32) + correspondent,
        case when isfinite(day) then (5::bigint << 32) + extract(year from day)::int * 12
          + extract(month from day)::int end,
        case when isfinite(filed) then (6::bigint << 32) + extract(year from filed at time zone 'UTC')::int * 12
          + extract(month from filed at time zone 'UTC')::int end, (7::bigint << 32) + owner], null)
      || array(select (4::bigint << 32) + tag from unnest(tags) tag)
      || array(select (7::bigint << 32) + person from unnest(shared) person); end $$;

create index documents_search_idx on documents
  using gin ((array[id >> 8]), search_vector(search_names, search_text),
    search_labels(owner_id, document_type_id, correspondent_id, tag_ids, document_date, created_at, shared_with))
  with (fastupdate = off);
-- What the planner knows of an indexed expression goes with its index.
analyze documents;
`;
