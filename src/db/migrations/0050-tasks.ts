import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Tasks with their runs, alerts about those that do not succeed, and reminders of appointments. */
export class Migration0050 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
create table tasks (
  id text primary key check (id ~ '^[a-z][a-z0-9_-]{0,63}$'),
  name text not null check (length(name) between 1 and 200),
  type text not null check (type in ('interval', 'scheduled', 'date')),
  interval_seconds int check (interval_seconds > 0),
  schedule text,
  time_zone text,
  run_at timestamptz,
  action text not null,
  params jsonb not null default '{}' check (jsonb_typeof(params) = 'object'),
  status text not null default 'scheduled'
    check (status in ('scheduled', 'running', 'paused', 'failed', 'completed')),
  overlap text not null default 'skip' check (overlap in ('skip', 'wait')),
  missed_runs text not null default 'once' check (missed_runs in ('once', 'skip')),
  time_limit_seconds int not null default 3600 check (time_limit_seconds between 1 and 86400),
  retry_limit int not null default 0 check (retry_limit between 0 and 10),
  retry_delay_seconds int not null default 60 check (retry_delay_seconds between 1 and 86400),
  alert_after_seconds int check (alert_after_seconds > 0),
  -- From when on it should have succeeded, should it never have.
  alert_since timestamptz not null default now(),
  -- The server's own: these are never deleted.
  is_system boolean not null default false,
  -- Only failures of what the clock began are told: it runs too often for the log of events.
  is_quiet boolean not null default false,
  plugin_id text,
  -- What the plugin asked for when it was last looked at: until it asks for something else, what people set stays.
  plugin_declares jsonb,
  -- null: it is paused, or nothing is left to be done.
  next_run_at timestamptz,
  last_run_at timestamptz,
  last_success_at timestamptz,
  success_count int not null default 0,
  failure_count int not null default 0,
  skipped_count int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tasks_when check (
    (type = 'interval') = (interval_seconds is not null)
    and (type = 'scheduled') = (schedule is not null) and (type = 'scheduled') = (time_zone is not null)
    and (type = 'date') = (run_at is not null)),
  constraint tasks_paused check (status <> 'paused' or next_run_at is null)
);
create index tasks_due_idx on tasks (next_run_at) where next_run_at is not null;
create index tasks_name_idx on tasks (name, id);
create index tasks_next_run_idx on tasks (coalesce(next_run_at, '-infinity'), id);
create index tasks_last_run_idx on tasks (coalesce(last_run_at, '-infinity'), id);
create index tasks_created_at_idx on tasks (created_at, id);
create index tasks_plugin_idx on tasks (plugin_id) where plugin_id is not null;

create table task_runs (
  id int generated always as identity primary key,
  task_id text not null references tasks on delete cascade,
  status text not null check (status in ('running', 'success', 'failure', 'skipped')),
  -- null: somebody asked for it.
  due_at timestamptz,
  started_by_id int references users,
  started_at timestamptz not null,
  finished_at timestamptz,
  is_late boolean not null default false,
  -- How often it was begun.
  attempt int not null default 0,
  -- Of those, how often it failed by itself: a process that ended is no fault of the action.
  failures int not null default 0,
  -- Raised when somebody else is to go on with it: who holds an older one has lost it.
  lease int not null default 0,
  -- A process that has not been heard of by then is dead; before the first attempt, or between two, when it is due.
  leased_until timestamptz,
  log jsonb not null default '[]',
  error text,
  constraint task_runs_finished check ((status = 'running') = (finished_at is null)),
  constraint task_runs_leased check ((status = 'running') = (leased_until is not null))
);
-- One run at a time, over any number of processes.
create unique index task_runs_one_running on task_runs (task_id) where status = 'running';
-- One run for each time that it is due.
create unique index task_runs_due_key on task_runs (task_id, due_at) where due_at is not null;
create index task_runs_leased_idx on task_runs (leased_until) where status = 'running';
create index task_runs_task_idx on task_runs (task_id, id);
create index task_runs_task_status_idx on task_runs (task_id, status, id);
create index task_runs_status_idx on task_runs (status, id);
create index task_runs_late_idx on task_runs (id) where is_late;
create index task_runs_finished_idx on task_runs (finished_at) where finished_at is not null;
create index task_runs_started_by_idx on task_runs (started_by_id) where started_by_id is not null;

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check
  check (kind in ('slow_responses', 'failure_rate', 'webhook_failures', 'task_overdue'));
alter table alerts drop constraint alerts_subject_kind_check;
alter table alerts add constraint alerts_subject_kind_check
  check (subject_kind in ('server', 'route', 'operation', 'webhook', 'task'));

-- The beginning that was reminded of: one that is moved is reminded of again.
alter table appointments add column reminded_of timestamptz;
create index appointments_to_remind_idx on appointments (starts_at)
 where reminder_hours > 0 and status in ('planned', 'confirmed') and deleted_at is null;

insert into permissions (resource, action, description, is_system) values
  ('tasks', 'read', 'Lire les tâches planifiées et leur historique', true),
  ('tasks', 'manage', 'Créer, modifier, exécuter et suspendre les tâches planifiées', true)
on conflict (name) do update set is_system = true;
`;
