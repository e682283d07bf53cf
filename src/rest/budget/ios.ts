import { z } from 'zod';
import type { FieldIssue, Problem, Reply, Route } from '../engine/route.js';
import { route } from '../engine/route.js';
import { BudgetRecordExpenseOperation } from './operations.gen.js';
import { Day } from './shapes.js';

const Body = z.object({
  amount: z
    .union([z.number(), z.string().max(64)])
    .nullish()
    .meta({ description: 'Plus que 0 : 12.5 ou "12.50"' }),
  label: z.string().max(10_000).nullish(),
  category: z.string().max(10_000).nullish().meta({ description: "Nom d'une catégorie de dépenses" }),
});

const Expense = z
  .object({
    id: z.int(),
    amount: z.string().meta({ description: 'Ce qui a été payé, sans signe' }),
    description: z.string(),
    category: z.string().nullable(),
    date: Day,
    source: z.enum(['ios', 'ios_uncategorized']),
    warning: z.string().optional(),
  })
  .meta({ id: 'BudgetIosExpense' });

const example = {
  id: 1,
  amount: '12.50',
  description: 'Boulangerie',
  category: 'Alimentation',
  date: '2026-02-03',
  source: 'ios' as const,
};
const warningOf = (name: string): string => `Catégorie "${name}" non trouvée. Transaction créée sans catégorie.`;

/** The shortcut shows one sentence. */
const sentences = {
  amount: { required: 'Le montant est requis.', other: 'Montant invalide.' },
  label: { required: 'Le label est requis.', other: 'Label invalide.' },
  category: { required: 'Catégorie invalide.', other: 'Catégorie invalide.' },
} as const;

function flat({ fields, message }: Problem): Reply {
  for (const [name, words] of Object.entries(sentences)) {
    const issue = fields.find((field) => field.name === name);
    if (issue) return { json: { error: issue.code === 'required' ? words.required : words.other } };
  }
  return { json: { error: message } };
}

/** Decimal text, also with a comma; undefined when it is no amount of what was paid. */
function paid(amount: number | string): string | undefined {
  const text = String(amount).trim().replace(',', '.');
  return /^\d{1,12}(\.\d{1,2})?$/.test(text) && Number(text) > 0 ? text : undefined;
}

function issues({ amount, label }: z.output<typeof Body>): FieldIssue[] {
  const found: FieldIssue[] = [];
  const add = (name: string, code: FieldIssue['code']): void => void found.push({ name, code, message: code });
  if (amount == null || amount === '') add('amount', 'required');
  else if (paid(amount) === undefined) add('amount', 'invalid');
  if ((label ?? '').trim() === '') add('label', 'required');
  return found;
}

/** CONSUMERS.md, section 2: the shortcut for iOS, with answers of its own. */
export const iosRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/ios/transaction',
    section: 'CONSUMERS.md#2-budget',
    summary: "Noter une dépense depuis le raccourci d'un iPhone : 10 par minute et par token",
    credential: 'required',
    quota: { name: 'ios', requests: 10, seconds: 60, per: 'credential' },
    body: Body,
    mayBeUnavailable: true,
    operation: BudgetRecordExpenseOperation,
    check: ({ body }) => issues(body),
    toVariables: ({ body }) => ({
      input: {
        amount: paid(body.amount ?? '') ?? '0',
        description: (body.label ?? '').trim(),
        categoryName: body.category,
      },
    }),
    fields: { description: 'label', categoryName: 'category' },
    onProblem: flat,
    status: ({ recordExpense }) => (recordExpense.isCategoryKnown ? 201 : 207),
    response: Expense,
    toResponse: ({ recordExpense: { transaction, isCategoryKnown } }, { body }) => ({
      id: Number(transaction.id),
      amount: (-transaction.amount).toFixed(2),
      description: transaction.description,
      category: isCategoryKnown ? (transaction.category?.name ?? null) : null,
      date: transaction.transactionDate,
      ...(isCategoryKnown
        ? { source: 'ios' as const }
        : { source: 'ios_uncategorized' as const, warning: warningOf((body.category ?? '').trim()) }),
    }),
    alsoWithStatus: {
      207: {
        description: "La catégorie n'existe pas : la transaction est parmi « Divers »",
        example: { ...example, category: null, source: 'ios_uncategorized', warning: warningOf('Pain') },
      },
    },
    examples: { body: { amount: 12.5, label: 'Boulangerie', category: 'alimentation' }, response: example },
  }),
];
