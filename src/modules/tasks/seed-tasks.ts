import { json, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { nextRun } from './schedule/next-runs.js';
import { TaskType } from './task.entity.js';

interface SystemTask {
  id: string;
  name: string;
  schedule: string;
  timeLimitSeconds: number;
  /** null where nothing would look. */
  alertAfterSeconds: number | null;
  isQuiet: boolean;
}

const day = 86_400;

/** Each is called after its action. */
const systemTasks: readonly SystemTask[] = [
  {
    id: 'cleanup_logs',
    name: 'Nettoyage des logs',
    schedule: '0 0 * * *',
    timeLimitSeconds: 6 * 3600,
    alertAfterSeconds: 3 * day,
    isQuiet: false,
  },
  {
    id: 'purge_trash',
    name: 'Vidage de la corbeille',
    schedule: '40 2 * * *',
    timeLimitSeconds: 6 * 3600,
    alertAfterSeconds: 3 * day,
    isQuiet: false,
  },
  {
    id: 'send_reminders',
    name: 'Envoi des rappels',
    schedule: '*/5 * * * *',
    timeLimitSeconds: 300,
    alertAfterSeconds: 3600,
    isQuiet: true,
  },
  {
    // Each quarter of an hour, so that a day begins on time in every time zone.
    id: 'run_recurrences',
    name: 'Opérations récurrentes',
    schedule: '*/15 * * * *',
    timeLimitSeconds: 3600,
    alertAfterSeconds: 4 * 3600,
    isQuiet: true,
  },
  {
    // What a run missed, the next one sees.
    id: 'check_alerts',
    name: 'Contrôle des alertes',
    schedule: '* * * * *',
    timeLimitSeconds: 300,
    alertAfterSeconds: null,
    isQuiet: true,
  },
];

/** Adds the server's own tasks that are not there yet; those that are stay as administrators have set them. */
export async function seedTasks({ db, services }: Pick<CommandContext, 'db' | 'services'>): Promise<void> {
  const { timeZone } = services.config;
  const times = { type: TaskType.SCHEDULED, intervalSeconds: null, timeZone, runAt: null };
  const now = new Date();
  const rows = systemTasks.map((task) => ({
    ...task,
    nextRunAt: nextRun({ ...times, schedule: task.schedule }, now, now),
  }));
  await db.run(sql`
    insert into tasks (id, name, type, schedule, time_zone, action, time_limit_seconds, alert_after_seconds, is_quiet,
                       is_system, next_run_at)
    select s.id, s.name, 'scheduled', s.schedule, ${timeZone}, s.id, s."timeLimitSeconds", s."alertAfterSeconds",
           s."isQuiet", true, s."nextRunAt"
      from jsonb_to_recordset(${json(rows)})
           s (id text, name text, schedule text, "timeLimitSeconds" int, "alertAfterSeconds" int, "isQuiet" boolean,
              "nextRunAt" timestamptz)
    on conflict (id) do nothing`);
}
