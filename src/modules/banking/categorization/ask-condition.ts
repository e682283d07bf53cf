/**
 * Whether the conditions of categorisation rules hold. Also loaded in a process of its own (see
 * `categorization-worker.ts`), so the words of the enums stand here as texts.
 */
import { fold } from '../../../lib/fold.js';
import { moneyScale, parseDecimal } from '../../../lib/money.js';
import type { CategorizationField, CategorizationOperator } from './condition.js';

/** As it is stored; see `condition.ts`. */
export interface StoredCondition {
  field: `${CategorizationField}`;
  operator: `${CategorizationOperator}`;
  values: readonly string[];
}

/** What conditions look at. */
export interface ConditionFacts {
  accountId: number;
  /** Decimal text. */
  amount: string;
  /** Empty: there is none. */
  description: string;
}

type Operand = string | bigint;

/** A condition that is ready to be asked many times. */
export interface PreparedCondition {
  field: StoredCondition['field'];
  operator: StoredCondition['operator'];
  operands: ReadonlySet<Operand>;
}

export const prepareCondition = ({ field, operator, values }: StoredCondition): PreparedCondition => ({
  field,
  operator,
  operands: new Set(operator === 'exists' ? values : values.map((value) => operandOf(field, value))),
});

/** The facts as conditions compare them; undefined for what is missing. */
export type PreparedFacts = Readonly<Record<StoredCondition['field'], Operand | undefined>>;

export const prepareFacts = ({ accountId, amount, description }: ConditionFacts): PreparedFacts => ({
  description: fold(description) || undefined,
  account_id: String(accountId),
  amount: operandOf('amount', amount),
});

function operandOf(field: StoredCondition['field'], value: string): Operand {
  if (field === 'description') return fold(value);
  return field === 'account_id' ? value : (parseDecimal(value, moneyScale) ?? value);
}

/** Whether a condition holds. A fact that is missing holds nothing but that it does not exist. */
export function holds({ field, operator, operands }: PreparedCondition, facts: PreparedFacts): boolean {
  const actual = facts[field];
  const [operand = ''] = operands;
  if (operator === 'exists') return (actual !== undefined) === (operand !== 'false');
  if (actual === undefined) return false;
  const text = String(actual);
  switch (operator) {
    case 'equals':
      return actual === operand;
    case 'not_equals':
      return actual !== operand;
    case 'contains':
      return text.includes(String(operand));
    case 'not_contains':
      return !text.includes(String(operand));
    case 'starts_with':
      return text.startsWith(String(operand));
    case 'greater_than':
      return actual > operand;
    case 'less_than':
      return actual < operand;
    case 'in':
      return operands.has(actual);
  }
}
