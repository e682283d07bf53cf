import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

/** Notifications are worded in English too, and whoever is erased is found in them by the name that was written. */
export class Migration0065 extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ `
-- Null in what was made before.
alter table notifications add column english_title text check (english_title <> '');
alter table notifications add column english_message text;
alter table notifications add constraint notifications_english_check
  check ((english_title is null) = (english_message is null));
-- Who did it, as messages say it: ' par NAME', ' by NAME'. Null when that is nobody, or somebody who is erased.
alter table notifications add column actor_name text;

update notifications n set actor_name = u.username
  from users u where u.id = n.actor_id and u.erased_at is null;
-- Those of appointments began with the name, which an erasure did not find.
update notifications
   set actor_name = substring(message from '^(\\S+) (vous a attribué|a modifié|a supprimé) '),
       message = regexp_replace(regexp_replace(regexp_replace(message,
         '^(\\S+) vous a attribué un rendez-vous', 'Un rendez-vous vous a été attribué par \\1'),
         '^(\\S+) a modifié un de vos rendez-vous', 'Un de vos rendez-vous a été modifié par \\1'),
         '^(\\S+) a supprimé un de vos rendez-vous', 'Un de vos rendez-vous a été supprimé par \\1')
 where type = 'appointment' and actor_id is not null
   and message ~ '^\\S+ (vous a attribué un|a modifié un de vos|a supprimé un de vos) rendez-vous ';
update notifications n
   set message = replace(n.message, ' par ' || n.actor_name, ' par erased-' || u.id), actor_name = null
  from users u where u.id = n.actor_id and u.erased_at is not null and n.actor_name is not null;
`;
