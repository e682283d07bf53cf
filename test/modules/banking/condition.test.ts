import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ConditionFacts,
  holds,
  prepareCondition,
  prepareFacts,
} from '../../../src/modules/banking/categorization/ask-condition.js';
import { categorize, prepareRule, type Rule } from '../../../src/modules/banking/categorization/ask-rules.js';
import {
  CategorizationField as Field,
  CategorizationOperator as Operator,
  checkedConditions,
  type Condition,
} from '../../../src/modules/banking/categorization/condition.js';
import { tellingWords } from '../../../src/modules/banking/categorization/create-rule-from-transaction.js';

const facts: ConditionFacts = { accountId: 7, amount: '-45.80', description: 'Café  du Marché' };
const asked = (field: Field, operator: Operator, ...values: string[]): boolean =>
  holds(prepareCondition({ field, operator, values }), prepareFacts(facts));

test('descriptions are compared without case, accents and runs of blanks, amounts exactly', () => {
  expect(asked(Field.DESCRIPTION, Operator.EQUALS, 'CAFE DU MARCHE')).toBe(true);
  expect(asked(Field.DESCRIPTION, Operator.CONTAINS, 'é du')).toBe(true);
  expect(asked(Field.DESCRIPTION, Operator.STARTS_WITH, 'cafe')).toBe(true);
  expect(asked(Field.DESCRIPTION, Operator.STARTS_WITH, 'du')).toBe(false);
  expect(asked(Field.DESCRIPTION, Operator.IN, 'pain', 'café du marché')).toBe(true);
  expect(asked(Field.AMOUNT, Operator.EQUALS, '-45.8')).toBe(true);
  expect(asked(Field.AMOUNT, Operator.LESS_THAN, '-45.79')).toBe(true);
  expect(asked(Field.AMOUNT, Operator.LESS_THAN, '-45.80')).toBe(false);
  // By value, not as text.
  expect(asked(Field.AMOUNT, Operator.GREATER_THAN, '-100')).toBe(true);
  expect(asked(Field.ACCOUNT_ID, Operator.IN, '70', '7')).toBe(true);
});

/** In words of their own: text that is lower case and ASCII already, cents as numbers. */
const word = fc.constantFrom('', 'pain', 'pain bio', 'bio', 'loyer');
const cents = fc.integer({ min: -300, max: 300 });
const amountOf = (value: number): string => (value / 100).toFixed(2);
const field = fc.constantFrom(...Object.values(Field));
const operator = fc.constantFrom(...Object.values(Operator));

type Value = string | number;
function model(actual: Value | undefined, how: Operator, values: Value[]): boolean {
  if (how === Operator.EXISTS) return (actual === undefined) === (values[0] === 'false');
  if (actual === undefined) return false;
  const [value] = values as [Value];
  const table: Record<Exclude<Operator, Operator.EXISTS>, boolean> = {
    [Operator.EQUALS]: actual === value,
    [Operator.NOT_EQUALS]: actual !== value,
    [Operator.IN]: values.some((one) => one === actual),
    [Operator.CONTAINS]: String(actual).split(String(value)).length > 1,
    [Operator.NOT_CONTAINS]: String(actual).split(String(value)).length === 1,
    [Operator.STARTS_WITH]: String(actual).slice(0, String(value).length) === value,
    [Operator.GREATER_THAN]: Number(actual) > Number(value),
    [Operator.LESS_THAN]: Number(actual) < Number(value),
  };
  return table[how];
}

const condition = fc
  .record({
    field,
    operator,
    words: fc.array(word, { minLength: 1, maxLength: 3 }),
    cents: fc.array(cents, { minLength: 1 }),
  })
  .map(({ field: what, operator: how, words, cents: some }) => {
    const values: Value[] =
      how === Operator.EXISTS
        ? [(some[0] as number) > 0 ? 'true' : 'false']
        : what === Field.DESCRIPTION
          ? words
          : what === Field.AMOUNT
            ? some
            : some.map((n) => Math.abs(n % 3) + 1);
    const taken = how === Operator.IN ? values : values.slice(0, 1);
    const written = taken.map((value) =>
      what === Field.AMOUNT && typeof value === 'number' ? amountOf(value) : String(value),
    );
    return { taken, condition: { field: what, operator: how, values: written } };
  })
  // What cannot be saved is not asked.
  .filter((one) => checkedConditions([one.condition], []).length > 0 && problemsOf(one.condition).length === 0);

function problemsOf(one: Condition): unknown[] {
  const problems: never[] = [];
  checkedConditions([one], problems);
  return problems;
}

test('conditions hold as in a plain model, whatever can be saved', () => {
  fc.assert(
    fc.property(condition, word, cents, fc.integer({ min: 1, max: 3 }), (one, description, amount, accountId) => {
      const actual = { description: description || undefined, amount, account_id: accountId }[one.condition.field];
      const prepared = prepareFacts({ description: description.toUpperCase(), amount: amountOf(amount), accountId });
      const [checked] = checkedConditions([one.condition], []) as [Condition];
      expect(holds(prepareCondition(checked), prepared)).toBe(model(actual, one.condition.operator, one.taken));
    }),
    { numRuns: 3000 },
  );
});

test('whatever conditions come, they are checked or refused, and asking them never fails', () => {
  const anything = fc.record({ field, operator, values: fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }) });
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 12 }), fc.string({ unit: 'binary' }), (conditions, description) => {
      const problems: never[] = [];
      const checked = checkedConditions(conditions, problems);
      if (problems.length > 0) return;
      const again: never[] = [];
      // Saved once, it is saved the same again.
      expect([checkedConditions(checked, again), again]).toEqual([checked, []]);
      for (const one of checked) holds(prepareCondition(one), prepareFacts({ ...facts, description }));
    }),
    { numRuns: 1000 },
  );
});

const rule = (categoryId: number | null, value: string, more: Partial<Rule> = {}): Rule => ({
  conditions: [{ field: Field.DESCRIPTION, operator: Operator.CONTAINS, values: [value] }],
  categoryId,
  labels: [],
  stops: false,
  ...more,
});

test('the first rule that has a category gives it, all that hold add labels, and one that stops is the last', () => {
  const rules = [
    rule(null, 'marche', { labels: ['dehors'] }),
    rule(3, 'cafe', { labels: ['café', 'dehors'] }),
    rule(4, 'pain'),
    rule(5, 'cafe', { labels: ['tous'], stops: true }),
    rule(6, 'cafe', { labels: ['jamais'] }),
  ].map(prepareRule);
  expect(categorize(rules, facts)).toEqual({ categoryId: 3, labels: ['dehors', 'café', 'tous'] });
  expect(categorize(rules, { ...facts, labels: ['à moi'], description: 'Loyer' })).toEqual({
    categoryId: null,
    labels: ['à moi'],
  });
  const labels = Array.from({ length: 20 }, (_, n) => String(n));
  expect(categorize(rules, { ...facts, labels }).labels).toEqual(labels);
});

test('the words of a description that tell one payee from another', () => {
  expect(tellingWords('CARTE 02/02/26 CARREFOUR MARKET PARIS 11 CB*1234')).toEqual(['CARREFOUR', 'MARKET', 'PARIS']);
  expect(tellingWords('Prélèvement SEPA EDF 00042')).toEqual(['EDF']);
  expect(tellingWords('VIR 12/34')).toEqual([]);
});
