import { z } from 'zod';
import { answeredDay } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetBudgetFragment,
  BudgetCreateBudgetOperation,
  BudgetDeleteBudgetOperation,
  BudgetListBudgetsOperation,
  BudgetReadBudgetOperation,
  BudgetUpdateBudgetOperation,
} from './operations.gen.js';
import { Day, found, Id, IdParams, listed, listOf, Moment, Money, patchAndPut, TextId } from './shapes.js';

const Goal = z
  .object({
    id: z.int(),
    name: z.string(),
    category: z.object({ id: z.int(), name: z.string(), color: z.string() }).nullable(),
    target_amount: z.number(),
    current_amount: z.number(),
    target_date: answeredDay,
    monthly_target: z.number().meta({
      description: 'Ce qui manque, divisé par les mois entiers restants (au moins un) ; 0 une fois la somme atteinte',
    }),
    progress_percentage: z.number(),
    days_remaining: z.int().meta({ description: 'Jours restants ; 0 une fois la date passée' }),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'BudgetGoal' });

const budgetOut = ({ category, ...budget }: BudgetBudgetFragment): z.input<typeof Goal> => ({
  id: Number(budget.id),
  name: budget.name,
  category: category && { id: Number(category.id), name: category.name, color: category.color },
  target_amount: budget.targetAmount,
  current_amount: budget.currentAmount,
  target_date: budget.targetDate,
  monthly_target: budget.monthlyTarget,
  progress_percentage: budget.progressPercentage,
  days_remaining: budget.daysRemaining,
  created_at: budget.createdAt,
  updated_at: budget.updatedAt,
});

const Name = z.string().trim().min(1).max(100);
const Target = Money.gt(0);
const Saved = Money.min(0);
const fields = {
  categoryId: 'category_id',
  targetAmount: 'target_amount',
  currentAmount: 'current_amount',
  targetDate: 'target_date',
};

const sound = {
  id: 1,
  name: 'Matériel Sono',
  category: { id: 15, name: 'Matériel Musique', color: '#9C27B0' },
  target_amount: 500,
  current_amount: 120,
  target_date: '2026-06-30',
  monthly_target: 95,
  progress_percentage: 24,
  days_remaining: 147,
  created_at: '2026-01-01T12:00:00Z',
  updated_at: '2026-02-03T10:00:00Z',
};

/** budget.md, « Budgets », with DECISIONS.md, section 4. */
export const budgetRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/budgets',
    section: 'budget.md#1-lister-les-budgets',
    summary: 'Lister les budgets',
    credential: 'required',
    query: z.object({
      category_id: TextId.optional().meta({ description: 'Filtrer par catégorie' }),
      search: z.string().max(200).optional().meta({ description: 'Partie du nom' }),
    }),
    operation: BudgetListBudgetsOperation,
    toVariables: ({ query }) => ({
      filter: { search: query.search, ...(query.category_id && { categoryId: query.category_id }) },
    }),
    response: listOf(Goal),
    toResponse: ({ budgets }) => listed(budgets.nodes.map(budgetOut)),
    examples: {
      response: {
        count: 2,
        results: [
          sound,
          {
            id: 2,
            name: 'Vacances été',
            category: null,
            target_amount: 2000,
            current_amount: 450,
            target_date: '2026-07-01',
            monthly_target: 387.5,
            progress_percentage: 22.5,
            days_remaining: 148,
            created_at: '2026-01-10T12:00:00Z',
            updated_at: '2026-02-03T10:00:00Z',
          },
        ],
      },
    },
  }),
  route({
    method: 'get',
    path: '/budgets/:id',
    section: 'CONSUMERS.md#2-budget',
    summary: "Détails d'un budget",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadBudgetOperation,
    toVariables: ({ params }) => params,
    response: Goal,
    toResponse: ({ budget }) => budgetOut(found(budget, 'Budget')),
  }),
  route({
    method: 'post',
    path: '/budgets',
    section: 'budget.md#2-créer-un-budget',
    summary: 'Créer un budget',
    credential: 'required',
    body: z.object({
      name: Name,
      category_id: Id.nullish(),
      target_amount: Target,
      current_amount: Saved.nullish(),
      target_date: Day,
    }),
    operation: BudgetCreateBudgetOperation,
    toVariables: ({ body }) => ({
      input: {
        name: body.name,
        categoryId: body.category_id,
        targetAmount: body.target_amount,
        currentAmount: body.current_amount,
        targetDate: body.target_date,
      },
    }),
    fields,
    status: 201,
    response: Goal,
    toResponse: ({ createBudget }) => budgetOut(createBudget.budget),
    examples: {
      body: {
        name: 'Matériel Sono',
        category_id: 15,
        target_amount: 500,
        current_amount: 0,
        target_date: '2026-06-30',
      },
      // The document prints 100.00, which is a slip (DECISIONS.md, section 4).
      response: {
        ...sound,
        current_amount: 0,
        monthly_target: 125,
        progress_percentage: 0,
        created_at: '2026-02-03T15:00:00Z',
        updated_at: '2026-02-03T15:00:00Z',
      },
    },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/budgets/:id',
      section: 'budget.md#3-mettre-à-jour-un-budget',
      summary: 'Mettre à jour un budget',
      credential: 'required',
      params: IdParams,
      body: z.object({
        name: Name.nullish(),
        category_id: Id.nullish(),
        target_amount: Target.nullish(),
        current_amount: Saved.nullish(),
        target_date: Day.nullish(),
      }),
      operation: BudgetUpdateBudgetOperation,
      toVariables: ({ params, body }) => ({
        input: {
          id: params.id,
          name: body.name,
          categoryId: body.category_id,
          targetAmount: body.target_amount,
          currentAmount: body.current_amount,
          targetDate: body.target_date,
        },
      }),
      fields,
      response: Goal,
      toResponse: ({ updateBudget }) => budgetOut(updateBudget.budget),
      examples: { body: { current_amount: 120 }, response: { ...sound, updated_at: '2026-02-03T16:00:00Z' } },
    }),
    'replaceBudget',
  ),
  route({
    method: 'delete',
    path: '/budgets/:id',
    section: 'budget.md#4-supprimer-un-budget',
    summary: 'Supprimer un budget',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeleteBudgetOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
];
