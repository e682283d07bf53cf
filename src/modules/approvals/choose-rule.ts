import type { Transaction } from '../../db/sql-client.js';
import { raw, sql } from '../../db/sql.js';

/** What the approval of a document needs. */
export interface Demand {
  ruleId: number | null;
  level: number | null;
  hours: number;
  startsOnCreation: boolean;
}

/** Without a rule that fits: any validator, within three days (DECISIONS.md, section 5). */
const noRule: Demand = { ruleId: null, level: null, hours: 72, startsOnCreation: false };

const fitting = raw(`r.is_active and (r.document_type_id is null or r.document_type_id = d.document_type_id)
  and (r.currency is null or r.currency = d.currency)
  and (r.min_amount is null or d.amount is null or d.amount >= r.min_amount)
  and (r.below_amount is null or d.amount < r.below_amount)`);
const mostSpecificFirst = raw(
  'r.document_type_id nulls last, r.currency nulls last, r.min_amount desc nulls last, r.id',
);

/** The most specific active rule that fits the document `d`, for whole statements. */
export const fittingRule = sql`select * from approval_rules r where ${fitting} order by ${mostSpecificFirst} limit 1`;

/** The most specific active rule that fits a document, as the description of ApprovalRule says. */
export async function chooseRule(tx: Transaction, documentId: number): Promise<Demand> {
  const rule = await tx.first<Demand>(sql`
    select r.id as "ruleId", r.level, r.hours, r.starts_on_creation as "startsOnCreation"
      from documents d cross join lateral (${fittingRule}) r where d.id = ${documentId}`);
  return rule ?? noRule;
}

/**
 * How long a level has for a document that was escalated to it: by a rule of that level for the type, otherwise by the
 * document's own rule.
 */
export async function hoursOfLevel(tx: Transaction, documentId: number, level: number): Promise<number> {
  const rule = await tx.first<{ hours: number }>(sql`
    select r.hours from documents d join approval_rules r
        on r.is_active and r.level = ${level}
       and (r.document_type_id is null or r.document_type_id = d.document_type_id)
     where d.id = ${documentId} order by r.document_type_id nulls last, r.id limit 1`);
  return rule?.hours ?? (await chooseRule(tx, documentId)).hours;
}
