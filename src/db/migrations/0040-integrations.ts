import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Programs of others that the firm is connected to. */
export class Migration0040 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
-- True: it belongs to something else, by which it is changed, and is no webhook that its owner sees.
alter table webhook_endpoints add column is_managed boolean not null default false;

create table integrations (
  id uuid primary key,
  owner_id int not null references users on delete cascade,
  kind text not null check (kind in ('zapier', 'n8n', 'custom', 'salesforce', 'hubspot', 'mailchimp', 'mqtt')),
  name text not null check (name <> ''),
  description text not null default '',
  -- Sealed; no column of the entity, so that no plan can read it.
  configuration text not null,
  -- Where events are delivered to; null for a kind that is only kept.
  endpoint_id int unique references webhook_endpoints on delete cascade,
  last_sync_at timestamptz,
  sync_count int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint integrations_delivers check ((endpoint_id is not null) = (kind in ('zapier', 'n8n', 'custom')))
);
create index integrations_created_at_idx on integrations (created_at, id);
create index integrations_kind_idx on integrations (kind, created_at, id);
create index integrations_owner_idx on integrations (owner_id, id);

-- What was given up after as many attempts as raise an alert.
create index webhook_deliveries_given_up_idx on webhook_deliveries (finished_at)
 where status = 'failed' and attempts >= 3;
`;
