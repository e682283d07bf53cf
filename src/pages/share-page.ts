import type { Language } from '../lib/language.js';
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

const words = {
  fr: {
    locale: 'fr-FR',
    failed: 'Erreur',
    shared: 'Document partagé',
    until: (moment: string) => `Disponible jusqu’au ${moment}.`,
    password: 'Mot de passe',
    download: 'Télécharger',
    personal: 'Ce document vous a été partagé par un lien personnel.',
    problems: { password: 'Mot de passe incorrect.', attempts: 'Trop d’essais. Réessayez dans une demi-heure.' },
    none: 'Lien introuvable',
    leadsNowhere: 'Ce lien ne mène à aucun document',
    askAgain:
      'Il a expiré, a été retiré, ou son adresse est incomplète. Demandez-en un nouveau à la personne qui ' +
      'vous l’a envoyé.',
    units: ['octets', 'Ko', 'Mo', 'Go'],
  },
  en: {
    locale: 'en-GB',
    failed: 'Error',
    shared: 'Shared document',
    until: (moment: string) => `Available until ${moment}.`,
    password: 'Password',
    download: 'Download',
    personal: 'This document was shared with you by a personal link.',
    problems: { password: 'That password is wrong.', attempts: 'Too many attempts. Try again in half an hour.' },
    none: 'No such link',
    leadsNowhere: 'This link leads to no document',
    askAgain: 'It has ended, was withdrawn, or its address is incomplete. Ask whoever sent it to you for a new one.',
    units: ['bytes', 'KB', 'MB', 'GB'],
  },
} as const;

/** The page of a share link: the file and a button. The form posts to the page's own address. */
export function sharePage(
  { title, filename, sizeBytes, expiresAt, hasPassword, problem }: SharePage,
  { timeZone, language }: { timeZone: string; language: Language },
): string {
  const text = words[language];
  const sentence = problem && text.problems[problem];
  return layout({
    title: `${sentence ? `${text.failed} · ` : ''}${title} · ${text.shared}`,
    lang: language,
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <h1>${title}</h1>
        <p>${filename} · ${sizeOf(sizeBytes, language)}</p>
        ${expiresAt !== null && html`<p>${text.until(momentOf(expiresAt, timeZone, language))}</p>`}
        ${sentence && html`<p class="problem" role="alert" id="problem">${sentence}</p>`}
        <form method="post">
          ${
            hasPassword &&
            html`<label for="password">${text.password}</label>
              <input
                id="password"
                name="password"
                type="password"
                autocomplete="off"
                required
                autofocus${sentence && html` aria-describedby="problem"`}
              />`
          }
          <button class="button primary">${text.download}</button>
        </form>
      </div>
      <p class="aside">${text.personal}</p>
    </main>`,
  });
}

/** The page for unknown and ended links, the same for both, so that it doesn't reveal which links existed. */
export function noSharePage(language: Language): string {
  const text = words[language];
  return layout({
    title: `${text.none} · ${text.shared}`,
    lang: language,
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <p class="status">404</p>
        <h1>${text.leadsNowhere}</h1>
        <p>${text.askAgain}</p>
      </div>
    </main>`,
  });
}

/** `1,4 Mo`, by powers of 1024. */
function sizeOf(bytes: number, language: Language): string {
  const { locale, units } = words[language];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1024 ** power).toLocaleString(locale, { maximumFractionDigits: digits })} ${units[power]}`;
}

/** On the firm's clock, with the zone, since whoever reads it may be elsewhere. */
const momentOf = (iso: string, timeZone: string, language: Language): string =>
  new Intl.DateTimeFormat(words[language].locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'longGeneric',
  }).format(new Date(iso));
