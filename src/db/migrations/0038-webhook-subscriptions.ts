import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** What subscribers say of the events that they want, how fast and in which form; what was asked and answered; replays. */
export class Migration0038 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
alter table webhook_endpoints
  add column uuid uuid not null default gen_random_uuid(),
  add column description text not null default '',
  add column format text not null default 'log' check (format in ('log', 'documented', 'query')),
  -- [{ field, operator, value }]: all must hold of the message.
  add column conditions jsonb not null default '[]' check (jsonb_typeof(conditions) = 'array'),
  -- Empty: of every thing.
  add column resource_ids text[] not null default '{}' check (cardinality(resource_ids) <= 200),
  add column payload_query text,
  -- Names of the headers that the owner added, in order; the values are sealed, and no column of the entity.
  add column header_names text[] not null default '{}' check (cardinality(header_names) <= 20),
  add column header_values text,
  -- Null: those of the usual schedule.
  add column max_attempts int check (max_attempts between 1 and 20),
  add column retry_delay_seconds int check (retry_delay_seconds between 1 and 86400),
  add column timeout_seconds int not null default 10 check (timeout_seconds between 1 and 30),
  -- Null: as many as there are.
  add column max_per_minute int check (max_per_minute between 1 and 6000),
  -- When the next one may be sent.
  add column paced_until timestamptz,
  add column paused_at timestamptz,
  add column status text not null generated always as (
    case when not is_active then 'inactive' when paused_at is not null then 'paused' else 'active' end) stored,
  add constraint webhook_endpoints_query check ((format = 'query') = (payload_query is not null)),
  add constraint webhook_endpoints_headers check ((cardinality(header_names) = 0) = (header_values is null));
create unique index webhook_endpoints_uuid_key on webhook_endpoints (uuid);
create index webhook_endpoints_status_idx on webhook_endpoints (owner_id, status, id);
-- One that the server gave up on still gets its events, for the day when it is switched on again.
drop index webhook_endpoints_events_idx;
create index webhook_endpoints_events_idx on webhook_endpoints using gin (events)
  where is_active or disabled_reason = 'failing';

create table webhook_replays (
  id uuid primary key default gen_random_uuid(),
  endpoint_id int not null references webhook_endpoints on delete cascade,
  since timestamptz not null,
  status text not null default 'running' check (status in ('running', 'done', 'cancelled')),
  -- Events that are sent again, and how many of them were queued.
  total int not null,
  done int not null default 0 check (done between 0 and total),
  -- Numbers of deliveries: the last one that was queued again, and the last one of all.
  after_id int not null default 0,
  last_id int not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint webhook_replays_finished check ((status = 'running') = (finished_at is null))
);
create unique index webhook_replays_running_key on webhook_replays (endpoint_id) where status = 'running';
create index webhook_replays_endpoint_idx on webhook_replays (endpoint_id, created_at);

alter table webhook_deliveries
  add column replay_id uuid references webhook_replays on delete set null,
  -- Of the last attempt; secrets are masked.
  add column request_url text,
  add column request_headers jsonb not null default '[]',
  add column response_headers jsonb not null default '[]',
  add column first_attempt_at timestamptz,
  add column last_attempt_at timestamptz;
create index webhook_deliveries_replay_idx on webhook_deliveries (replay_id) where replay_id is not null;
create index webhook_deliveries_events_idx on webhook_deliveries (endpoint_id, created_at, id) where kind = 'event';
`;
