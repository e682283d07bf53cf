/**
 * Who may decide what (DECISIONS.md, sections 5 and 7), said once. In the words of this file:
 *
 * - A *right* is an assignment of a role that has an approval level, valid on the firm's day, of an active person: the
 *   *holder*. A delegation lends the holder's rights to another active person, who is then its *user*; nobody lends on
 *   what was lent.
 * - An *obstacle* is why a right does not let its user decide an approval; a null obstacle means that it does. The
 *   obstacles are tried in the order of `obstacles`.
 *
 * Everything is SQL over rows of `approvals`, so that the pending list, `canDecide`, the check inside a decision and
 * the names in the events cannot differ.
 */
import type { SqlRunner } from '../../db/sql-client.js';
import { Bound, raw, sql } from '../../db/sql.js';
import type { Services } from '../../kernel/context.js';
import type { Bind } from '../../kernel/read-model.js';
import { dayIn } from '../../lib/zoned-day.js';
import { fittingRule } from './choose-rule.js';

/**
 * What rights are measured by: the day in the firm, and the currency that an amount is in when the document says none.
 */
export interface Measure {
  day: string;
  currency: string;
}

export const measureOf = ({ config, now }: Pick<Services, 'config' | 'now'>): Measure => ({
  day: dayIn(config.timeZone, now()),
  currency: config.currency,
});

export const obstacles = [
  'NOT_PENDING',
  'NO_ROLE',
  'OUT_OF_SCOPE',
  'LEVEL_TOO_LOW',
  'OTHER_CURRENCY',
  'AMOUNT_TOO_HIGH',
  'OWN_SUBMISSION',
] as const;
export type Obstacle = (typeof obstacles)[number];

/** The rights of a day, one row each: user_id, holder_id, role, level, scope, max_amount, currency. */
const rights = (bind: Bind, { day }: Measure): string => `(
  select w.user_id, w.holder_id, r.name as role, r.approval_level as level, ra.scope, ra.max_amount, ra.currency
    from (select id as user_id, id as holder_id from users
          union all
          select to_id, from_id from approval_delegations
           where revoked_at is null and valid_from <= ${bind(day)}::date and valid_to >= ${bind(day)}::date) w
    join users wu on wu.id = w.user_id and wu.is_active
    join users wh on wh.id = w.holder_id and wh.is_active
    join role_assignments ra on ra.user_id = w.holder_id
     and coalesce(ra.valid_from, '-infinity') <= ${bind(day)}::date
     and coalesce(ra.valid_to, 'infinity') >= ${bind(day)}::date
    join roles r on r.id = ra.role_id and r.approval_level is not null)`;

/** The obstacle between the approval `p` and the right `g`, whose columns are null when the person has none. */
const obstacleOf = (p: string, bind: Bind, { currency }: Measure): string => `case
  when ${p}.status <> 'pending' then 'NOT_PENDING'
  when g.user_id is null then 'NO_ROLE'
  when g.scope <> '*'
   and g.scope is distinct from (select code from document_types where id = ${p}.document_type_id) then 'OUT_OF_SCOPE'
  when g.level < ${p}.level then 'LEVEL_TOO_LOW'
  when ${p}.amount is not null
   and g.currency <> coalesce(${p}.currency, ${bind(currency)}::text) then 'OTHER_CURRENCY'
  when ${p}.amount > g.max_amount then 'AMOUNT_TOO_HIGH'
  when ${p}.submitted_by_id in (g.user_id, g.holder_id)
    or ${p}.barred_ids && array[g.user_id, g.holder_id] then 'OWN_SUBMISSION'
end`;

/** `rights` and `obstacleOf` for whole statements. */
const rightsOn = (measure: Measure): Bound => new Bound((bind) => rights(bind, measure));
const obstacle = (measure: Measure): Bound => new Bound((bind) => `(${obstacleOf('p', bind, measure)})`);

/** A condition on the approval `p`: the person may decide it now, as far as rights go. */
export const mayDecide = (p: string, userId: number, measure: Measure, bind: Bind): string =>
  `exists (select 1 from ${rights(bind, measure)} g
            where g.user_id = ${bind(userId)}::int and (${obstacleOf(p, bind, measure)}) is null)`;

/** The right that a person would decide with, or the obstacle of the one that comes nearest. */
export interface Standing {
  obstacle: Obstacle | null;
  /** Null with the obstacle NO_ROLE, and when there is nothing to decide. */
  role: string | null;
  maxAmount: string | null;
  currency: string | null;
  /** Whose right it is, when it is lent. */
  holderId: number | null;
}

/**
 * Where a person stands towards the approvals of documents, by the documents' ids. For a document that was never
 * submitted it is what its approval would be, since deciding it submits it in its owner's name. Of several rights that
 * allow it, one's own goes before a lent one, then the lowest level that suffices.
 */
export async function standingsOf(
  db: SqlRunner,
  userId: number,
  ids: readonly number[],
  measure: Measure,
): Promise<Map<number, Standing>> {
  const found = await db.all<Standing & { id: number }>(sql`
    select p.id, ${obstacle(measure)} as obstacle, g.role, g.max_amount::text as "maxAmount", g.currency,
           nullif(g.holder_id, g.user_id) as "holderId"
      from (select id, status, level, amount, currency, document_type_id, submitted_by_id, barred_ids
              from approvals where id = any(${ids}::int[])
            union all
            select d.id, 'pending', r.level, d.amount, d.currency, d.document_type_id, d.owner_id, '{}'
              from documents d left join lateral (${fittingRule}) r on true
             where d.id = any(${ids}::int[]) and not exists (select 1 from approvals where id = d.id)) p
           left join ${rightsOn(measure)} g on g.user_id = ${userId}::int
     order by (g.holder_id = g.user_id) desc, g.level, g.max_amount desc nulls first`);
  const distance = (standing: Standing): number =>
    standing.obstacle === null ? 0 : obstacles.length - obstacles.indexOf(standing.obstacle);
  const standings = new Map<number, Standing>();
  for (const { id, ...standing } of found) {
    const nearest = standings.get(id);
    if (!nearest || distance(standing) < distance(nearest)) standings.set(id, standing);
  }
  return standings;
}

/** True when the person has a right for documents of this type, whatever level and amount. */
export async function isValidatorFor(
  db: SqlRunner,
  userId: number,
  documentId: number,
  measure: Measure,
): Promise<boolean> {
  const found = await db.first(sql`
    select 1 from ${rightsOn(measure)} g where g.user_id = ${userId}::int
       and (g.scope = '*' or g.scope = (
             select t.code from documents d join document_types t on t.id = d.document_type_id
              where d.id = ${documentId}::int))
     limit 1`);
  return found !== undefined;
}

/** The people who may decide each of the approvals now and see its document, by approval id. */
export async function decidersOf(
  db: SqlRunner,
  ids: readonly number[],
  measure: Measure,
): Promise<Map<number, number[]>> {
  const rows = await db.all<{ id: number; userId: number }>(sql`
    select distinct p.id, g.user_id as "userId"
      from approvals p join documents d on d.id = p.id and d.deleted_at is null
           join ${rightsOn(measure)} g on ${obstacle(measure)} is null
     where p.id = any(${ids}::int[]) and (d.owner_id = g.user_id
       or exists (select 1 from document_shares s where s.document_id = d.id and s.user_id = g.user_id)
       or exists (select 1 from user_roles ur join role_permissions rp on rp.role_id = ur.role_id
                           join permissions pm on pm.id = rp.permission_id
                   where ur.user_id = g.user_id and pm.name in ('documents:read', 'documents:*', '*:read', '*:*')))
     order by 1, 2`);
  const byApproval = Map.groupBy(rows, ({ id }) => id);
  return new Map(ids.map((id) => [id, (byApproval.get(id) ?? []).map(({ userId }) => userId)]));
}

/**
 * The approvals that each person may decide, most urgent first, at most `limit` a person; whoever sees their documents.
 */
export async function pendingOf(
  db: SqlRunner,
  userIds: readonly number[],
  limit: number,
  measure: Measure,
): Promise<Map<number, number[]>> {
  const rows = await db.all<{ userId: number; id: number }>(sql`
    select u.id as "userId", l.id from unnest(${userIds}::int[]) u (id) cross join lateral (
      select p.id, p.deadline from approvals p where p.status = 'pending'
         and exists (select 1 from documents d where d.id = p.id and d.deleted_at is null)
         and exists (select 1 from ${rightsOn(measure)} g where g.user_id = u.id and ${obstacle(measure)} is null)
       order by p.deadline, p.id limit ${raw(String(limit))}) l
     order by 1, l.deadline, l.id`);
  const byUser = Map.groupBy(rows, ({ userId }) => userId);
  return new Map(userIds.map((id) => [id, (byUser.get(id) ?? []).map((row) => row.id)]));
}
