import { Migration } from '@mikro-orm/migrations';

/** Who corrects a document under approval may decide it, unless they own it or raised its amount; no needs no words. */
export class Migration0012 extends Migration {
  override up(): void {
    this.addSql(`alter table approvals add column barred_ids int[] not null default '{}'`);
    this.addSql('update approvals set barred_ids = array[changed_by_id] where changed_by_id is not null');
    this.addSql('alter table approvals drop constraint approvals_rejection');
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}
