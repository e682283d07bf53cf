import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Clients, what is done at their places, when, by whom, and what is kept of it: photos and reports. */
export class Migration0037 extends Migration {
  override up(): void {
    const parts = [clients, interventions, contracts, planning, media, reports, permissions];
    for (const statement of parts.flatMap(statementsOf)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const clients = /* sql */ `
create extension if not exists btree_gist;

create table clients (
  id uuid primary key default gen_random_uuid(),
  name text not null check (name <> ''),
  company_name text,
  email text,
  phone text,
  address text,
  contact_name text,
  notes text,
  status text not null default 'active' check (status in ('active', 'inactive', 'prospect')),
  -- What lists search in.
  search_text text not null generated always as (lower(name || ' ' || coalesce(email, '') || ' ' || coalesce(company_name, ''))) stored,
  version int not null default 1,
  created_by_id int references users,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  -- Once: what named the client is gone for good.
  anonymized_at timestamptz
);
create unique index clients_email_key on clients (lower(email)) where deleted_at is null;
create index clients_created_at_idx on clients (created_at, id) where deleted_at is null;
create index clients_name_idx on clients (left(name, 200), id) where deleted_at is null;
create index clients_status_idx on clients (status, created_at, id) where deleted_at is null;
create index clients_search_idx on clients using gin (search_text gin_trgm_ops) where deleted_at is null;
create index clients_deleted_at_idx on clients (deleted_at) where deleted_at is not null;

alter table invoices add column client_id uuid references clients on delete set null;
create index invoices_client_idx on invoices (client_id, id) where client_id is not null;
`;

const interventions = /* sql */ `
create table interventions (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references clients on delete cascade,
  scheduled_at timestamptz not null,
  kind text not null check (kind in ('inspection', 'detection', 'repair', 'maintenance', 'other')),
  status text not null default 'planned' check (status in ('planned', 'in_progress', 'validated', 'archived')),
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  location text,
  description text,
  -- As it was given: free text, or the name of the person that it named.
  technician text,
  technician_user_id int references users,
  estimated_minutes int check (estimated_minutes between 1 and 100000),
  latitude numeric(9, 6) check (latitude between -90 and 90),
  longitude numeric(9, 6) check (longitude between -180 and 180),
  started_at timestamptz,
  finished_at timestamptz,
  -- The one that it continues.
  follows_id uuid references interventions on delete set null,
  contract_id uuid,
  -- The day that a contract asked for it.
  contract_day date,
  -- Signed on site by the client.
  signatory_name text,
  signed_at timestamptz,
  signature_key text,
  search_text text not null generated always as (lower(coalesce(description, '') || ' ' || coalesce(location, ''))) stored,
  technician_text text not null generated always as (lower(coalesce(technician, ''))) stored,
  version int not null default 1,
  created_by_id int references users,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint interventions_place check ((latitude is null) = (longitude is null)),
  constraint interventions_not_itself check (follows_id <> id),
  constraint interventions_span check (finished_at >= started_at),
  constraint interventions_signature check ((signatory_name is null) = (signed_at is null) and (signed_at is null) = (signature_key is null)),
  constraint interventions_contract check ((contract_id is null) = (contract_day is null))
);
create index interventions_scheduled_at_idx on interventions (scheduled_at, id) where deleted_at is null;
create index interventions_created_at_idx on interventions (created_at, id) where deleted_at is null;
create index interventions_client_idx on interventions (client_id, scheduled_at, id) where deleted_at is null;
create index interventions_client_all_idx on interventions (client_id);
create index interventions_status_idx on interventions (status, scheduled_at, id) where deleted_at is null;
create index interventions_kind_idx on interventions (kind, scheduled_at, id) where deleted_at is null;
create index interventions_priority_idx on interventions (priority, scheduled_at, id) where deleted_at is null;
create index interventions_technician_user_idx on interventions (technician_user_id, scheduled_at, id) where deleted_at is null;
create index interventions_search_idx on interventions using gin (search_text gin_trgm_ops) where deleted_at is null;
create index interventions_technician_idx on interventions using gin (technician_text gin_trgm_ops) where deleted_at is null;
create index interventions_follows_idx on interventions (follows_id) where follows_id is not null;
create index interventions_deleted_at_idx on interventions (deleted_at) where deleted_at is not null;

create table intervention_status_changes (
  id int generated by default as identity primary key,
  intervention_id uuid not null references interventions on delete cascade,
  from_status text,
  to_status text not null,
  comment text,
  changed_by_id int references users,
  changed_at timestamptz not null default now()
);
create index intervention_status_changes_intervention_idx on intervention_status_changes (intervention_id, id);

-- Beside the one who leads: interventions.technician.
create table intervention_technicians (
  id int generated by default as identity primary key,
  intervention_id uuid not null references interventions on delete cascade,
  position int not null,
  name text not null check (name <> ''),
  user_id int references users,
  unique (intervention_id, position)
);
create unique index intervention_technicians_user_key on intervention_technicians (intervention_id, user_id) where user_id is not null;
create index intervention_technicians_user_idx on intervention_technicians (user_id) where user_id is not null;

create table checklist_items (
  id uuid primary key default gen_random_uuid(),
  intervention_id uuid not null references interventions on delete cascade,
  position int not null,
  label text not null check (label <> ''),
  note text,
  is_done boolean not null default false,
  done_at timestamptz,
  done_by_id int references users,
  constraint checklist_items_done check (is_done = (done_at is not null)),
  unique (intervention_id, position) deferrable initially deferred
);

create table work_entries (
  id uuid primary key default gen_random_uuid(),
  intervention_id uuid not null references interventions on delete cascade,
  technician text not null check (technician <> ''),
  technician_user_id int references users,
  work_date date not null,
  minutes int not null check (minutes between 1 and 1440),
  note text,
  created_by_id int references users,
  created_at timestamptz not null default now()
);
create index work_entries_intervention_idx on work_entries (intervention_id, work_date, id);

create table used_parts (
  id uuid primary key default gen_random_uuid(),
  intervention_id uuid not null references interventions on delete cascade,
  reference text,
  label text not null check (label <> ''),
  quantity numeric(12, 3) not null check (quantity > 0),
  unit_price numeric(14, 2) check (unit_price >= 0),
  created_by_id int references users,
  created_at timestamptz not null default now()
);
create index used_parts_intervention_idx on used_parts (intervention_id, created_at, id);

-- What was found on site.
create table inspections (
  id uuid primary key default gen_random_uuid(),
  intervention_id uuid not null references interventions on delete cascade,
  kind text not null default 'other',
  status text not null default 'done' check (status in ('planned', 'done')),
  result text,
  observations text,
  latitude numeric(9, 6) check (latitude between -90 and 90),
  longitude numeric(9, 6) check (longitude between -180 and 180),
  inspected_at timestamptz not null,
  created_by_id int references users,
  created_at timestamptz not null default now(),
  constraint inspections_place check ((latitude is null) = (longitude is null))
);
create index inspections_intervention_idx on inspections (intervention_id, inspected_at, id);
`;

const contracts = /* sql */ `
-- Visits that come back.
create table maintenance_contracts (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references clients on delete cascade,
  title text not null check (title <> ''),
  kind text not null check (kind in ('inspection', 'detection', 'repair', 'maintenance', 'other')),
  description text,
  location text,
  technician text,
  technician_user_id int references users,
  frequency text not null check (frequency in ('daily', 'weekly', 'monthly', 'yearly')),
  interval int not null check (interval between 1 and 366),
  start_date date not null,
  end_date date,
  -- On the clock of time_zone.
  visit_time time not null,
  visit_minutes int not null check (visit_minutes between 5 and 1440),
  time_zone text not null,
  -- Visits are made this many days ahead.
  horizon_days int not null check (horizon_days between 1 and 366),
  is_active boolean not null default true,
  -- The first visit that is not made yet; null: none is left.
  next_visit date,
  version int not null default 1,
  created_by_id int references users,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint maintenance_contracts_span check (end_date >= start_date)
);
create index maintenance_contracts_client_idx on maintenance_contracts (client_id, id);
create index maintenance_contracts_next_visit_idx on maintenance_contracts (next_visit) where is_active and deleted_at is null;
create index maintenance_contracts_created_at_idx on maintenance_contracts (created_at, id) where deleted_at is null;

alter table interventions add constraint interventions_contract_id_fkey
  foreign key (contract_id) references maintenance_contracts on delete cascade;
-- Whoever makes visits, and however often, makes each once.
create unique index interventions_contract_day_key on interventions (contract_id, contract_day);
`;

const planning = /* sql */ `
create table appointments (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references clients on delete cascade,
  intervention_id uuid references interventions on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'planned' check (status in ('planned', 'confirmed', 'cancelled', 'done')),
  -- As it was given: free text, or the name of the person that it named.
  technician text,
  technician_user_id int references users,
  notes text,
  color text check (color ~ '^#[0-9A-Fa-f]{6}$'),
  reminder_hours int check (reminder_hours between 0 and 8760),
  -- The end, and the way to the next place.
  blocked_until timestamptz not null,
  -- Raised when calendars must show it anew (RFC 5545, 3.8.7.4).
  sequence int not null default 0,
  confirmed_by_client_at timestamptz,
  move_requested_at timestamptz,
  move_request text,
  cancelled_at timestamptz,
  technician_key text generated always as (
    case when technician_user_id is not null then 'person:' || technician_user_id
         when technician is not null then 'name:' || search_fold(technician) end) stored,
  -- Whose others it collides with at its client: one technician, or, when it has none, all of them.
  technician_range int8range not null generated always as (
    case when technician_user_id is not null
         then int8range(hashtextextended('person:' || technician_user_id, 0), hashtextextended('person:' || technician_user_id, 0), '[]')
         when technician is not null
         then int8range(hashtextextended('name:' || search_fold(technician), 0), hashtextextended('name:' || search_fold(technician), 0), '[]')
         else int8range(null, null) end) stored,
  technician_text text not null generated always as (lower(coalesce(technician, ''))) stored,
  version int not null default 1,
  created_by_id int references users,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint appointments_span check (ends_at > starts_at and blocked_until >= ends_at),
  constraint appointments_technician_free exclude using gist (
    technician_key with =, tstzrange(starts_at, blocked_until) with &&)
    where (status in ('planned', 'confirmed') and deleted_at is null and technician_key is not null),
  constraint appointments_client_free exclude using gist (
    client_id with =, technician_range with &&, tstzrange(starts_at, blocked_until) with &&)
    where (status in ('planned', 'confirmed') and deleted_at is null)
);
create index appointments_starts_at_idx on appointments (starts_at, id) where deleted_at is null;
create index appointments_created_at_idx on appointments (created_at, id) where deleted_at is null;
create index appointments_client_idx on appointments (client_id, starts_at, id) where deleted_at is null;
create index appointments_client_all_idx on appointments (client_id);
create index appointments_intervention_idx on appointments (intervention_id, starts_at, id);
create index appointments_status_idx on appointments (status, starts_at, id) where deleted_at is null;
create index appointments_technician_user_idx on appointments (technician_user_id, starts_at, id);
create index appointments_technician_idx on appointments using gin (technician_text gin_trgm_ops);
create index appointments_deleted_at_idx on appointments (deleted_at) where deleted_at is not null;
-- What a calendar shows between two moments.
create index appointments_period_idx on appointments using gist (tstzrange(starts_at, ends_at)) where deleted_at is null;

-- Calendars that programs subscribe to by a secret address.
create table calendar_feeds (
  id uuid primary key default gen_random_uuid(),
  owner_id int not null references users on delete cascade,
  -- Of whom: null is everybody.
  technician text,
  secret_hash text not null unique,
  -- Sealed, so that its owner can be shown the address again.
  secret text not null,
  created_at timestamptz not null default now(),
  last_read_at timestamptz
);
create index calendar_feeds_owner_idx on calendar_feeds (owner_id, created_at, id);

-- What a client confirms or moves an appointment with.
create table customer_links (
  id uuid primary key default gen_random_uuid(),
  appointment_id uuid not null references appointments on delete cascade,
  secret_hash text not null unique,
  expires_at timestamptz not null,
  created_by_id int references users,
  created_at timestamptz not null default now()
);
create index customer_links_appointment_idx on customer_links (appointment_id, created_at, id);
`;

const media = /* sql */ `
create table media (
  id uuid primary key default gen_random_uuid(),
  intervention_id uuid not null references interventions on delete cascade,
  inspection_id uuid references inspections on delete set null,
  uploaded_by_id int references users,
  kind text not null check (kind in ('photo', 'video', 'audio', 'document', 'other')),
  status text not null default 'processing' check (status in ('processing', 'ready', 'error')),
  original_filename text not null,
  content_key text not null,
  content_hash text not null,
  file_size bigint not null check (file_size >= 0),
  mime_type text not null,
  page_count int,
  thumbnail_key text,
  width int,
  height int,
  duration_seconds numeric(12, 3),
  description text,
  annotations text,
  tags text[] not null default '{}',
  taken_at timestamptz,
  latitude numeric(9, 6) check (latitude between -90 and 90),
  longitude numeric(9, 6) check (longitude between -180 and 180),
  gps_accuracy numeric(10, 2),
  altitude numeric(10, 2),
  device text,
  capture_mode text,
  -- What the camera wrote, as far as it can be read.
  exif jsonb,
  has_place boolean not null generated always as (latitude is not null) stored,
  has_annotations boolean not null generated always as (annotations is not null) stored,
  search_text text not null generated always as (
    lower(original_filename || ' ' || coalesce(annotations, '') || ' ' || coalesce(description, ''))) stored,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint media_place check ((latitude is null) = (longitude is null))
);
create index media_created_at_idx on media (created_at, id) where deleted_at is null;
create index media_intervention_idx on media (intervention_id, created_at, id) where deleted_at is null;
create index media_intervention_all_idx on media (intervention_id);
create index media_inspection_idx on media (inspection_id, created_at, id) where inspection_id is not null;
create index media_kind_idx on media (kind, created_at, id) where deleted_at is null;
create index media_status_idx on media (status, created_at, id) where deleted_at is null;
create index media_has_place_idx on media (created_at, id) where has_place and deleted_at is null;
create index media_has_annotations_idx on media (created_at, id) where has_annotations and deleted_at is null;
create index media_search_idx on media using gin (search_text gin_trgm_ops) where deleted_at is null;
create index media_uploaded_by_idx on media (uploaded_by_id, created_at, id);
create index media_deleted_at_idx on media (deleted_at) where deleted_at is not null;
`;

const reports = /* sql */ `
create table reports (
  id uuid primary key default gen_random_uuid(),
  intervention_id uuid not null references interventions on delete cascade,
  kind text not null check (kind in ('inspection', 'intervention', 'maintenance', 'other')),
  status text not null default 'draft' check (status in ('draft', 'in_progress', 'generated', 'validated', 'archived', 'failed')),
  title text not null check (title <> ''),
  description text,
  -- As it was given, or the name of who made it.
  author text not null,
  created_by_id int references users,
  -- What its writer put into it beyond what the intervention says.
  content jsonb,
  format text check (format in ('pdf', 'docx', 'csv')),
  template text,
  with_media boolean not null default true,
  with_places boolean not null default true,
  -- Of the file, once there is one.
  filename text,
  content_key text,
  file_size bigint,
  mime_type text,
  document_id int references documents on delete set null,
  -- Of a hundred, while it is made.
  progress int not null default 0 check (progress between 0 and 100),
  error text,
  generated_at timestamptz,
  validated_at timestamptz,
  validated_by_id int references users,
  search_text text not null generated always as (lower(title || ' ' || coalesce(description, ''))) stored,
  author_text text not null generated always as (lower(author)) stored,
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint reports_file check (
    (content_key is null) = (filename is null) and (content_key is null) = (file_size is null)
    and (content_key is null) = (mime_type is null)),
  constraint reports_validated check ((status = 'validated') <= (validated_at is not null))
);
create index reports_created_at_idx on reports (created_at, id) where deleted_at is null;
create index reports_intervention_idx on reports (intervention_id, created_at, id) where deleted_at is null;
create index reports_intervention_all_idx on reports (intervention_id);
create index reports_kind_idx on reports (kind, created_at, id) where deleted_at is null;
create index reports_status_idx on reports (status, created_at, id) where deleted_at is null;
create index reports_search_idx on reports using gin (search_text gin_trgm_ops) where deleted_at is null;
create index reports_author_idx on reports using gin (author_text gin_trgm_ops) where deleted_at is null;
create unique index reports_document_key on reports (document_id) where document_id is not null;
create index reports_deleted_at_idx on reports (deleted_at) where deleted_at is not null;
`;

const permissions = /* sql */ `
insert into permissions (resource, action, description) values
  ('clients', 'read', 'Lire les clients'), ('clients', 'write', 'Modifier les clients'),
  ('clients', '*', 'Lire et modifier les clients'),
  ('interventions', 'read', 'Lire les interventions'), ('interventions', 'write', 'Modifier les interventions'),
  ('interventions', '*', 'Lire et modifier les interventions'),
  ('appointments', 'read', 'Lire le planning'), ('appointments', 'write', 'Modifier le planning'),
  ('appointments', '*', 'Lire et modifier le planning'),
  ('media', 'read', 'Lire les médias'), ('media', 'write', 'Modifier les médias'),
  ('media', '*', 'Lire et modifier les médias'),
  ('reports', 'read', 'Lire les rapports'), ('reports', 'write', 'Modifier les rapports'),
  ('reports', '*', 'Lire et modifier les rapports'),
  ('webhooks', 'write', 'Recevoir les événements documentés par webhook'),
  ('webhooks', '*', 'Recevoir les événements documentés par webhook'),
  ('integrations', 'read', 'Lire les intégrations'), ('integrations', 'write', 'Modifier les intégrations'),
  ('integrations', '*', 'Lire et modifier les intégrations')
on conflict do nothing;

insert into role_permissions (role_id, permission_id)
select r.id, p.id
  from (values
    ('manager', 'clients:*'), ('manager', 'interventions:*'), ('manager', 'appointments:*'), ('manager', 'media:*'),
    ('manager', 'reports:*'), ('manager', 'webhooks:*'), ('manager', 'integrations:*'),
    ('technicien', 'clients:read'), ('technicien', 'interventions:*'), ('technicien', 'appointments:*'),
    ('technicien', 'media:*'), ('technicien', 'reports:*'),
    ('consultant', 'clients:read'), ('consultant', 'interventions:read'), ('consultant', 'appointments:read'),
    ('consultant', 'media:read'), ('consultant', 'reports:read'),
    ('lecteur', 'clients:read'), ('lecteur', 'interventions:read'), ('lecteur', 'appointments:read'),
    ('lecteur', 'media:read'), ('lecteur', 'reports:read')) g (role, permission)
  join roles r on r.name = g.role join permissions p on p.name = g.permission
on conflict do nothing;
`;
