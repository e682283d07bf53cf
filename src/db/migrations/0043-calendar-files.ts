import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Calendars that programs follow read what is in the trash too, which the indexes of lists leave out. */
export class Migration0043 extends Migration {
  override up(): void {
    for (const statement of statementsOf(indexes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const indexes = /* sql */ `
create index appointments_calendar_idx on appointments (starts_at);
create index appointments_technician_key_idx on appointments (technician_key, starts_at) where technician_key is not null;
create index intervention_technicians_name_idx on intervention_technicians (search_fold(name));
`;
