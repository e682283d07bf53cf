import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import { sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import { notFound } from '../../lib/errors.js';
import type { Appointment } from './appointment.entity.js';
import { appointmentReads } from './appointment.reads.js';
import { openFeedSecret } from './calendar/manage-feeds.js';

/** The appointment of an intervention that a field of the graph asks for. */
interface AskedAppointment {
  interventionId: string;
  info: GraphQLResolveInfo;
}

export const planningLoaders = {
  /** The next of an intervention's appointments that is not cancelled, else the last: two statements a field. */
  appointmentOfIntervention: ({
    db,
    read,
    services,
  }: LoaderScope): DataLoader<AskedAppointment, Appointment | undefined> =>
    new DataLoader(async (asked) => {
      const interventionIds = asked.map(({ interventionId }) => interventionId);
      const rows = await db.all<{ interventionId: string; id: string }>(sql`
        select distinct on (intervention_id) intervention_id as "interventionId", id from appointments
         where intervention_id = any(${interventionIds}::uuid[]) and deleted_at is null
         order by intervention_id, status = 'cancelled', ends_at < ${services.now()}::timestamptz,
                  case when ends_at < ${services.now()}::timestamptz then starts_at end desc, starts_at, id`);
      const ids = new Map(rows.map(({ interventionId, id }) => [interventionId, id]));
      const found = new Map<AskedAppointment, Appointment | undefined>();
      for (const ofField of Map.groupBy(asked, ({ info }) => info.fieldNodes[0]).values()) {
        const having = ofField.filter(({ interventionId }) => ids.has(interventionId));
        const wanted = having.map(({ interventionId }) => ids.get(interventionId) as string);
        const appointments = wanted.length
          ? await read.each(appointmentReads, wanted, (having[0] as AskedAppointment).info)
          : [];
        for (const [index, each] of having.entries()) found.set(each, appointments[index]);
      }
      return asked.map((each) => found.get(each));
    }),

  /** The secrets of feeds that the viewer was shown; undefined for one that cannot be read any more. */
  calendarFeedSecret: ({ db, services }: LoaderScope): DataLoader<string, string | undefined> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ id: string; secret: string }>(
        sql`select id, secret from calendar_feeds where id = any(${ids}::uuid[])`,
      );
      const byId = new Map(rows.map(({ id, secret }) => [id, secret]));
      return ids.map((id): string | undefined | Error => {
        const sealed = byId.get(id);
        return sealed === undefined ? notFound('CalendarFeed') : openFeedSecret(services.sealer, id, sealed);
      });
    }),
};

export type PlanningLoaders = LoadersOf<typeof planningLoaders>;
