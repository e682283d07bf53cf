import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Tells every process when what a credential stands for has changed. */
export class Migration0009 extends Migration {
  override up(): void {
    for (const statement of statementsOf(triggers)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changed = (...columns: string[]): string =>
  columns.map((column) => `old.${column} is distinct from new.${column}`).join(' or ');

/**
 * What may take something away from a credential that holds, or add to it. A new person, session, token or key is none of
 * anybody's yet. A session only ever lives on by being used; the end of an access token's does not matter.
 */
const updates = {
  users: changed('id', 'is_active'),
  sessions: `${changed('id', 'user_id', 'kind', 'token_hash', 'revoked_at')} or new.expires_at < old.expires_at`,
  api_tokens: changed('id', 'user_id', 'token_hash', 'scopes', 'expires_at', 'revoked_at'),
  api_keys: changed(
    'id',
    'user_id',
    'key_hash',
    'scopes',
    'limit_per_minute',
    'limit_per_day',
    'limit_per_month',
    'status',
    'expires_at',
  ),
  role_assignments: changed('user_id', 'role_id', 'valid_from', 'valid_to'),
  role_permissions: changed('role_id', 'permission_id'),
  roles: changed('id', 'name'),
  permissions: changed('id', 'resource', 'action'),
};
const grantingTables = ['role_assignments', 'role_permissions'];

// By row, so that a statement that finds nothing to change tells nothing. The semicolons within stand amid their lines.
const triggers = /* sql */ `
create function tell_credentials_changed() returns trigger language plpgsql as
  $$ begin perform pg_notify('passerelle_credentials', ''); raise info 'passerelle_credentials'; return null; end $$;
${Object.entries(updates)
  .map(
    ([table, when]) => `
create trigger credentials_changed after update on ${table} for each row when (${when}) execute function tell_credentials_changed();
create trigger credentials_gone after delete on ${table} for each row execute function tell_credentials_changed();
create trigger credentials_emptied after truncate on ${table} for each statement execute function tell_credentials_changed();
`,
  )
  .join(
    '',
  )}${grantingTables.map((table) => `create trigger credentials_granted after insert on ${table} for each row execute function tell_credentials_changed();\n`).join('')}`;
