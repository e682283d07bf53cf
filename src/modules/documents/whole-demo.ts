import { Temporal } from 'temporal-polyfill';
import type { DemoFirm } from '../../kernel/demo.js';
import { dayIn } from '../../lib/zoned-day.js';
import { saveCorrespondent } from './filing/save-correspondent.js';
import { saveTag } from './filing/save-tag.js';
import { addNote } from './notes/write-note.js';
import { createView } from './saved-views/save-view.js';
import { shareDocument } from './sharing/share-document.js';

/** Files one paper of the manager's and returns its number. */
export type FilePaper = (paper: Paper) => Promise<number>;

export interface Paper {
  title: string;
  /** Number of the document type. */
  type: string;
  from: number;
  tags: readonly number[];
  /** `YYYY-MM-DD` */
  date: string;
  amount: string | null;
  lines: readonly string[];
}

const months = 24;
const correspondents = [
  'Bricorama Pro',
  'TotalEnergies',
  'Orange',
  'URSSAF',
  'Banque du Rhône',
  'Régie Foncière du Rhône',
];
const tags = [
  ['Fournisseurs (démo)', '#0D9488'],
  ['Véhicules (démo)', '#7C3AED'],
  ['Personnel (démo)', '#DB2777'],
  ['Banque (démo)', '#4D7C0F'],
] as const;

/** What comes each month, or each so many of them: who from, which type and tag, what it costs in cents. */
const papers = [
  {
    title: 'Facture de fournitures',
    type: '1',
    from: 0,
    tag: 0,
    cents: 14_800,
    every: 1,
    line: 'Raccords, joints et colliers',
  },
  {
    title: 'Facture de carburant',
    type: '1',
    from: 1,
    tag: 1,
    cents: 42_650,
    every: 1,
    line: 'Cartes de trois véhicules',
  },
  {
    title: 'Facture de téléphonie',
    type: '1',
    from: 2,
    tag: 0,
    cents: 5490,
    every: 1,
    line: 'Quatre lignes mobiles, une fibre',
  },
  { title: 'Relevé de compte', type: '5', from: 4, tag: 3, cents: null, every: 1, line: 'Solde et mouvements du mois' },
  {
    title: 'Bulletin de paie de Hugo Lambert',
    type: '4',
    from: 3,
    tag: 2,
    cents: null,
    every: 1,
    line: 'Salaire net à payer',
  },
  {
    title: 'Bulletin de paie de Léa Fontaine',
    type: '4',
    from: 3,
    tag: 2,
    cents: null,
    every: 1,
    line: 'Salaire net à payer',
  },
  {
    title: 'Bon de commande',
    type: '5',
    from: 0,
    tag: 0,
    cents: 31_200,
    every: 1,
    line: 'Corrélateur acoustique, location',
  },
  {
    title: 'Déclaration sociale',
    type: '3',
    from: 3,
    tag: 2,
    cents: 128_700,
    every: 3,
    line: 'Cotisations du trimestre',
  },
  {
    title: 'Courrier de la régie',
    type: '3',
    from: 5,
    tag: 0,
    cents: null,
    every: 2,
    line: 'Accès aux parties communes',
  },
  {
    title: 'Contrat d’entretien',
    type: '2',
    from: 5,
    tag: 0,
    cents: 186_000,
    every: 6,
    line: 'Deux visites par an, reconduction tacite',
  },
  {
    title: 'Facture de matériel',
    type: '1',
    from: 0,
    tag: 0,
    cents: 612_000,
    every: 6,
    line: 'Caméra d’inspection et accessoires',
  },
] as const;

/** Two years of papers, two views of them, some notes and shares. */
export async function fillWholeDocumentsDemo(
  { as }: DemoFirm,
  file: (from: readonly number[], tags: readonly number[]) => FilePaper,
): Promise<void> {
  const ctx = as('claire.demo');
  const senders: number[] = [];
  for (const name of correspondents)
    senders.push(await saveCorrespondent(ctx, { name: `${name} (démo)`, match: name }));
  const labels: number[] = [];
  for (const [name, color] of tags) labels.push(await saveTag(ctx, { name, color }));
  const filePaper = file(senders, labels);

  const { config, now } = ctx.services;
  const today = Temporal.PlainDate.from(dayIn(config.timeZone, now()));
  let filed = 0;
  for (let back = months; back >= 0; back -= 1) {
    const month = today.toPlainYearMonth().subtract({ months: back });
    for (const [index, { title, type, from, tag, cents, every, line }] of papers.entries()) {
      const date = month.toPlainDate({ day: 3 + index * 2 });
      if (month.month % every !== 0 || Temporal.PlainDate.compare(date, today) > 0) continue;
      const amount = cents === null ? null : ((cents + back * 37 * (index + 1)) / 100).toFixed(2);
      const label = month.toString();
      const id = await filePaper({
        title: `${title} ${label}`,
        type,
        from,
        tags: [tag],
        date: date.toString(),
        amount,
        lines: [line, `Période : ${label}`, ...(amount === null ? [] : [`Montant : ${amount} €`])],
      });
      filed += 1;
      if (filed % 40 === 0) await addNote(ctx, { documentId: String(id), text: 'À vérifier avec le devis (démo)' });
      if (filed % 25 === 0) await shareDocument(ctx, { id: String(id), person: 'hugo.demo' });
    }
  }
  await createView(ctx, { name: 'Factures récentes (démo)', filter: { typeId: '1' }, isShared: true });
  await createView(ctx, { name: 'Personnel (démo)', filter: { tagIds: [String(labels[2])] } });
}
