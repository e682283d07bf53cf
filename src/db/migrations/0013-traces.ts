import { Migration } from '@mikro-orm/migrations';

/** The trace that an event belongs to, for what is done because of it. */
export class Migration0013 extends Migration {
  override up(): void {
    this.addSql('alter table events add column traceparent text');
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}
