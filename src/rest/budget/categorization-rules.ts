import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { type Route, route } from '../engine/route.js';
import {
  BudgetApplyCategorizationRuleOperation,
  type BudgetCategorizationRuleFragment,
  BudgetCreateCategorizationRuleOperation,
  BudgetCreateRuleFromTransactionOperation,
  BudgetDeleteCategorizationRuleOperation,
  BudgetDryRunCategorizationRuleOperation,
  BudgetListCategorizationRulesOperation,
  BudgetReadCategorizationRuleOperation,
  BudgetUpdateCategorizationRuleOperation,
  type CategorizationField,
  type CategorizationOperator,
} from './operations.gen.js';
import { beyondContract, found, Id, IdParams, listed, listOf, Moment, patchAndPut } from './shapes.js';
import { Transaction, transactionOut } from './transaction-shapes.js';

const Field = z.enum(['description', 'account_id', 'amount']);
const Operator = z.enum([
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'starts_with',
  'greater_than',
  'less_than',
  'in',
  'exists',
]);
const Single = z.union([z.boolean(), z.number(), z.string().max(10_000)]);
const Condition = z.object({
  field: Field,
  operator: Operator,
  value: z
    .union([Single, z.array(Single).max(1000)])
    .nullish()
    .meta({ description: 'Une liste avec `in`, vrai ou faux avec `exists`, sinon une valeur' }),
});

const Rule = z
  .object({
    id: z.int(),
    name: z.string(),
    position: z.int(),
    conditions: z.array(Condition),
    category_id: z.int().nullable(),
    labels: z.array(z.string()),
    stop: z.boolean(),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'BudgetCategorizationRule' });

function conditionsIn(
  conditions: readonly z.output<typeof Condition>[],
): { field: CategorizationField; operator: CategorizationOperator; values: string[] }[] {
  return conditions.map(({ field, operator, value }) => ({
    field: toEnum(field),
    operator: toEnum(operator),
    values: (Array.isArray(value) ? value : value == null ? [] : [value]).map(String),
  }));
}

function valueOut({
  field,
  operator,
  values,
}: BudgetCategorizationRuleFragment['conditions'][number]): z.input<typeof Condition>['value'] {
  if (operator === 'EXISTS') return values[0] !== 'false';
  const typed = values.map((value) => (field === 'DESCRIPTION' ? value : Number(value)));
  return operator === 'IN' ? typed : typed[0];
}

const ruleOut = ({ category, ...rule }: BudgetCategorizationRuleFragment): z.input<typeof Rule> => ({
  id: Number(rule.id),
  name: rule.name,
  position: rule.position,
  conditions: rule.conditions.map((condition) => ({
    field: fromEnum(condition.field),
    operator: fromEnum(condition.operator),
    value: valueOut(condition),
  })),
  category_id: category ? Number(category.id) : null,
  labels: [...rule.labels],
  stop: rule.stops,
  created_at: rule.createdAt,
  updated_at: rule.updatedAt,
});

const facts = {
  position: z.int().min(1).max(1_000_000).nullish().meta({ description: 'À partir de 1 ; à la fin si absente' }),
  category_id: Id.nullish(),
  labels: z.array(z.string().trim().min(1).max(50)).max(20).nullish(),
  stop: z.boolean().nullish().meta({ description: 'Vrai : les règles suivantes ne sont plus essayées' }),
};
const Name = z.string().trim().min(1).max(100);
const Conditions = z.array(Condition).min(1).max(10);

const factsIn = ({ position, category_id, labels, stop }: z.output<z.ZodObject<typeof facts>>) => ({
  position,
  categoryId: category_id,
  labels,
  stops: stop,
});

const fields = {
  categoryId: 'category_id',
  stops: 'stop',
  'conditions.*.values': 'conditions.*.value',
};

const carrefour = {
  name: 'Courses',
  position: 1,
  conditions: [
    { field: 'description', operator: 'contains', value: 'carrefour' },
    { field: 'amount', operator: 'less_than', value: 0 },
  ],
  category_id: 3,
  labels: ['courses'],
  stop: true,
};
const example = { id: 1, ...carrefour, created_at: '2026-02-03T10:00:00Z', updated_at: '2026-02-03T10:00:00Z' };

/** DECISIONS.md, section 9: what transactions without a category get. */
export const categorizationRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/categorization-rules',
    section: beyondContract,
    summary: 'Lister les règles de catégorisation, dans leur ordre',
    credential: 'required',
    operation: BudgetListCategorizationRulesOperation,
    toVariables: () => ({}),
    response: listOf(Rule),
    toResponse: ({ categorizationRules }) => listed(categorizationRules.nodes.map(ruleOut)),
    examples: { response: { count: 1, results: [example] } },
  }),
  route({
    method: 'post',
    path: '/categorization-rules',
    section: beyondContract,
    summary: 'Créer une règle de catégorisation',
    credential: 'required',
    body: z.object({ name: Name, conditions: Conditions, ...facts }),
    operation: BudgetCreateCategorizationRuleOperation,
    toVariables: ({ body }) => ({
      input: { name: body.name, conditions: conditionsIn(body.conditions), ...factsIn(body) },
    }),
    fields,
    status: 201,
    response: Rule,
    toResponse: ({ createCategorizationRule }) => ruleOut(createCategorizationRule.categorizationRule),
    examples: { body: carrefour, response: example },
  }),
  route({
    method: 'get',
    path: '/categorization-rules/:id',
    section: beyondContract,
    summary: "Détails d'une règle de catégorisation",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadCategorizationRuleOperation,
    toVariables: ({ params }) => params,
    response: Rule,
    toResponse: ({ categorizationRule }) => ruleOut(found(categorizationRule, 'CategorizationRule')),
    examples: { response: example },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/categorization-rules/:id',
      section: beyondContract,
      summary: 'Modifier une règle de catégorisation, ou sa place',
      credential: 'required',
      params: IdParams,
      body: z.object({ name: Name.nullish(), conditions: Conditions.nullish(), ...facts }),
      operation: BudgetUpdateCategorizationRuleOperation,
      toVariables: ({ params, body }) => ({
        input: {
          id: params.id,
          name: body.name,
          conditions: body.conditions && conditionsIn(body.conditions),
          ...factsIn(body),
        },
      }),
      fields,
      response: Rule,
      toResponse: ({ updateCategorizationRule }) => ruleOut(updateCategorizationRule.categorizationRule),
      examples: { body: { position: 1 }, response: example },
    }),
    'replaceCategorizationRule',
  ),
  route({
    method: 'delete',
    path: '/categorization-rules/:id',
    section: beyondContract,
    summary: 'Supprimer une règle de catégorisation',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeleteCategorizationRuleOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
  route({
    method: 'post',
    path: '/categorization-rules/:id/dry-run',
    section: beyondContract,
    summary: 'Ce que la règle changerait parmi les transactions sans catégorie : les 100 plus récentes',
    credential: 'required',
    params: IdParams,
    operation: BudgetDryRunCategorizationRuleOperation,
    toVariables: ({ params }) => params,
    response: listOf(Transaction),
    toResponse: ({ categorizationRuleDryRun: { count, transactions } }) => ({
      count,
      results: transactions.map(transactionOut),
    }),
  }),
  route({
    method: 'post',
    path: '/categorization-rules/:id/apply',
    section: beyondContract,
    summary: 'Appliquer la règle aux transactions sans catégorie',
    credential: 'required',
    params: IdParams,
    operation: BudgetApplyCategorizationRuleOperation,
    toVariables: ({ params }) => ({ input: params }),
    response: z.object({
      count: z.int().meta({ description: 'Combien de transactions ont changé' }),
      is_complete: z.boolean().meta({ description: "Faux s'il en restait plus que ce qu'un appel regarde" }),
    }),
    toResponse: ({ applyCategorizationRule: { changedCount, isComplete } }) => ({
      count: changedCount,
      is_complete: isComplete,
    }),
    examples: { response: { count: 12, is_complete: true } },
  }),
  route({
    method: 'post',
    path: '/transactions/:id/rule',
    section: beyondContract,
    summary: 'Créer une règle pour les transactions semblables à celle-ci',
    credential: 'required',
    params: IdParams,
    body: z.object({ name: Name.nullish(), ...facts }),
    operation: BudgetCreateRuleFromTransactionOperation,
    toVariables: ({ params, body }) => ({
      input: { transactionId: params.id, name: body.name, ...factsIn(body) },
    }),
    fields,
    status: 201,
    response: Rule,
    toResponse: ({ createRuleFromTransaction }) => ruleOut(createRuleFromTransaction.categorizationRule),
    examples: { body: { category_id: 3 }, response: example },
  }),
];
