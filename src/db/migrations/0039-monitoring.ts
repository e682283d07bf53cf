import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Figures of requests, and alerts. */
export class Migration0039 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
create table monitoring_figures (
  kind text not null check (kind in ('route', 'operation', 'api_key', 'webhook')),
  name text not null,
  -- Start of the minute; of the hour for what is some hours old.
  at timestamptz not null,
  requests bigint not null,
  refused bigint not null,
  failed bigint not null,
  total_ms double precision not null,
  slowest_ms double precision not null,
  -- How many took how long: monitoring/figures/latency-histogram.ts.
  buckets bigint[] not null check (cardinality(buckets) = 24),
  primary key (kind, name, at)
);
create index monitoring_figures_at_idx on monitoring_figures (at);

create table alerts (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('slow_responses', 'failure_rate', 'webhook_failures')),
  subject_kind text not null check (subject_kind in ('server', 'route', 'operation', 'webhook')),
  subject_name text not null,
  raised_at timestamptz not null,
  value numeric(12,3) not null,
  threshold numeric(12,3) not null,
  request_count int,
  -- No foreign key: deliveries are kept for a shorter time.
  delivery_id int,
  ended_at timestamptz,
  end_reason text check (end_reason in ('recovered', 'quiet', 'delivered', 'disabled', 'deleted')),
  end_value numeric(12,3),
  constraint alerts_ended check ((ended_at is null) = (end_reason is null) and (end_value is null or ended_at is not null))
);
create unique index alerts_up_key on alerts (kind, subject_kind, subject_name) where ended_at is null;
create index alerts_raised_at_idx on alerts (raised_at, id);
create index alerts_kind_idx on alerts (kind, raised_at, id);
create index alerts_up_idx on alerts (raised_at, id) where ended_at is null;
create index alerts_ended_idx on alerts (raised_at, id) where ended_at is not null;
create index alerts_delivery_idx on alerts (delivery_id) where delivery_id is not null;

create index webhook_deliveries_failing_idx on webhook_deliveries (endpoint_id, id)
 where status = 'pending' and attempts > 3;

insert into permissions (resource, action, description, is_system) values
  ('monitoring', 'read', 'Lire les métriques et les alertes du serveur', true)
on conflict (name) do update set is_system = true;
`;
