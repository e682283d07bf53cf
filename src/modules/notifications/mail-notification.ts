import { sql } from '../../db/sql.js';
import type { Context } from '../../kernel/context.js';

interface Mailing {
  type: string;
  title: string;
  message: string;
  link: string | null;
  createdAt: string;
  name: string;
  address: string;
}

/**
 * Mails a notification to its person, unless it was mailed, is gone, or the person is inactive or has opted out by now.
 * A process that dies between the server's consent and our note of it mails twice, under the same Message-ID.
 * Throws when the mail server does not take it; the queue then tries again.
 */
export async function mailNotification(
  { db, services }: Context,
  { notificationId }: { notificationId: number },
): Promise<void> {
  const { mailer, config, now } = services;
  if (!mailer) return;
  const mailing = await db.first<Mailing>(sql`
    select n.type, n.title, n.message, n.link, extract(epoch from n.created_at)::bigint::text as "createdAt",
            coalesce(nullif(u.full_name, ''), u.username) as name, u.email as address
       from notifications n join users u on u.id = n.user_id
       left join notification_preferences p on p.user_id = n.user_id and p.type = n.type
      where n.id = ${notificationId} and n.mailed_at is null and u.is_active and coalesce(p.by_mail, true)
        -- A name that never leads anywhere (RFC 2606): people made up for a demonstration.
        and u.email not like '%.invalid'`);
  if (!mailing) return;
  const { title, message, link, createdAt, name, address } = mailing;
  await mailer.send({
    to: { name, address },
    subject: title,
    text: [`Bonjour ${name},`, message, ...(link ? [`${config.publicUrl}/console${link}`] : []), farewell].join('\n\n'),
    messageId: `<notification-${notificationId}-${createdAt}@${new URL(config.publicUrl).hostname}>`,
  });
  await db.run(sql`update notifications set mailed_at = ${now()} where id = ${notificationId}`);
}

const farewell = `-- 
Message automatique de Passerelle, merci de ne pas y répondre.
Les types de notification envoyés par courriel se choisissent dans vos préférences.
`;
