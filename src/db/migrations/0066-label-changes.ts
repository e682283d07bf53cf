import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Tells every process when what documents are filed by has changed, so that its lists may be kept until then. */
export class Migration0066 extends Migration {
  override up(): void {
    for (const statement of statementsOf(triggers)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = ['tags', 'correspondents', 'document_types', 'custom_fields'];

// The semicolons within stand amid their lines.
const triggers = /* sql */ `
create function tell_labels_changed() returns trigger language plpgsql as
  $$ begin perform pg_notify('passerelle_labels', ''); raise info 'passerelle_labels'; return null; end $$;
${tables
  .map(
    (table) => `
create trigger labels_changed after insert or update or delete or truncate on ${table} for each statement execute function tell_labels_changed();
`,
  )
  .join('')}`;
