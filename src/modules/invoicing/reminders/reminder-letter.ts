import { sumAmounts } from '../../../lib/money.js';
/** The letter of a reminder, in French: what is due, since when, and what being late costs by law. */
import { openArchivePdf } from '../../../print/archive-pdf.js';
import { colours, contentWidth, Canvas, page } from '../../../print/canvas.js';
import { legalIdentity, printedIban } from '../../../print/firm.js';
import { printedDate, printedMoney } from '../../../print/text.js';
import type { Seller } from '../invoice-document.js';
import type { BuyerSnapshot } from '../invoice.entity.js';
import { type ReminderLevelWord, reminderTitles } from './reminder-titles.js';

/** Amounts are decimal text, days `YYYY-MM-DD`. */
export interface ReminderLetter {
  level: ReminderLevelWord;
  letterDate: string;
  daysLate: number;
  amountDue: string;
  indemnity: string;
  penalties: string | null;
  number: string;
  issuedAt: string;
  /** null: payable on receipt. */
  dueDate: string | null;
  total: string;
  currency: string;
  buyer: BuyerSnapshot;
  seller: Seller;
}

/** The same letter gives the same bytes. */
export async function renderReminder(letter: ReminderLetter): Promise<Buffer> {
  const title = `${reminderTitles[letter.level]} — facture ${letter.number}`;
  const { pdf, finish } = openArchivePdf({ title, createdAt: new Date(`${letter.letterDate}T00:00:00Z`) });
  const canvas = new Canvas(pdf, { background: () => undefined, continuation: () => undefined });
  drawHead(canvas, letter, title);
  for (const paragraph of wording(letter)) write(canvas, paragraph);
  drawFigures(canvas, letter);
  for (const paragraph of [...costs(letter), ...payment(letter), 'Veuillez agréer nos salutations distinguées.'])
    write(canvas, paragraph);
  canvas.text(letter.seller.name, page.left, canvas.y + 8, { font: 'bold' });
  drawFoot(canvas, letter.seller);
  return finish();
}

function write(canvas: Canvas, paragraph: string): void {
  canvas.paragraph(paragraph, { size: 10 });
  canvas.y += 9;
}

function drawHead(canvas: Canvas, { seller, buyer, letterDate }: ReminderLetter, title: string): void {
  const lines = (party: Pick<Seller, 'street' | 'postalCode' | 'city'>): string[] =>
    [party.street ?? '', [party.postalCode, party.city].filter(Boolean).join(' ')].filter((line) => line.trim() !== '');
  canvas.text(seller.name, page.left, canvas.y, { font: 'bold', size: 13, colour: colours.accent, width: 270 });
  let y = canvas.y + 20;
  for (const line of [...lines(seller), seller.telephone ?? '', seller.email ?? ''].filter(Boolean)) {
    canvas.text(line, page.left, y, { colour: colours.muted, width: 270 });
    y += 12.5;
  }
  const left = 320;
  let to = canvas.y + 70;
  canvas.text(buyer.name, left, to, { font: 'bold', size: 11 });
  to += 16;
  for (const line of lines({ street: null, postalCode: null, city: null, ...buyer })) {
    canvas.text(line, left, to);
    to += 12.5;
  }
  canvas.text(`Le ${printedDate(letterDate)}`, left, to + 18, { colour: colours.muted });
  canvas.y = Math.max(y, to + 18) + 40;
  canvas.text(`Objet : ${title}`, page.left, canvas.y, { font: 'bold', size: 11 });
  canvas.y += 28;
  write(canvas, 'Madame, Monsieur,');
}

function wording({ level, number, issuedAt, dueDate, daysLate, total, currency }: ReminderLetter): string[] {
  const amount = printedMoney(total, currency);
  const invoice = `notre facture ${number} du ${printedDate(issuedAt)}, d’un montant de ${amount}`;
  const terms = dueDate ? `échéance le ${printedDate(dueDate)}` : 'payable à réception';
  if (daysLate === 0)
    return [`Sauf erreur de notre part, ${invoice} (${terms}), reste à régler. Nous vous remercions d’y veiller.`];
  const days = `${daysLate} jour${daysLate > 1 ? 's' : ''}`;
  if (level === 'first')
    return [
      `Sauf erreur ou omission de notre part, ${invoice} (${terms}), n’a pas été réglée à ce jour, soit ${days} de ` +
        'retard. Il s’agit sans doute d’un oubli : nous vous remercions de bien vouloir la régler sans tarder.',
    ];
  if (level === 'second')
    return [
      `Malgré notre précédent courrier, ${invoice} (${terms}), demeure impayée depuis ${days}.`,
      'Nous vous demandons de procéder à son règlement sous huit jours.',
    ];
  return [
    `Malgré nos relances, ${invoice} (${terms}), demeure impayée depuis ${days}.`,
    'Par la présente, nous vous mettons en demeure de nous régler les sommes ci-dessous sous huit jours à compter de ' +
      'la réception de ce courrier. À défaut, nous nous réservons le droit d’en poursuivre le recouvrement par ' +
      'toutes voies de droit, sans autre avis.',
  ];
}

function drawFigures(canvas: Canvas, letter: ReminderLetter): void {
  const { amountDue, indemnity, penalties, currency, daysLate } = letter;
  const rows: [string, string][] = [['Reste dû sur la facture', printedMoney(amountDue, currency)]];
  const claims = [amountDue];
  if (daysLate > 0) {
    rows.push(['Indemnité forfaitaire pour frais de recouvrement', printedMoney(indemnity, 'EUR')]);
    if (penalties !== null) rows.push([`Pénalités de retard, ${daysLate} j`, printedMoney(penalties, currency)]);
    claims.push(indemnity, ...(penalties === null ? [] : [penalties]));
  }
  const height = 22 * (rows.length + 1);
  canvas.ensure(height + 20);
  const row = (label: string, amount: string, isTotal: boolean): void => {
    if (isTotal) canvas.panel(page.left, canvas.y, contentWidth, 22);
    const font = isTotal ? 'bold' : 'regular';
    canvas.text(label, page.left + 10, canvas.y + 6, { font, size: 10, width: 340 });
    canvas.text(amount, page.left, canvas.y + 6, { font, size: 10, align: 'right', width: contentWidth - 10 });
    canvas.y += 22;
    canvas.rule(canvas.y);
  };
  canvas.rule(canvas.y);
  for (const [label, amount] of rows) row(label, amount, false);
  // What is owed in two currencies has no sum.
  if (rows.length > 1 && currency === 'EUR') row('Total à régler', printedMoney(sumAmounts(claims), currency), true);
  canvas.y += 16;
}

function costs({ daysLate, penalties }: ReminderLetter): string[] {
  const indemnity =
    'Tout professionnel en retard de paiement est de plein droit débiteur d’une indemnité forfaitaire pour frais de ' +
    'recouvrement de 40 € (art. L. 441-10 et D. 441-5 du Code de commerce)';
  if (daysLate === 0) return [`${indemnity}, ainsi que de pénalités de retard.`];
  const rate =
    'pénalités de retard, au taux de 3 fois le taux d’intérêt légal, courent depuis le jour suivant l’échéance';
  return [
    `${indemnity}. Les ${rate}${penalties === null ? '' : ' et jusqu’au jour du paiement'}, sans rappel nécessaire.`,
  ];
}

function payment({ seller, number }: ReminderLetter): string[] {
  const reference = `en rappelant la référence ${number}`;
  return [
    seller.iban
      ? `Merci de régler par virement sur le compte IBAN ${printedIban(seller.iban)}, ${reference}.`
      : `Merci de régler ${reference}.`,
    'Si votre règlement a croisé ce courrier, veuillez ne pas en tenir compte.',
  ];
}

function drawFoot(canvas: Canvas, seller: Seller): void {
  const style = { size: 7.5, colour: colours.muted };
  canvas.rule(page.bottom + 14);
  for (const [row, line] of canvas.wrap(legalIdentity(seller), contentWidth, style).slice(0, 3).entries())
    canvas.text(line, page.left, page.bottom + 21 + row * 10, style);
}
