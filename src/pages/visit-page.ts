import type { Language } from '../lib/language.js';
import { html, type Html } from './html.js';
import { brand, layout } from './layout.js';

export interface VisitPage {
  /** Who comes; null where the server has no name of the firm. */
  firm: string | null;
  client: string;
  /** What is done; null: nothing in particular. */
  kind: VisitKind | null;
  /** ISO 8601. */
  startsAt: string;
  endsAt: string;
  /** IANA name of the zone that the times are shown in. */
  timeZone: string;
  location: string | null;
  technician: string | null;
  isConfirmed: boolean;
  /** Whether another time was asked for and nobody has answered yet. */
  isMoveRequested: boolean;
  /** What came of the last form. */
  outcome?: VisitOutcome | undefined;
}

type VisitKind = 'INSPECTION' | 'DETECTION' | 'REPAIR' | 'MAINTENANCE' | 'OTHER';

/** `confirmed` and `asked`: the last form was taken; the others say why it was not. */
type VisitOutcome = 'confirmed' | 'asked' | 'empty' | 'times' | 'attempts';

/** At most so many characters may be written to the firm. */
const longestWish = 1000;

const french = {
  locale: 'fr-FR',
  failed: 'Erreur',
  visit: 'Votre rendez-vous',
  thanks: {
    confirmed: 'Merci, votre rendez-vous est confirmé.',
    asked: 'Votre demande est transmise. Nous vous répondrons pour convenir d’un autre horaire.',
  } as Partial<Record<VisitOutcome, string>>,
  problems: {
    empty: 'Indiquez au moins un horaire qui vous conviendrait, ou écrivez-nous un message.',
    times: 'Un des horaires est déjà passé ou n’existe pas.',
    attempts: 'Trop d’essais. Réessayez plus tard.',
  } as Partial<Record<VisitOutcome, string>>,
  moveRequested: 'Vous avez demandé un autre horaire. Nous vous répondrons.',
  confirmed: 'Ce rendez-vous est confirmé.',
  facts: { when: 'Quand', subject: 'Objet', where: 'Lieu', with: 'Avec', for: 'Pour' },
  kinds: {
    INSPECTION: 'Inspection',
    DETECTION: 'Détection',
    REPAIR: 'Réparation',
    MAINTENANCE: 'Maintenance',
    OTHER: 'Intervention',
  } as Record<VisitKind, string>,
  confirm: 'Confirmer ce rendez-vous',
  toCalendar: 'Ajouter à mon agenda',
  askOther: 'Demander un autre horaire',
  wishes: ['Horaire souhaité', 'Autre possibilité', 'Autre possibilité'],
  message: 'Message',
  send: 'Envoyer ma demande',
  personal: 'Cette page vous est personnelle : ne transmettez pas son adresse.',
  none: 'Lien introuvable',
  leadsNowhere: 'Ce lien ne mène à aucun rendez-vous',
  askFirm:
    'Le rendez-vous est passé ou annulé, ou l’adresse est incomplète. Adressez-vous à l’entreprise qui vous ' +
    'l’a envoyée.',
  onOneDay: (day: string, start: string, end: string) => `${day}, de\u00a0${start}\u00a0à\u00a0${end}`,
  overDays: (day: string, start: string, last: string, end: string) => `du ${day} à ${start} au ${last} à ${end}`,
};

const english: typeof french = {
  locale: 'en-GB',
  failed: 'Error',
  visit: 'Your appointment',
  thanks: {
    confirmed: 'Thank you, your appointment is confirmed.',
    asked: 'Your request was passed on. We will answer to agree on another time.',
  },
  problems: {
    empty: 'Give at least one time that would suit you, or write us a message.',
    times: 'One of the times has passed already, or does not exist.',
    attempts: 'Too many attempts. Try again later.',
  },
  moveRequested: 'You asked for another time. We will answer.',
  confirmed: 'This appointment is confirmed.',
  facts: { when: 'When', subject: 'What', where: 'Where', with: 'With', for: 'For' },
  kinds: {
    INSPECTION: 'Inspection',
    DETECTION: 'Leak detection',
    REPAIR: 'Repair',
    MAINTENANCE: 'Maintenance',
    OTHER: 'Visit',
  },
  confirm: 'Confirm this appointment',
  toCalendar: 'Add to my calendar',
  askOther: 'Ask for another time',
  wishes: ['Time that suits you', 'Another one', 'Another one'],
  message: 'Message',
  send: 'Send my request',
  personal: 'This page is yours alone: do not pass its address on.',
  none: 'No such link',
  leadsNowhere: 'This link leads to no appointment',
  askFirm:
    'The appointment has passed or was cancelled, or the address is incomplete. Turn to the company that sent ' +
    'it to you.',
  onOneDay: (day, start, end) => `${day}, ${start}\u00a0to\u00a0${end}`,
  overDays: (day, start, last, end) => `from ${day} at ${start} to ${last} at ${end}`,
};

const words: Record<Language, typeof french> = { fr: french, en: english };

/**
 * The page where a client confirms a visit or asks for another time. Its forms post to its own address:
 * `reponse` is `confirmer`, or `deplacer` with `message`, and `horaire_1` to `horaire_3` on the clock of the visit's
 * time zone.
 */
export function visitPage(visit: VisitPage, language: Language): string {
  const text = words[language];
  const { firm, client, kind, location, technician, isConfirmed, isMoveRequested, outcome } = visit;
  const problem = outcome && text.problems[outcome];
  const state =
    (outcome && text.thanks[outcome]) ??
    (isMoveRequested ? text.moveRequested : isConfirmed ? text.confirmed : undefined);
  return layout({
    title: `${problem ? `${text.failed} · ` : ''}${text.visit}${firm === null ? '' : ` · ${firm}`}`,
    lang: language,
    body: html`<main class="centre">
      ${firm === null ? brand : html`<p class="brand">${firm}</p>`}
      <div class="panel visit">
        <h1>${text.visit}</h1>
        ${problem && html`<p class="problem" role="alert" id="problem">${problem}</p>`}
        ${state && html`<p class="done" role="status">${state}</p>`}
        <dl>
          ${fact(text.facts.when, whenOf(visit, language))}
          ${kind !== null && fact(text.facts.subject, text.kinds[kind])}
          ${location !== null && fact(text.facts.where, location)}
          ${technician !== null && fact(text.facts.with, technician)}
          ${fact(text.facts.for, client)}
        </dl>
        ${
          (!isConfirmed || isMoveRequested) &&
          html`<form method="post">
            <button class="button primary" name="reponse" value="confirmer">${text.confirm}</button>
          </form>`
        }
        <a class="button" href="?format=ics">${text.toCalendar}</a>
        <details${problem && html` open`}>
          <summary>${text.askOther}</summary>
          <form method="post">
            ${text.wishes.map(
              (label, index) => html`<label for="horaire_${index + 1}">${label}</label>
                <input
                  id="horaire_${index + 1}"
                  name="horaire_${index + 1}"
                  type="datetime-local"
                  step="300"${problem && index === 0 && html` aria-describedby="problem"`}
                />`,
            )}
            <label for="message">${text.message}</label>
            <textarea id="message" name="message" rows="3" maxlength="${longestWish}"></textarea>
            <button class="button" name="reponse" value="deplacer">${text.send}</button>
          </form>
        </details>
      </div>
      <p class="aside">${text.personal}</p>
    </main>`,
  });
}

/** The page for unknown and ended links, the same for both, so that it doesn't reveal which links existed. */
export function noVisitPage(language: Language): string {
  const text = words[language];
  return layout({
    title: `${text.none} · ${text.visit}`,
    lang: language,
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <p class="status">404</p>
        <h1>${text.leadsNowhere}</h1>
        <p>${text.askFirm}</p>
      </div>
    </main>`,
  });
}

const fact = (name: string, text: string): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${text}</dd>
  </div>`;

/** `lundi 30 mars 2026, de 09:00 à 10:30`; both days when it ends on another one. */
function whenOf({ startsAt, endsAt, timeZone }: VisitPage, language: Language): string {
  const { locale, onOneDay, overDays } = words[language];
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const [start, end] = [new Date(startsAt), new Date(endsAt)];
  return day.format(start) === day.format(end)
    ? onOneDay(day.format(start), time.format(start), time.format(end))
    : overDays(day.format(start), time.format(start), day.format(end), time.format(end));
}
