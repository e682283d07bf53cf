import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/**
 * What notifications are about is declared by the modules: the database checks its form and keeps no list of its own.
 */
export class Migration0010 extends Migration {
  override up(): void {
    for (const statement of statementsOf(constraints)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const constraints = /* sql */ `
alter table notifications drop constraint notifications_type_check;
alter table notifications add constraint notifications_type_check check (type ~ '^[a-z][a-z0-9_]*$');
alter table notification_preferences drop constraint notification_preferences_type_check;
alter table notification_preferences
  add constraint notification_preferences_type_check check (type ~ '^[a-z][a-z0-9_]*$');
`;
