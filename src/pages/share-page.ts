import { html } from './html.js';
import { brand, layout } from './layout.js';

export interface SharePage {
  title: string;
  filename: string;
  sizeBytes: number;
  /** ISO 8601; null: the link has no end. */
  expiresAt: string | null;
  hasPassword: boolean;
  /** Why the last attempt failed. */
  problem?: 'password' | 'attempts' | undefined;
}

const problems = {
  password: 'Mot de passe incorrect.',
  attempts: 'Trop d’essais. Réessayez dans une demi-heure.',
} as const;

/** The page of a share link: the file and a button. The form posts to the page's own address. */
export function sharePage(
  { title, filename, sizeBytes, expiresAt, hasPassword, problem }: SharePage,
  { timeZone }: { timeZone: string },
): string {
  const sentence = problem && problems[problem];
  return layout({
    title: `${sentence ? 'Erreur · ' : ''}${title} · Document partagé`,
    lang: 'fr',
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <h1>${title}</h1>
        <p>${filename} · ${sizeOf(sizeBytes)}</p>
        ${expiresAt !== null && html`<p>Disponible jusqu’au ${momentOf(expiresAt, timeZone)}.</p>`}
        ${sentence && html`<p class="problem" role="alert" id="problem">${sentence}</p>`}
        <form method="post">
          ${
            hasPassword &&
            html`<label for="password">Mot de passe</label>
              <input
                id="password"
                name="password"
                type="password"
                autocomplete="off"
                required
                autofocus${sentence && html` aria-describedby="problem"`}
              />`
          }
          <button class="button primary">Télécharger</button>
        </form>
      </div>
      <p class="aside">Ce document vous a été partagé par un lien personnel.</p>
    </main>`,
  });
}

/** The page for unknown and ended links, the same for both, so that it doesn't reveal which links existed. */
export function noSharePage(): string {
  return layout({
    title: 'Lien introuvable · Document partagé',
    lang: 'fr',
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <p class="status">404</p>
        <h1>Ce lien ne mène à aucun document</h1>
        <p>
          Il a expiré, a été retiré, ou son adresse est incomplète. Demandez-en un nouveau à la personne qui vous l’a
          envoyé.
        </p>
      </div>
    </main>`,
  });
}

const units = ['octets', 'Ko', 'Mo', 'Go'] as const;

/** `1,4 Mo`, by powers of 1024. */
function sizeOf(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1024 ** power).toLocaleString('fr-FR', { maximumFractionDigits: digits })} ${units[power]}`;
}

/** On the firm's clock, with the zone, since whoever reads it may be elsewhere. */
const momentOf = (iso: string, timeZone: string): string =>
  new Intl.DateTimeFormat('fr-FR', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'longGeneric',
  }).format(new Date(iso));
