import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

export class Migration0014 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
-- What happened to a document, for whoever sees the document: of what an event carries, only the names of the changed
-- fields. By the event's id: changes of one document wait for each other, so that ids grow in the order of their commits.
create view document_history as
  select e.id,
         case when e.subject_type = 'Document' then e.subject_id::int end as document_id,
         e.type,
         e.occurred_at,
         coalesce(nullif(u.full_name, ''), u.username) as actor_name,
         case when jsonb_typeof(e.data->'fields') = 'array'
              then jsonb_path_query_array(e.data->'fields', '$[*] ? (@.type() == "string")')
              else '[]' end as fields
    from events e left join users u on u.id = e.actor_id
   where e.subject_type = 'Document';
create index events_document_idx on events ((case when subject_type = 'Document' then subject_id::int end), id)
  where subject_type = 'Document';
`;
