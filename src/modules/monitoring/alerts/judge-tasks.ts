import type { SqlRunner } from '../../../db/sql-client.js';
import { sql } from '../../../db/sql.js';
import type { EndedAlert, UpAlert, Verdict } from './judge-figures.js';

/**
 * What is to be raised and ended of tasks: one is overdue when it has not succeeded for as long as it says. What counts
 * begins anew when it is resumed or set to other times. By the database's clock, as tasks are.
 */
export async function judgeTasks(db: SqlRunner, up: readonly UpAlert[]): Promise<Verdict> {
  const ofTasks = up.filter(({ kind }) => kind === 'task_overdue');
  const watched = await db.all<{ id: string; seconds: number; threshold: number; isOverdue: boolean }>(sql`
    select w.id, w.seconds, w.threshold, w.seconds > w.threshold as "isOverdue" from (
      select id, alert_after_seconds as threshold,
             extract(epoch from now() - greatest(last_success_at, alert_since))::float8 as seconds
        from tasks
       where alert_after_seconds is not null and status not in ('paused', 'completed')
          or id = any(${ofTasks.map(({ subjectName }) => subjectName)}::text[])) w
     order by w.id`);
  const known = new Set(ofTasks.map(({ subjectName }) => subjectName));
  const unwatched = ofTasks.length ? await unwatchedOf(db, ofTasks) : new Map<string, EndedAlert['reason']>();
  const overdue = new Map(watched.map((task) => [task.id, task]));
  return {
    raised: watched
      .filter(({ id, isOverdue }) => isOverdue && !known.has(id))
      .map(({ id, seconds, threshold }) => ({
        kind: 'task_overdue',
        subjectKind: 'task',
        subjectName: id,
        value: seconds,
        threshold,
        requestCount: null,
        deliveryId: null,
      })),
    ended: ofTasks.flatMap((alert): EndedAlert[] => {
      const reason = unwatched.get(alert.subjectName);
      if (reason) return [{ ...alert, reason, value: null }];
      const task = overdue.get(alert.subjectName);
      return task && !task.isOverdue ? [{ ...alert, reason: 'recovered', value: task.seconds }] : [];
    }),
  };
}

/** Of the alerts that are up: the tasks that are gone, or that nobody wants to hear of any more. */
async function unwatchedOf(db: SqlRunner, up: readonly UpAlert[]): Promise<Map<string, EndedAlert['reason']>> {
  const rows = await db.all<{ id: string; reason: EndedAlert['reason'] }>(sql`
    select u.id, case when t.id is null then 'deleted' else 'disabled' end as reason
      from unnest(${up.map(({ subjectName }) => subjectName)}::text[]) u (id) left join tasks t on t.id = u.id
     where t.id is null or t.status in ('paused', 'completed') or t.alert_after_seconds is null`);
  return new Map(rows.map(({ id, reason }) => [id, reason]));
}
