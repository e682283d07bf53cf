import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allHold,
  checkedConditions,
  type Condition,
  WebhookConditionOperator as Operator,
} from '../../../src/modules/webhooks/condition.js';

const message = {
  type: 'intervention_status_changed',
  timestamp: '2026-11-29T10:00:00Z',
  data: {
    statut: 'en_cours',
    priorite: null,
    duree_estimee: 90,
    latitude: '48.85',
    urgent: true,
    code: '007',
    date_intervention: '2026-12-01T09:00:00Z',
    tags: ['fuite', 'Étage 2', 3],
    client: { nom: "L'Eau & Cie" },
    technicien_assigné: 'c.moreau',
  },
};
const holds = (field: string, operator: Operator, value?: unknown): boolean =>
  allHold([{ field, operator, value }], message);

test('paths lead from the root, through objects and lists, and to nothing else', () => {
  expect(holds('type', Operator.EQUALS, 'intervention_status_changed')).toBe(true);
  expect(holds('data.client.nom', Operator.CONTAINS, 'Eau')).toBe(true);
  expect(holds('data.tags.0', Operator.EQUALS, 'fuite')).toBe(true);
  expect(holds('data.technicien_assigné', Operator.STARTS_WITH, 'c.')).toBe(true);
  for (const path of [
    'data.nom',
    'data.statut.length',
    'data.constructor',
    '__proto__',
    'data.tags.9',
    'data.statut.x',
  ])
    expect(holds(path, Operator.EXISTS)).toBe(false);
});

test('what is missing or null holds nothing but that it is not there', () => {
  for (const field of ['data.imagined', 'data.priorite']) {
    for (const operator of Object.values(Operator)) {
      if (operator === Operator.EXISTS) continue;
      expect([field, operator, holds(field, operator, operator === Operator.IN ? ['x'] : 'x')]).toEqual([
        field,
        operator,
        false,
      ]);
    }
    expect(holds(field, Operator.EXISTS)).toBe(false);
    expect(holds(field, Operator.EXISTS, false)).toBe(true);
    expect(holds(field, Operator.EXISTS, 'false')).toBe(true);
  }
  expect(holds('data.statut', Operator.EXISTS)).toBe(true);
  expect(holds('data.statut', Operator.EXISTS, true)).toBe(true);
  expect(holds('data.statut', Operator.EXISTS, false)).toBe(false);
});

test('numbers, truth values and moments are compared as what they are, texts to the letter', () => {
  expect(holds('data.duree_estimee', Operator.EQUALS, '90')).toBe(true);
  expect(holds('data.duree_estimee', Operator.GREATER_THAN, '9')).toBe(true);
  expect(holds('data.latitude', Operator.LESS_THAN, 48.9)).toBe(true);
  expect(holds('data.urgent', Operator.EQUALS, 'true')).toBe(true);
  expect(holds('data.code', Operator.EQUALS, '7')).toBe(false);
  expect(holds('data.code', Operator.EQUALS, 7)).toBe(true);
  expect(holds('data.date_intervention', Operator.GREATER_THAN, '2026-12-01')).toBe(true);
  expect(holds('data.date_intervention', Operator.LESS_THAN, '2026-12-01T10:00:00+01:00')).toBe(false);
  expect(holds('data.date_intervention', Operator.LESS_THAN, '2026-12-01T10:00')).toBe(true);
  expect(holds('data.statut', Operator.GREATER_THAN, 1)).toBe(false);
  expect(holds('data.tags', Operator.CONTAINS, 'Étage 2')).toBe(true);
  expect(holds('data.tags', Operator.CONTAINS, '3')).toBe(true);
  expect(holds('data.tags', Operator.NOT_CONTAINS, 'Étage')).toBe(true);
  expect(holds('data.statut', Operator.IN, ['planifie', 'en_cours'])).toBe(true);
});

test('what cannot be compared is told when it is given', () => {
  const wrong: [Condition, string][] = [
    [{ field: 'data..statut', operator: Operator.EXISTS }, 'field'],
    [{ field: ' ', operator: Operator.EXISTS }, 'field'],
    [{ field: 'a'.repeat(201), operator: Operator.EXISTS }, 'field'],
    [{ field: 'data', operator: Operator.EXISTS, value: 'maybe' }, 'value'],
    [{ field: 'data', operator: Operator.EQUALS }, 'value'],
    [{ field: 'data', operator: Operator.EQUALS, value: 'x'.repeat(1001) }, 'value'],
    [{ field: 'data', operator: Operator.EQUALS, value: 'a\0b' }, 'value'],
    [{ field: 'data', operator: Operator.IN, value: 'x' }, 'value'],
    [{ field: 'data', operator: Operator.IN, value: [] }, 'value'],
    [{ field: 'data', operator: Operator.LESS_THAN, value: 'soon' }, 'value'],
    [{ field: 'data', operator: Operator.STARTS_WITH, value: {} }, 'value'],
  ];
  for (const [condition, part] of wrong) {
    const problems: { path: readonly string[] }[] = [];
    checkedConditions([condition], problems as never);
    expect([condition, problems.map(({ path }) => path)]).toEqual([condition, [['conditions', '0', part]]]);
  }
  const many: { path: readonly string[] }[] = [];
  checkedConditions(
    Array.from({ length: 21 }, () => ({ field: 'data', operator: Operator.EXISTS })),
    many as never,
  );
  expect(many).toMatchObject([{ path: ['conditions'], code: 'too_long' }]);
});

/** Leaves and texts that tell the same in one spelling only. */
const leaf = fc.constantFrom<unknown>('a', 'ab', 'b', '', true, false, null, -1, 0, 1, 2.5, 'x.y');
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), { maxKeys: 3 }),
    fc.array(tie('node'), { maxLength: 3 }),
  ),
})).node;
const anyPath = fc.array(fc.constantFrom('a', 'b', 'c', '0', '1'), { minLength: 1, maxLength: 4 });
const anyOperator = fc.constantFrom(...Object.values(Operator));

/** The same in plain words. */
function reference(root: unknown, path: readonly string[], operator: Operator, value: unknown): boolean {
  let at: any = root;
  for (const name of path) at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? at[name] : undefined;
  const isThere = at !== undefined && at !== null;
  if (operator === Operator.EXISTS) return isThere === (value !== false);
  if (!isThere) return false;
  const same = (one: unknown, other: unknown): boolean =>
    typeof one === typeof other
      ? JSON.stringify(one) === JSON.stringify(other)
      : ['boolean', 'string'].includes(typeof one) &&
        ['boolean', 'string'].includes(typeof other) &&
        String(one) === String(other);
  const isText = ['string', 'number', 'boolean'].includes(typeof at);
  const inside = Array.isArray(at) ? at.some((one) => same(one, value)) : isText && `${at}`.includes(`${value}`);
  switch (operator) {
    case Operator.EQUALS:
      return same(at, value);
    case Operator.NOT_EQUALS:
      return !same(at, value);
    case Operator.CONTAINS:
      return inside;
    case Operator.NOT_CONTAINS:
      return (isText || Array.isArray(at)) && !inside;
    case Operator.STARTS_WITH:
      return isText && `${at}`.startsWith(`${value}`);
    case Operator.GREATER_THAN:
      return typeof at === 'number' && at > (value as number);
    case Operator.LESS_THAN:
      return typeof at === 'number' && at < (value as number);
    case Operator.IN:
      return (value as unknown[]).some((one) => same(at, one));
  }
}

test('any condition on any message holds as the plain reading says', () => {
  const asked = anyOperator.chain((operator) =>
    fc.tuple(
      fc.constant(operator),
      operator === Operator.GREATER_THAN || operator === Operator.LESS_THAN
        ? fc.constantFrom<unknown>(-2, 0, 1, 3)
        : operator === Operator.IN
          ? fc.array(
              leaf.filter((one) => one !== null),
              { minLength: 1, maxLength: 3 },
            )
          : operator === Operator.EXISTS
            ? fc.constantFrom<unknown>(true, false, null)
            : leaf.filter((one) => one !== null),
    ),
  );
  fc.assert(
    fc.property(tree, anyPath, asked, (root, path, [operator, value]) => {
      const problems: never[] = [];
      const [condition] = checkedConditions([{ field: path.join('.'), operator, value }], problems);
      expect(problems).toEqual([]);
      expect(allHold([condition as Condition], root)).toBe(reference(root, path, operator, value));
    }),
    { numRuns: 3_000 },
  );
});
