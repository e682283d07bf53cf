import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Plugins, the packages that they came in, and what ran in their own schemas. */
export class Migration0052 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- One row: how often the plugins changed. Who changes them locks it.
create table plugin_revision (
  is_only boolean primary key default true check (is_only),
  revision bigint not null default 0
);
insert into plugin_revision default values;

create table plugins (
  id text primary key check (id ~ '^[a-z][a-z0-9_-]{0,49}$'),
  name text not null,
  status text not null check (status in ('installed', 'active', 'disabled', 'failed')),
  reason text,
  version text not null,
  author text not null,
  description text not null,
  api_prefix text,
  tags text[] not null,
  source text not null,
  source_kind text not null check (source_kind in ('folder', 'tarball', 'npm', 'git')),
  requested_version text,
  -- Those that an administrator granted, of the manifest's.
  grants text[] not null,
  settings jsonb not null default '{}',
  sealed_settings text,
  -- Whose rights its tasks and handlers have.
  run_as_id int references users on delete set null,
  package_hash text not null check (package_hash ~ '^[0-9a-f]{64}$'),
  installed_at timestamptz not null,
  loaded_at timestamptz,
  last_reload timestamptz,
  constraint plugins_failed check ((status = 'failed') = (reason is not null))
);
-- Schemas, and names of events, are written with _ for -.
create unique index plugins_schema_key on plugins (replace(id, '-', '_'));
create index plugins_name_idx on plugins (name, id);
create index plugins_installed_at_idx on plugins (installed_at, id);
create index plugins_status_idx on plugins (status, id);
create index plugins_run_as_idx on plugins (run_as_id) where run_as_id is not null;

create table plugin_versions (
  id int generated always as identity primary key,
  plugin_id text not null references plugins on delete cascade,
  version text not null,
  package_hash text not null check (package_hash ~ '^[0-9a-f]{64}$'),
  size_bytes int not null check (size_bytes > 0),
  manifest jsonb not null,
  -- null: its process has not described itself yet.
  contribution jsonb,
  installed_at timestamptz not null,
  constraint plugin_versions_package_key unique (plugin_id, package_hash)
);
create index plugin_versions_plugin_idx on plugin_versions (plugin_id, id);
create index plugin_versions_hash_idx on plugin_versions (package_hash);

-- Outlives the plugin when its data is kept.
create table plugin_migrations (
  schema_name text not null,
  name text not null,
  position int not null check (position >= 0),
  steps jsonb not null,
  ran_at timestamptz not null,
  primary key (schema_name, name)
);

insert into permissions (resource, action, description, is_system) values
  ('plugins', 'read', 'Voir les plugins installés', true),
  ('plugins', 'manage', 'Installer, activer, régler et retirer des plugins', true)
on conflict (name) do update set is_system = true;
`;
