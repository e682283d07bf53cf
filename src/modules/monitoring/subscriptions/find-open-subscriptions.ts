import { raw, sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import type { OpenSubscription } from './open-subscription.types.js';

export const mostListed = 100;
/** What was not heard of for so long is of a process that is gone. */
const heardSeconds = 15;

type Found = Omit<OpenSubscription, 'user'> & { userId: number };

/** Those that lag most first. From the primary: a replica has no table that is not logged. */
export const findOpenSubscriptions = ({ db }: Pick<Context, 'db'>): Promise<Found[]> =>
  db.all<Found>(sql`
    select id, user_id as "userId", operation, transport, process as "processId",
           ${raw(isoSecondsSql('started_at'))} as "startedAt", position,
           least(lag_events, 2147483647)::int as "lagEvents", lag_seconds as "lagSeconds"
      from open_subscriptions
     where heard_at > now() - make_interval(secs => ${heardSeconds}::int) and not is_ending
     order by lag_events desc, started_at limit ${raw(String(mostListed))}`);
