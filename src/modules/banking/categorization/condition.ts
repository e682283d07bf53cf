/** Conditions of categorisation rules: what may stand in one. Nothing here reads the database. */
import { registerEnumType } from 'type-graphql';
import type { FieldProblem } from '../../../lib/errors.js';
import { fold } from '../../../lib/fold.js';
import { fitsMoney, toAmount } from '../../../lib/money.js';
import { isRowId } from '../../../lib/row-id.js';

export enum CategorizationField {
  DESCRIPTION = 'description',
  ACCOUNT_ID = 'account_id',
  AMOUNT = 'amount',
}

export enum CategorizationOperator {
  EQUALS = 'equals',
  NOT_EQUALS = 'not_equals',
  CONTAINS = 'contains',
  NOT_CONTAINS = 'not_contains',
  STARTS_WITH = 'starts_with',
  GREATER_THAN = 'greater_than',
  LESS_THAN = 'less_than',
  IN = 'in',
  EXISTS = 'exists',
}

registerEnumType(CategorizationField, {
  name: 'CategorizationField',
  description: 'What of a transaction a condition looks at.',
  valuesConfig: {
    DESCRIPTION: { description: 'Its description, without regard to case, accents and runs of blanks.' },
    ACCOUNT_ID: { description: 'The number of its bank account.' },
    AMOUNT: { description: 'Its amount with its sign.' },
  },
});

registerEnumType(CategorizationOperator, {
  name: 'CategorizationOperator',
  description: 'How a condition compares. All but `EXISTS` are false where there is nothing to compare.',
  valuesConfig: {
    EQUALS: { description: 'It is the value.' },
    NOT_EQUALS: { description: 'It is something else.' },
    CONTAINS: { description: 'The value stands in it; descriptions only.' },
    NOT_CONTAINS: { description: 'The value does not stand in it; descriptions only.' },
    STARTS_WITH: { description: 'It begins with the value; descriptions only.' },
    GREATER_THAN: { description: 'It is more than the value; amounts only.' },
    LESS_THAN: { description: 'It is less than the value; amounts only.' },
    IN: { description: 'It is one of the values.' },
    EXISTS: { description: 'There is one; with the value `false`: there is none.' },
  },
});

/** As it is stored. */
export interface Condition {
  field: CategorizationField;
  operator: CategorizationOperator;
  /**
   * Text, decimal text or numbers of accounts: one, but for `in` any number, and for `exists` none, `true` or `false`.
   */
  values: readonly string[];
}

const { DESCRIPTION, ACCOUNT_ID, AMOUNT } = CategorizationField;
const { EQUALS, NOT_EQUALS, CONTAINS, NOT_CONTAINS, STARTS_WITH, GREATER_THAN, LESS_THAN, IN, EXISTS } =
  CategorizationOperator;

const operatorsOf: Record<CategorizationField, readonly CategorizationOperator[]> = {
  [DESCRIPTION]: [EQUALS, NOT_EQUALS, CONTAINS, NOT_CONTAINS, STARTS_WITH, IN, EXISTS],
  [ACCOUNT_ID]: [EQUALS, NOT_EQUALS, IN, EXISTS],
  [AMOUNT]: [EQUALS, NOT_EQUALS, GREATER_THAN, LESS_THAN, IN, EXISTS],
};

const most = { conditions: 10, values: 50, length: 200 } as const;

/** The conditions as they are stored. Adds every problem; whether the accounts exist is left to the caller. */
export function checkedConditions(conditions: readonly Condition[], problems: FieldProblem[]): Condition[] {
  if (conditions.length === 0)
    problems.push({ path: ['conditions'], code: 'required', message: 'must hold at least one' });
  if (conditions.length > most.conditions) {
    problems.push({ path: ['conditions'], code: 'too_long', message: `at most ${most.conditions} conditions` });
    return [];
  }
  return conditions.map(({ field, operator, values }, index) => {
    const path = ['conditions', String(index)];
    if (!operatorsOf[field].includes(operator))
      problems.push({ path: [...path, 'operator'], code: 'not_allowed', message: `does not go with ${field}` });
    const limit = operator === IN ? most.values : 1;
    if (values.length === 0 && operator !== EXISTS)
      problems.push({ path: [...path, 'values'], code: 'required', message: 'must name what is compared' });
    if (values.length > limit)
      problems.push({ path: [...path, 'values'], code: 'too_long', message: `at most ${limit} values` });
    const checked = values
      .slice(0, limit)
      .map((value, n) =>
        checkedValue(operator === EXISTS ? EXISTS : field, value, [...path, 'values', String(n)], problems),
      );
    return { field, operator, values: checked };
  });
}

function checkedValue(
  kind: CategorizationField | CategorizationOperator.EXISTS,
  value: string,
  path: readonly string[],
  problems: FieldProblem[],
): string {
  const text = value.trim();
  if (text.length > most.length) {
    problems.push({ path, code: 'too_long', message: `at most ${most.length} characters` });
    return '';
  }
  if (kind === EXISTS) {
    if (text !== 'true' && text !== 'false') problems.push({ path, code: 'invalid', message: 'must be true or false' });
  } else if (kind === DESCRIPTION) {
    if (fold(text) === '') problems.push({ path, code: 'required', message: 'must not be empty' });
    if (text.includes('\0'))
      problems.push({ path, code: 'invalid_format', message: 'must not contain the character U+0000' });
  } else if (kind === ACCOUNT_ID) {
    if (!isRowId(text)) problems.push({ path, code: 'unknown_reference', message: 'is no account of yours' });
    else return String(Number(text));
  } else {
    const amount = toAmount(text);
    if (amount === undefined || !fitsMoney(amount))
      problems.push({ path, code: 'invalid', message: 'must be an amount with at most two decimals' });
    else return amount;
  }
  return text;
}
