import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Roles begin and end with the day in the firm's time zone, which each session says (orm-options.ts). */
export class Migration0060 extends Migration {
  override up(): void {
    for (const statement of statementsOf(functions)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const functions = /* sql */ `
-- Where a session says nothing, as in psql, days are those of UTC.
create function firm_time_zone() returns text language sql stable parallel safe as
  $$ select coalesce(nullif(current_setting('passerelle.time_zone', true), ''), 'UTC') $$;
create function firm_day() returns date language sql stable parallel safe as
  $$ select (now() at time zone firm_time_zone())::date $$;
-- When the day ends.
create function firm_midnight() returns timestamptz language sql stable parallel safe as
  $$ select (firm_day() + 1)::timestamp at time zone firm_time_zone() $$;
-- Who holds which role today.
create or replace view user_roles as
  select distinct user_id, role_id from role_assignments
   where coalesce(valid_from, '-infinity') <= firm_day() and coalesce(valid_to, 'infinity') >= firm_day();
`;
