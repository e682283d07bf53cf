import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Why an account is inactive; to whom a refresh token was given; which permissions the server itself asks for. */
export class Migration0018 extends Migration {
  override up(): void {
    for (const statement of statementsOf(tables)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const tables = /* sql */ `
-- Null of an inactive account: it was switched off.
alter table users add column inactive_reason text check (inactive_reason in ('suspended', 'pending'));
alter table users add constraint users_active_without_reason check (inactive_reason is null or not is_active);
create index users_inactive_reason_idx on users (inactive_reason, id) where inactive_reason is not null;

-- Null of a token from before: it is good once.
alter table refresh_tokens add column device_hash text;

create index api_keys_status_idx on api_keys (status, created_at, id);

alter table permissions add column is_system boolean not null default false;
update permissions set is_system = true where name in (
  '*:*', 'documents:read', 'documents:write', 'documents:own', 'documents:*', 'document_types:write',
  'document_types:*', 'tags:write', 'tags:*', 'correspondents:write', 'correspondents:*', 'invoices:read',
  'invoices:write', 'invoices:*', 'users:read', 'users:write', 'roles:read', 'roles:write', 'events:read',
  'api_keys:read', 'api_keys:write', 'approval_rules:write', 'approval_rules:*', 'custom_fields:write',
  'custom_fields:*');
`;
