import { fold, wordsOf } from '../../../lib/fold.js';
import type { CsvMapping } from './statement-file.js';

type Role = 'date' | 'description' | 'amount' | 'debit' | 'credit' | 'reference';

/**
 * What banks of France, Germany, Switzerland and the English-speaking countries call their columns, folded, the best
 * names first. `x*` is a beginning, so that `Débit euros` and `Montant(EUROS)` are known too.
 */
const names: Readonly<Record<Role, readonly string[]>> = {
  date: [
    'date operation',
    'date de l operation',
    'date d operation',
    'date comptable',
    'date de comptabilisation',
    'date comptabilisation',
    'transaction date',
    'booking date',
    'posting date',
    'buchungstag',
    'buchungsdatum',
    'completed date',
    'date',
    'datum',
    'jour',
    'date transaction',
    'date op*',
    'date de transaction',
    'started date',
    'date*',
    'valuta*',
    'value date',
  ],
  description: [
    'libelle operation',
    'libelle de l operation',
    'libelle complet',
    'libelle',
    'description',
    'verwendungszweck',
    'buchungstext',
    'intitule',
    'label',
    'wording',
    'details',
    'transaction description',
    'libelle*',
    'description*',
    'memo',
    'motif',
    'communication*',
    'nature de l operation',
    'nature',
    'operation',
    'payee',
    'partner name',
    'beneficiaire',
    'name',
    'texte',
    'text',
  ],
  debit: [
    'debit',
    'debits',
    'montant debit',
    'debit amount',
    'paid out',
    'money out',
    'withdrawal*',
    'soll',
    'debit*',
    'depense*',
    'sortie*',
  ],
  credit: [
    'credit',
    'credits',
    'montant credit',
    'credit amount',
    'paid in',
    'money in',
    'deposit*',
    'haben',
    'credit*',
    'recette*',
    'entree*',
  ],
  amount: [
    'montant',
    'amount',
    'betrag',
    'montant operation',
    'montant de l operation',
    'montant*',
    'amount*',
    'transaction amount',
    'umsatz',
    'betrag*',
    'somme',
    'valeur',
    'value',
  ],
  reference: ['fitid', 'transaction id', 'id transaction', 'identifiant transaction', 'bank reference'],
};

const plain = (header: string): string => wordsOf(fold(header)).join(' ');

function columnOf(headers: readonly string[], role: Role): string | undefined {
  const known = headers.map(plain);
  for (const name of names[role]) {
    const index = known.findIndex((header) =>
      name.endsWith('*') ? header.startsWith(name.slice(0, -1)) : header === name,
    );
    if (index >= 0) return headers[index];
  }
  return undefined;
}

/** The columns that a header names; undefined when it is no header of a statement: no date, or nothing of an amount. */
export function guessColumns(headers: readonly string[]): CsvMapping | undefined {
  const date = columnOf(headers, 'date');
  if (date === undefined) return undefined;
  const others = headers.filter((header) => header !== date);
  const amount = columnOf(others, 'amount');
  const debit = columnOf(others, 'debit');
  const credit = columnOf(others, 'credit');
  const description = columnOf(others, 'description');
  const reference = columnOf(others, 'reference');
  const paired = debit !== undefined && credit !== undefined && debit !== credit;
  if (!paired && amount === undefined) return undefined;
  return {
    date,
    ...(description !== undefined && { description }),
    ...(paired ? { debit, credit } : { amount: amount as string }),
    ...(reference !== undefined && { reference }),
  };
}

/** The column of a header's name: as it is written, else whatever its case and accents. */
export function indexOfHeader(headers: readonly string[], name: string): number {
  const exact = headers.indexOf(name);
  return exact >= 0 ? exact : headers.findIndex((header) => plain(header) === plain(name));
}
