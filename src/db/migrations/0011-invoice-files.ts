import { Migration } from '@mikro-orm/migrations';

/** The key of an invoice's PDF follows from its number, a draft's from what it shows: no row keeps it. */
export class Migration0011 extends Migration {
  override up(): void {
    this.addSql('alter table invoices drop column pdf_key');
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}
