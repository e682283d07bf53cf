import { html, type Html } from './html.js';
import { brand, layout } from './layout.js';

export interface VisitPage {
  /** Who comes; null where the server has no name of the firm. */
  firm: string | null;
  client: string;
  /** What is done, such as `Détection`; null: nothing in particular. */
  subject: string | null;
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

/** `confirmed` and `asked`: the last form was taken; the others say why it was not. */
type VisitOutcome = 'confirmed' | 'asked' | 'empty' | 'times' | 'attempts';

/** At most so many characters may be written to the firm. */
const longestWish = 1000;

const thanks: Partial<Record<VisitOutcome, string>> = {
  confirmed: 'Merci, votre rendez-vous est confirmé.',
  asked: 'Votre demande est transmise. Nous vous répondrons pour convenir d’un autre horaire.',
};

const problems: Partial<Record<VisitOutcome, string>> = {
  empty: 'Indiquez au moins un horaire qui vous conviendrait, ou écrivez-nous un message.',
  times: 'Un des horaires est déjà passé ou n’existe pas.',
  attempts: 'Trop d’essais. Réessayez plus tard.',
};

const wishes = ['Horaire souhaité', 'Autre possibilité', 'Autre possibilité'] as const;

/**
 * The page where a client confirms a visit or asks for another time. Its forms post to its own address:
 * `reponse` is `confirmer`, or `deplacer` with `message`, and `horaire_1` to `horaire_3` on the clock of the visit's
 * time zone.
 */
export function visitPage(visit: VisitPage): string {
  const { firm, client, subject, location, technician, isConfirmed, isMoveRequested, outcome } = visit;
  const problem = outcome && problems[outcome];
  const state =
    (outcome && thanks[outcome]) ??
    (isMoveRequested
      ? 'Vous avez demandé un autre horaire. Nous vous répondrons.'
      : isConfirmed
        ? 'Ce rendez-vous est confirmé.'
        : undefined);
  return layout({
    title: `${problem ? 'Erreur · ' : ''}Votre rendez-vous${firm === null ? '' : ` · ${firm}`}`,
    lang: 'fr',
    body: html`<main class="centre">
      ${firm === null ? brand : html`<p class="brand">${firm}</p>`}
      <div class="panel visit">
        <h1>Votre rendez-vous</h1>
        ${problem && html`<p class="problem" role="alert" id="problem">${problem}</p>`}
        ${state && html`<p class="done" role="status">${state}</p>`}
        <dl>
          ${fact('Quand', whenOf(visit))}
          ${subject !== null && fact('Objet', subject)}
          ${location !== null && fact('Lieu', location)}
          ${technician !== null && fact('Avec', technician)}
          ${fact('Pour', client)}
        </dl>
        ${
          (!isConfirmed || isMoveRequested) &&
          html`<form method="post">
            <button class="button primary" name="reponse" value="confirmer">Confirmer ce rendez-vous</button>
          </form>`
        }
        <a class="button" href="?format=ics">Ajouter à mon agenda</a>
        <details${problem && html` open`}>
          <summary>Demander un autre horaire</summary>
          <form method="post">
            ${wishes.map(
              (label, index) => html`<label for="horaire_${index + 1}">${label}</label>
                <input
                  id="horaire_${index + 1}"
                  name="horaire_${index + 1}"
                  type="datetime-local"
                  step="300"${problem && index === 0 && html` aria-describedby="problem"`}
                />`,
            )}
            <label for="message">Message</label>
            <textarea id="message" name="message" rows="3" maxlength="${longestWish}"></textarea>
            <button class="button" name="reponse" value="deplacer">Envoyer ma demande</button>
          </form>
        </details>
      </div>
      <p class="aside">Cette page vous est personnelle : ne transmettez pas son adresse.</p>
    </main>`,
  });
}

/** The page for unknown and ended links, the same for both, so that it doesn't reveal which links existed. */
export function noVisitPage(): string {
  return layout({
    title: 'Lien introuvable · Votre rendez-vous',
    lang: 'fr',
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <p class="status">404</p>
        <h1>Ce lien ne mène à aucun rendez-vous</h1>
        <p>
          Le rendez-vous est passé ou annulé, ou l’adresse est incomplète. Adressez-vous à l’entreprise qui vous l’a
          envoyée.
        </p>
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
function whenOf({ startsAt, endsAt, timeZone }: VisitPage): string {
  const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'full', timeZone });
  const time = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'short', timeZone });
  const [start, end] = [new Date(startsAt), new Date(endsAt)];
  return day.format(start) === day.format(end)
    ? `${day.format(start)}, de\u00a0${time.format(start)}\u00a0à\u00a0${time.format(end)}`
    : `du ${day.format(start)} à ${time.format(start)} au ${day.format(end)} à ${time.format(end)}`;
}
