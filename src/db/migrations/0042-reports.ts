import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** How reports are made, and what those of a firm look like. */
export class Migration0042 extends Migration {
  override up(): void {
    for (const statement of [generations, templates, permissions].flatMap(statementsOf)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const generations = /* sql */ `
-- The order by which the file is being made, and for whom: the file of another order is dropped.
alter table reports add column generation_id uuid;
alter table reports add column requested_by_id int references users;
alter table reports add constraint reports_generation check ((status = 'in_progress') = (generation_id is not null));
-- Its keys are headings, whose order is their writer's.
alter table reports alter column content type json;
create index reports_requested_by_idx on reports (requested_by_id) where generation_id is not null;
create index reports_in_progress_idx on reports (updated_at) where generation_id is not null;
`;

const templates = /* sql */ `
create table report_templates (
  id uuid primary key default gen_random_uuid(),
  name text not null check (name <> '' and lower(name) <> 'default'),
  -- Of which reports; null: of all.
  kind text check (kind in ('inspection', 'intervention', 'maintenance', 'other')),
  title text,
  introduction text,
  closing text,
  sections text[] not null,
  accent_colour text not null check (accent_colour ~ '^#[0-9a-f]{6}$'),
  logo_key text,
  created_by_id int references users,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index report_templates_name_key on report_templates (lower(name));
create index report_templates_sort_idx on report_templates (left(name, 200), id);
create index report_templates_kind_idx on report_templates (kind, left(name, 200), id);
`;

const permissions = /* sql */ `
insert into permissions (resource, action, description) values
  ('report_templates', 'write', 'Modifier les modèles de rapport'),
  ('report_templates', '*', 'Modifier les modèles de rapport')
on conflict do nothing;

insert into role_permissions (role_id, permission_id)
select r.id, p.id from roles r join permissions p on p.name = 'report_templates:*' where r.name = 'manager'
on conflict do nothing;
`;
