import { Migration } from '@mikro-orm/migrations';

/** Where people count their days. */
export class Migration0024 extends Migration {
  override up(): void {
    // Null: in the server's time zone.
    this.addSql('alter table users add column time_zone text');
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}
