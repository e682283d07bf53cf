import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { fold } from '../../../lib/fold.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { CategorizationField, CategorizationOperator, type Condition } from './condition.js';
import { createCategorizationRule, type RuleFacts } from './save-categorization-rule.js';

export interface RuleFromTransaction extends Omit<RuleFacts, 'conditions'> {
  transactionId: string;
}

/** What banks write around the name of whom they paid. */
const bankWords = new Set(
  (
    'achat achats avec carte cheque des emis facture frais les par paiement paiements pour prelevement prelevements ' +
    'prlv recu reference remise retrait sans sepa versement vir virement virements votre'
  ).split(' '),
);
const most = { words: 4, name: 100, text: 100 } as const;

/**
 * Makes a rule of the viewer's from a transaction that they see, and returns its id: for transactions with the words of
 * its description, giving its category and labels unless others are named. Throws NOT_FOUND and what
 * `createCategorizationRule` throws, also when neither the transaction nor the viewer has a category for it.
 */
export async function createRuleFromTransaction(
  ctx: CommandContext,
  { transactionId, ...facts }: RuleFromTransaction,
): Promise<number> {
  requireSignedIn(ctx.viewer, 'write');
  const transaction = await ctx.db.first<{ description: string; categoryId: number | null; labels: string[] }>(sql`
    select description, category_id as "categoryId", labels from transactions t
     where t.id = ${rowId(transactionId) ?? null}::int and ${holds(visibleInAccounts(ctx.viewer), 't')}`);
  if (!transaction) throw notFound('Transaction');
  const { description, categoryId, labels } = transaction;
  const words = tellingWords(description);
  return createCategorizationRule(ctx, {
    ...facts,
    name: facts.name ?? (words.join(' ') || description).slice(0, most.name),
    conditions: words.length > 0 ? words.map(containing) : [beginning(description)],
    categoryId: facts.categoryId ?? (categoryId === null ? null : String(categoryId)),
    labels: facts.labels ?? labels,
  });
}

/** The first words that tell one payee from another: neither numbers nor what every bank writes. */
export function tellingWords(description: string): string[] {
  const words = (description.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    (word) => word.length >= 3 && !/\p{N}/u.test(word) && !bankWords.has(fold(word)) && fold(word) !== '',
  );
  return [...new Map(words.map((word) => [fold(word), word])).values()].slice(0, most.words);
}

const containing = (word: string): Condition => ({
  field: CategorizationField.DESCRIPTION,
  operator: CategorizationOperator.CONTAINS,
  values: [word.slice(0, most.text)],
});

const beginning = (description: string): Condition => ({
  field: CategorizationField.DESCRIPTION,
  operator: CategorizationOperator.STARTS_WITH,
  values: [[...description].slice(0, most.text).join('')],
});
