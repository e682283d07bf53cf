import { z } from 'zod';
import { toEnum } from '../engine/enum-words.js';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetRecurrenceRuleFragment,
  BudgetListRecurrenceRulesOperation,
  BudgetListPendingOccurrencesOperation,
  BudgetReadRecurrenceRuleOperation,
  BudgetSkipOccurrenceOperation,
  BudgetStopRecurrenceRuleOperation,
  BudgetUpdateRecurrenceRuleOperation,
} from './operations.gen.js';
import { Recurrence, RecurrenceChanges, recurrenceOut } from './recurrence-shapes.js';
import {
  beyondContract,
  Day,
  found,
  Id,
  IdParams,
  listed,
  listOf,
  Moment,
  Money,
  patchAndPut,
  TextId,
} from './shapes.js';
import { Description } from './transaction-shapes.js';

const Placed = Recurrence.extend({
  next_occurrence: Day.nullable().meta({ description: 'Nulle quand la règle a pris fin' }),
}).meta({ id: 'BudgetChangedRecurrenceRule' });

const frame = {
  ...Placed.shape,
  transaction: z
    .object({ id: z.int().nullable(), description: z.string(), amount: z.number() })
    .meta({ description: 'La première ; `id` est nul si elle a été supprimée' }),
};
const Listed = z.object(frame).meta({ id: 'BudgetRecurrenceRule' });
const Detail = z
  .object({
    ...frame,
    account_id: z.int(),
    category_id: z.int().nullable(),
    amount: z.number().meta({ description: 'Celui des transactions à venir' }),
    description: z.string(),
    labels: z.array(z.string()),
    skipped_dates: z.array(Day),
    is_stopped: z.boolean(),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'BudgetRecurrenceRuleDetail' });

type PlacedRule = Omit<BudgetRecurrenceRuleFragment, 'originTransaction' | 'amount' | 'description'>;
const placedOut = (rule: PlacedRule): z.input<typeof Placed> => ({
  ...recurrenceOut(rule),
  next_occurrence: rule.nextOccurrence ?? null,
});

const ruleOut = ({ originTransaction, amount, description, ...rule }: BudgetRecurrenceRuleFragment) => ({
  ...placedOut(rule),
  transaction: originTransaction
    ? { ...originTransaction, id: Number(originTransaction.id) }
    : { id: null, amount, description },
});

const rent = {
  id: 1,
  frequency: 'monthly',
  interval: 1,
  start_date: '2026-02-01',
  end_date: null,
  next_occurrence: '2026-03-01',
} as const;
const transaction = { id: 2, description: 'Loyer', amount: -800 };

/** budget.md, « Récurrence », with DECISIONS.md, sections 4, 8 and 9. */
export const recurrenceRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/recurrence-rules',
    section: 'budget.md#1-lister-les-règles-de-récurrence',
    summary: 'Lister les règles de récurrence',
    credential: 'required',
    query: z.object({ account_id: TextId.optional().meta({ description: 'Filtrer par compte' }) }),
    operation: BudgetListRecurrenceRulesOperation,
    toVariables: ({ query }) => ({ filter: { accountId: query.account_id } }),
    response: listOf(Listed),
    toResponse: ({ recurrenceRules }) => listed(recurrenceRules.nodes.map(ruleOut)),
    examples: { response: { count: 3, results: [{ ...rent, transaction }] } },
  }),
  route({
    method: 'get',
    path: '/recurrence-rules/:id',
    section: 'CONSUMERS.md#2-budget',
    summary: "Détails d'une règle de récurrence, arrêtée ou non",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadRecurrenceRuleOperation,
    toVariables: ({ params }) => params,
    response: Detail,
    toResponse: ({ recurrenceRule }) => {
      const { account, category, labels, skippedDates, stoppedAt, createdAt, updatedAt, ...rule } = found(
        recurrenceRule,
        'RecurrenceRule',
      );
      return {
        ...ruleOut(rule),
        account_id: Number(account.id),
        category_id: category ? Number(category.id) : null,
        amount: rule.amount,
        description: rule.description,
        labels: [...labels],
        skipped_dates: [...skippedDates],
        is_stopped: stoppedAt != null,
        created_at: createdAt,
        updated_at: updatedAt,
      };
    },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/recurrence-rules/:id',
      section: 'budget.md#2-modifier-une-règle-de-récurrence',
      summary: 'Modifier une règle de récurrence, pour ce qui est à venir',
      credential: 'required',
      params: IdParams,
      body: RecurrenceChanges.extend({
        account_id: Id.nullish(),
        category_id: Id.nullish(),
        amount: Money.nullish(),
        description: Description.nullish(),
        labels: z.array(z.string().trim().min(1).max(50)).max(20).nullish(),
      }),
      operation: BudgetUpdateRecurrenceRuleOperation,
      toVariables: ({ params, body }) => ({
        input: {
          id: params.id,
          frequency: toEnum(body.frequency),
          interval: body.interval,
          startDate: body.start_date,
          endDate: body.end_date,
          accountId: body.account_id,
          categoryId: body.category_id,
          amount: body.amount,
          description: body.description,
          labels: body.labels,
        },
      }),
      fields: {
        startDate: 'start_date',
        endDate: 'end_date',
        accountId: 'account_id',
        categoryId: 'category_id',
      },
      response: Placed,
      toResponse: ({ updateRecurrenceRule }) => placedOut(updateRecurrenceRule.recurrenceRule),
      examples: { body: { end_date: '2026-12-31' }, response: { ...rent, end_date: '2026-12-31' } },
    }),
    'replaceRecurrenceRule',
  ),
  route({
    method: 'delete',
    path: '/recurrence-rules/:id',
    section: 'DECISIONS.md#4-budget-apiv1',
    summary: 'Arrêter une règle de récurrence ; ses transactions restent',
    credential: 'required',
    params: IdParams,
    operation: BudgetStopRecurrenceRuleOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
  route({
    method: 'post',
    path: '/recurrence-rules/:id/skip',
    section: beyondContract,
    summary: "Sauter une échéance d'une règle, en attente ou à venir",
    credential: 'required',
    params: IdParams,
    body: z.object({ date: Day }),
    operation: BudgetSkipOccurrenceOperation,
    toVariables: ({ params, body }) => ({ input: { id: params.id, date: body.date } }),
    response: Placed,
    toResponse: ({ skipOccurrence }) => placedOut(skipOccurrence.recurrenceRule),
    examples: { body: { date: '2026-03-01' }, response: { ...rent, next_occurrence: '2026-04-01' } },
  }),
  route({
    method: 'get',
    path: '/recurrence-rules/:id/pending',
    section: beyondContract,
    summary: "Échéances passées qui n'ont pas été écrites",
    credential: 'required',
    params: IdParams,
    operation: BudgetListPendingOccurrencesOperation,
    toVariables: ({ params }) => params,
    response: listOf(z.object({ date: Day, amount: z.number() })),
    toResponse: ({ recurrenceRule }) => listed([...found(recurrenceRule, 'RecurrenceRule').pendingOccurrences]),
    examples: { response: { count: 1, results: [{ date: '2026-03-01', amount: -800 }] } },
  }),
];
