import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { type Route, route } from '../engine/route.js';
import {
  type BudgetCategoryFragment,
  BudgetCreateCategoryOperation,
  BudgetDeleteCategoryOperation,
  BudgetListCategoriesOperation,
  BudgetReadCategoryOperation,
  BudgetUpdateCategoryOperation,
} from './operations.gen.js';
import { found, IdParams, listed, listOf, Moment, patchAndPut } from './shapes.js';

const Type = z.enum(['income', 'expense']);

const Category = z
  .object({
    id: z.int(),
    name: z.string(),
    color: z.string(),
    icon: z.string(),
    type: Type,
    is_custom: z.boolean(),
    created_at: Moment,
  })
  .meta({ id: 'BudgetCategory' });

const categoryOut = (category: BudgetCategoryFragment): z.input<typeof Category> => ({
  id: Number(category.id),
  name: category.name,
  color: category.color,
  icon: category.icon,
  type: fromEnum(category.type),
  is_custom: category.isCustom,
  created_at: category.createdAt,
});

const Name = z.string().trim().min(1).max(100);
const look = {
  color: z
    .string()
    .regex(/^#[0-9A-Fa-f]{6}$/)
    .nullish(),
  icon: z.string().trim().min(1).max(50).nullish(),
};

const music = {
  id: 15,
  name: 'Matériel Musique',
  color: '#9C27B0',
  icon: 'music',
  type: 'expense',
  is_custom: true,
  created_at: '2026-01-15T10:00:00Z',
} as const;

/** budget.md, « Catégories », with DECISIONS.md, section 4. */
export const categoryRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/categories',
    section: 'budget.md#1-lister-les-catégories',
    summary: 'Lister les catégories',
    credential: 'required',
    query: z.object({
      type: Type.optional().meta({ description: "Filtrer par type ('income' ou 'expense')" }),
      search: z.string().max(200).optional().meta({ description: 'Partie du nom' }),
    }),
    operation: BudgetListCategoriesOperation,
    toVariables: ({ query }) => ({ filter: { type: toEnum(query.type), search: query.search } }),
    response: listOf(Category),
    toResponse: ({ categories }) => listed(categories.nodes.map(categoryOut)),
    examples: {
      response: {
        count: 15,
        results: [
          {
            id: 1,
            name: 'Salaire',
            color: '#2196F3',
            icon: 'briefcase',
            type: 'income',
            is_custom: false,
            created_at: '2026-01-01T00:00:00Z',
          },
          {
            id: 3,
            name: 'Alimentation',
            color: '#4CAF50',
            icon: 'shopping-cart',
            type: 'expense',
            is_custom: false,
            created_at: '2026-01-01T00:00:00Z',
          },
          music,
        ],
      },
    },
  }),
  route({
    method: 'get',
    path: '/categories/:id',
    section: 'CONSUMERS.md#2-budget',
    summary: "Détails d'une catégorie",
    credential: 'required',
    params: IdParams,
    operation: BudgetReadCategoryOperation,
    toVariables: ({ params }) => params,
    response: Category,
    toResponse: ({ category }) => categoryOut(found(category, 'Category')),
  }),
  route({
    method: 'post',
    path: '/categories',
    section: 'budget.md#2-créer-une-catégorie',
    summary: 'Créer une catégorie',
    credential: 'required',
    body: z.object({ name: Name, type: Type, ...look }),
    operation: BudgetCreateCategoryOperation,
    toVariables: ({ body }) => ({ input: { ...body, type: toEnum(body.type) } }),
    status: 201,
    response: Category,
    toResponse: ({ createCategory }) => categoryOut(createCategory.category),
    examples: {
      body: { name: 'Matériel Musique', color: '#9C27B0', icon: 'music', type: 'expense' },
      response: music,
    },
  }),
  ...patchAndPut(
    route({
      method: 'patch',
      path: '/categories/:id',
      section: 'budget.md#3-modifier-une-catégorie',
      summary: 'Modifier une catégorie',
      credential: 'required',
      params: IdParams,
      body: z.object({ name: Name.nullish(), type: Type.nullish(), ...look }),
      operation: BudgetUpdateCategoryOperation,
      toVariables: ({ params, body }) => ({ input: { ...body, id: params.id, type: toEnum(body.type) } }),
      response: Category,
      toResponse: ({ updateCategory }) => categoryOut(updateCategory.category),
      examples: { body: { color: '#673AB7' }, response: { ...music, color: '#673AB7' } },
    }),
    'replaceCategory',
  ),
  route({
    method: 'delete',
    path: '/categories/:id',
    section: 'budget.md#4-supprimer-une-catégorie',
    summary: 'Supprimer une catégorie',
    credential: 'required',
    params: IdParams,
    operation: BudgetDeleteCategoryOperation,
    toVariables: ({ params }) => ({ input: params }),
  }),
];
