import type { SqlEntityManager } from '@mikro-orm/sql';
import { isoSecondsSql } from '../../../lib/postgres-text.js';

/** What the export shows of each thing, by its key in the JSON. In each, `me.id` is the person. */
export type PersonalData = Record<string, unknown> & { documents: unknown[]; apiTokens: unknown[]; apiKeys: unknown[] };

const at = (column: string, name: string): string => `${isoSecondsSql(column)} as "${name}"`;

const person = `
  select u.id, u.uuid, u.username, u.email, u.first_name as "firstName", u.last_name as "lastName", u.phone, u.street, u.city,
         u.postal_code as "postalCode", u.country, u.is_active as "isActive", ${at('u.last_login_at', 'lastLoginAt')},
         ${at('u.created_at', 'createdAt')}, ${at('u.updated_at', 'updatedAt')}
    from users u where u.id = me.id`;

const consent = `
  select u.consent_version as version, ${at('u.consented_at', 'consentedAt')} from users u where u.id = me.id and u.consented_at is not null`;

const secondFactor = `
  select ${at('f.confirmed_at', 'confirmedAt')}, ${at('f.created_at', 'createdAt')},
         (select count(*) from recovery_codes c where c.user_id = me.id and c.used_at is null) as "recoveryCodesLeft"
    from second_factors f where f.user_id = me.id`;

/** Rows, in an order that does not change. */
const lists = {
  roles: `
    select r.name, a.scope, a.max_amount as "maxAmount", a.currency, a.valid_from as "validFrom", a.valid_to as "validTo", ${at('a.created_at', 'assignedAt')}
      from role_assignments a join roles r on r.id = a.role_id where a.user_id = me.id order by a.id`,
  sessions: `
    select s.id, s.kind, s.ip, s.user_agent as "userAgent", ${at('s.created_at', 'createdAt')}, ${at('s.last_used_at', 'lastUsedAt')},
           ${at('s.expires_at', 'expiresAt')}, ${at('s.revoked_at', 'revokedAt')}
      from sessions s where s.user_id = me.id and s.kind <> 'ceremony' order by s.created_at, s.id`,
  devices: `
    select d.id, d.ip, d.user_agent as "userAgent", ${at('d.created_at', 'createdAt')}, ${at('d.last_used_at', 'lastUsedAt')}, ${at('d.revoked_at', 'revokedAt')}
      from known_devices d where d.user_id = me.id order by d.created_at, d.id`,
  passkeys: `
    select p.id, p.name, p.is_backed_up as "isBackedUp", ${at('p.created_at', 'createdAt')}, ${at('p.last_used_at', 'lastUsedAt')}
      from passkeys p where p.user_id = me.id order by p.id`,
  apiTokens: `
    select t.id, t.name, t.prefix, t.scopes, ${at('t.created_at', 'createdAt')}, ${at('t.last_used_at', 'lastUsedAt')},
           ${at('t.expires_at', 'expiresAt')}, ${at('t.revoked_at', 'revokedAt')}
      from api_tokens t where t.user_id = me.id order by t.id`,
  apiKeys: `
    select k.id, k.name, k.description, k.prefix, k.scopes, k.status, k.limit_per_minute as "limitPerMinute", k.limit_per_day as "limitPerDay",
           k.limit_per_month as "limitPerMonth", ${at('k.created_at', 'createdAt')}, ${at('k.last_used_at', 'lastUsedAt')}, ${at('k.expires_at', 'expiresAt')},
           (select coalesce(sum(g.requests), 0) from api_key_usage g where g.api_key_id = k.id) as requests
      from api_keys k where k.user_id = me.id order by k.created_at, k.id`,
  documents: `
    select d.id, d.title, d.original_filename as "originalFilename", d.file_size as "sizeBytes", d.mime_type as "mimeType", d.content_hash as "sha256",
           d.content_key as "contentKey", y.label as type, c.name as correspondent, d.document_date as "documentDate", d.amount, d.currency, d.asn,
           ${at('d.created_at', 'createdAt')}, ${at('d.updated_at', 'updatedAt')}, ${at('d.deleted_at', 'trashedAt')},
           array(select t.name from document_tags dt join tags t on t.id = dt.tag_id where dt.document_id = d.id order by t.id) as tags,
           -- Whoever shares a document sees the names of those it is shared with.
           (select coalesce(json_agg(json_build_object('userId', w.id, 'fullName', w.full_name) order by w.id), '[]')
              from document_shares s join users w on w.id = s.user_id where s.document_id = d.id) as "sharedWith"
      from documents d left join document_types y on y.id = d.document_type_id left join correspondents c on c.id = d.correspondent_id
     where d.owner_id = me.id order by d.id`,
  sharedWithMe: `
    select d.id, d.title from document_shares s join documents d on d.id = s.document_id
     where s.user_id = me.id and d.owner_id <> me.id and d.deleted_at is null order by d.id`,
  /** Others' drafts are not shown to who they would bill, and what is known of a buyer is that buyer's. */
  invoices: `
    select i.id, i.number, i.status, i.customer_id as "customerId", i.created_by_id as "createdById", i.currency,
           i.total_excluding_tax as "totalExcludingTax", i.total_tax as "totalTax", i.total, ${at('i.issued_at', 'issuedAt')}, i.due_at as "dueAt",
           ${at('i.paid_at', 'paidAt')}, i.document_id as "documentId", case when i.customer_id = me.id then i.buyer end as buyer,
           ${at('i.created_at', 'createdAt')}, ${at('i.updated_at', 'updatedAt')},
           (select coalesce(json_agg(json_build_object('description', l.description, 'quantity', l.quantity, 'unitPrice', l.unit_price,
                     'vatRate', l.vat_rate, 'total', l.total) order by l.position), '[]')
              from invoice_lines l where l.invoice_id = i.id) as lines
      from invoices i where i.created_by_id = me.id or (i.customer_id = me.id and i.status <> 'draft') order by i.id`,
  /** What the person did, and what was done to their account; an address only where it may be the person's. */
  accessLog: `
    select e.position, e.type, ${at('e.occurred_at', 'occurredAt')}, e.subject_type as "subjectType", e.subject_id as "subjectId",
           coalesce(e.actor_id = me.id, false) as "byThePerson", case when coalesce(e.actor_id, me.id) = me.id then e.ip end as ip
      from events e where e.actor_id = me.id or e.account_id = me.id order by e.id`,
};

/** All that the tables hold of a person, without secrets, of one moment; undefined when there is no such person, or no more. */
export async function personalData(em: SqlEntityManager, userId: number): Promise<PersonalData | undefined> {
  const one = (sql: string): string => `(select row_to_json(r) from (${sql}) r)`;
  const all = (sql: string): string => `(select coalesce(json_agg(r), '[]') from (${sql}) r)`;
  const parts = [
    ...Object.entries({ person, consent, secondFactor }).map(([key, sql]) => `'${key}', ${one(sql)}`),
    ...Object.entries(lists).map(([key, sql]) => `'${key}', ${all(sql)}`),
  ];
  // One statement is one snapshot: nothing that changes meanwhile is in one part and not in another.
  const [row] = await em.execute<{ data: string }[]>(
    `select json_build_object(${parts.join(', ')})::text as data from users me where me.id = ? and me.erased_at is null`,
    [userId],
  );
  return row && (JSON.parse(row.data) as PersonalData);
}
