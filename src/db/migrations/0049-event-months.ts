import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** The event log in a partition for each month, so that the oldest month can be dropped whole. */
export class Migration0049 extends Migration {
  override up(): void {
    for (const statement of [...statementsOf(table), addEventMonth, ...statementsOf(rest)]) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const columns =
  'id, position, type, subject_type, subject_id, actor_id, request_id, ip, traceparent, data, occurred_at';

const table = /* sql */ `
drop view audit_events;
drop view document_history;
alter table events rename to events_before;
create sequence event_ids as bigint;

-- Each event lies in the month of its occurred_at in UTC: that of the transaction that wrote it.
create table events (
  id bigint not null default nextval('event_ids'),
  -- Given by the relay after the commit, strictly increasing in the order in which changes became visible. Unique in the
  -- whole log: only one transaction at a time gives positions, under the lock eventPositions, and gives none up to the
  -- highest that there was (event_log for those that are gone). No constraint can say so across partitions without the
  -- month beside it; the index of each month says it for the month.
  position bigint,
  type text not null,
  subject_type text not null,
  subject_id text not null,
  actor_id int constraint events_actor_id_fkey references users,
  request_id text,
  ip text,
  traceparent text,
  data jsonb not null default '{}',
  occurred_at timestamptz not null default now(),
  -- Whose account the event is about, for the person's own access log.
  account_id int generated always as (
    case when subject_type = 'User' then nullif(subject_id, '')::int
         when subject_type in ('Session', 'ApiToken', 'ApiKey', 'Passkey', 'Device')
           then (data->>'userId')::int end) stored
) partition by range (occurred_at);
alter sequence event_ids owned by events.id;

-- What fits into no month: nothing, as long as months are made ahead. An event is written here rather than refused;
-- it is read like any other, and moves into its month when that is made.
create table events_other partition of events default;
create unique index events_other_position_key on events_other (position);
`;

// In one piece: its statements end lines too.
const addEventMonth = /* sql */ `
-- Makes the partition of the month that begins on this day, if there is none. True: it was made.
create function add_event_month(month date) returns boolean language plpgsql as $$
declare
  part constant text := 'events_' || to_char(month, 'YYYY_MM');
  begins constant timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
  ends constant timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
begin
  if to_regclass(part) is not null then return false; end if;
  lock table only events in share update exclusive mode;
  lock table events_other in access exclusive mode;
  execute format('create table %I (like events including defaults including generated)', part);
  execute format('insert into %I (${columns}) select ${columns} from events_other where occurred_at >= %L and occurred_at < %L',
                 part, begins, ends);
  delete from events_other where occurred_at >= begins and occurred_at < ends;
  execute format('create unique index %I on %I (position)', part || '_position_key', part);
  execute format('alter table events attach partition %I for values from (%L) to (%L)', part, begins, ends);
  return true;
end $$
`;

const rest = /* sql */ `
-- One row: what has been dropped from the log's beginning, and what is kept longer than it should be, and why.
create table event_log (
  id boolean primary key default true check (id),
  -- The highest position that was dropped: whoever resumes from before it has missed something.
  pruned_position bigint not null default 0,
  pruned_at timestamptz,
  -- Months that are over their time and still needed, as of the last look; held_by says by what.
  held_months int not null default 0,
  held_by text
);
insert into event_log default values;

select add_event_month(month::date)
  from (select distinct date_trunc('month', occurred_at at time zone 'UTC') from events_before
        union select generate_series(date_trunc('month', now() at time zone 'UTC'),
                                     date_trunc('month', now() at time zone 'UTC') + interval '3 months',
                                     interval '1 month')) m (month)
 order by month;
insert into events (${columns}) select ${columns} from events_before order by id;
select setval('event_ids', (select coalesce(max(id), 0) + 1 from events_before), false);
drop table events_before;

alter table events add primary key (id, occurred_at);
create index events_unplaced_idx on events (id) where position is null;
create index events_subject_idx on events (subject_type, subject_id, position);
create index events_account_idx on events (account_id, position) where account_id is not null;
create index events_actor_idx on events (actor_id, position);
create index events_type_idx on events (type, position);
create index events_ip_idx on events (ip, position) where ip is not null;
create index events_occurred_at_idx on events (occurred_at, position);
create index events_request_idx on events (request_id);
create index events_document_history_idx on events (subject_id, id) where subject_type = 'Document';
create index events_document_idx on events ((case when subject_type = 'Document' then subject_id::int end), id)
  where subject_type = 'Document';

-- The log as it is read by place: what the relay has not placed yet is not in it.
create view audit_events as
  select position as id, type, subject_type, subject_id, actor_id, account_id, request_id, ip, occurred_at, data
    from events where position is not null;

-- What happened to a document, for whoever sees the document: of what an event carries, only the names of the changed
-- fields. By the event's id: changes of one document wait for each other, so that ids grow in the order of their commits.
create view document_history as
  select e.id,
         case when e.subject_type = 'Document' then e.subject_id::int end as document_id,
         e.type,
         e.occurred_at,
         coalesce(nullif(u.full_name, ''), u.username) as actor_name,
         case when jsonb_typeof(e.data->'fields') = 'array'
              then jsonb_path_query_array(e.data->'fields', '$[*] ? (@.type() == "string")')
              else '[]' end as fields
    from events e left join users u on u.id = e.actor_id
   where e.subject_type = 'Document';

-- Who follows the log, for administrators: each process writes its own every few seconds. Unlogged, since after a crash
-- nobody follows it; without a reference to the person, whom a row outlives by seconds.
create unlogged table open_subscriptions (
  id uuid primary key,
  process uuid not null,
  user_id int not null,
  operation text not null,
  transport text not null check (transport in ('graphql-ws', 'graphql-sse', 'ws')),
  started_at timestamptz not null,
  position bigint not null,
  lag_events bigint not null check (lag_events >= 0),
  lag_seconds int not null,
  heard_at timestamptz not null default now(),
  -- Its process is to end it.
  is_ending boolean not null default false
);
create index open_subscriptions_process_idx on open_subscriptions (process);
create index open_subscriptions_heard_at_idx on open_subscriptions (heard_at);
create index open_subscriptions_lag_idx on open_subscriptions (lag_events desc, started_at);
create index open_subscriptions_user_idx on open_subscriptions (user_id);

insert into permissions (resource, action, description, is_system) values
  ('monitoring', 'write', 'Mettre fin aux abonnements ouverts', true)
on conflict (name) do update set is_system = true;

-- What the oldest delivery that waits still needs of the log.
create index webhook_deliveries_waiting_idx on webhook_deliveries (event_position) where status = 'pending';
`;
