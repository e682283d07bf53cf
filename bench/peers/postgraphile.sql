-- Access control as PostGraphile's manual has it: a database role per kind of viewer, policies on rows, the viewer in a setting.
-- Owners of the tables, thus all other servers here, are not bound by them.
create schema if not exists bench;
create table if not exists bench.events (like public.events including all);
do $$ begin create role passerelle_bench_person; exception when duplicate_object then null; end $$;
do $$ begin create role passerelle_bench_reader; exception when duplicate_object then null; end $$;
grant usage on schema public, bench to passerelle_bench_person, passerelle_bench_reader;
grant select on documents, correspondents, document_types, tags, document_tags, approvals, approval_history to passerelle_bench_person, passerelle_bench_reader;
grant select (id, full_name) on users to passerelle_bench_person, passerelle_bench_reader;
grant update (title, document_date, updated_at) on documents to passerelle_bench_person;
grant insert on bench.events to passerelle_bench_person;
grant usage on sequence event_ids to passerelle_bench_person;

create or replace function bench.viewer() returns int language sql stable as $$ select current_setting('passerelle.user_id')::int $$;
create or replace function bench.shared_documents() returns int[] language sql stable security definer as $$
  select array(select document_id from public.document_shares where user_id = bench.viewer()) $$;
create or replace function bench.known_people() returns int[] language sql stable security definer as $$
  select array(select bench.viewer()
    union select s.user_id from public.document_shares s join public.documents d on d.id = s.document_id where d.owner_id = bench.viewer()
    union select d.owner_id from public.document_shares s join public.documents d on d.id = s.document_id where s.user_id = bench.viewer()) $$;

grant select on transactions, bank_accounts, categories to passerelle_bench_person;
create or replace function public.transactions_running_balance(t public.transactions) returns numeric language sql stable as $$
  select a.balance - coalesce((select sum(x.amount) from public.transactions x
      where x.account_id = t.account_id and (x.transaction_date, x.id) > (t.transaction_date, t.id)), 0)
    from public.bank_accounts a where a.id = t.account_id $$;
create or replace function bench.shared_accounts() returns int[] language sql stable security definer as $$
  select array(select account_id from public.account_shares where user_id = bench.viewer()) $$;
alter table transactions enable row level security;
alter table bank_accounts enable row level security;
create policy read_own on transactions for select to passerelle_bench_person
  using (owner_id = (select bench.viewer()) or account_id = any ((select bench.shared_accounts())::int[]));
create policy read_own on bank_accounts for select to passerelle_bench_person
  using (owner_id = (select bench.viewer()) or id = any ((select bench.shared_accounts())::int[]));

alter table documents enable row level security;
alter table approvals enable row level security;
alter table approval_history enable row level security;
alter table users enable row level security;
create policy read_all on documents for select to passerelle_bench_reader using (deleted_at is null);
create policy read_own on documents for select to passerelle_bench_person
  using (deleted_at is null and (owner_id = (select bench.viewer()) or id = any ((select bench.shared_documents())::int[])));
create policy change_own on documents for update to passerelle_bench_person using (owner_id = (select bench.viewer()));
create policy read_all on approvals for select to passerelle_bench_reader using (true);
create policy read_own on approvals for select to passerelle_bench_person using (exists (select from documents d where d.id = approvals.id));
create policy read_all on approval_history for select to passerelle_bench_reader using (true);
create policy read_own on approval_history for select to passerelle_bench_person using (exists (select from documents d where d.id = approval_history.approval_id));
create policy read_all on users for select to passerelle_bench_reader using (true);
create policy read_known on users for select to passerelle_bench_person using (id = any ((select bench.known_people())::int[]));

create or replace function bench.change_document(id int, title text, document_date date) returns public.documents language plpgsql volatile as $$
declare changed public.documents;
begin
  update public.documents d set title = change_document.title, document_date = change_document.document_date, updated_at = now()
    where d.id = change_document.id and d.owner_id = bench.viewer() returning * into changed;
  if changed.id is null then raise exception 'Only the owner may change it'; end if;
  insert into bench.events (type, subject_type, subject_id, actor_id, data)
    values ('document.updated', 'Document', id::text, bench.viewer(), jsonb_build_object('title', title, 'fields', '["title", "documentDate"]'::jsonb));
  return changed;
end $$;
revoke execute on function bench.change_document from public;
grant execute on function bench.change_document to passerelle_bench_person;

-- The product's triggers move the balance, which is why it runs as their owner.
create or replace function bench.post_transaction(account_id int, category_id int, amount numeric, description text, transaction_date date)
returns public.transactions language plpgsql volatile security definer as $$
declare written public.transactions;
begin
  perform from public.bank_accounts a where a.id = post_transaction.account_id and a.owner_id = bench.viewer() for update;
  if not found then raise exception 'No account of yours'; end if;
  insert into public.transactions (account_id, owner_id, category_id, amount, description, transaction_date, created_by_id)
    values (account_id, bench.viewer(), category_id, amount, description, transaction_date, bench.viewer()) returning * into written;
  insert into bench.events (type, subject_type, subject_id, actor_id, data)
    values ('transaction.created', 'Transaction', written.id::text, bench.viewer(), jsonb_build_object('bankAccountId', account_id, 'ownerId', bench.viewer()));
  return written;
end $$;
revoke execute on function bench.post_transaction from public;
grant execute on function bench.post_transaction to passerelle_bench_person;
