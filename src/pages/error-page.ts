import type { Language } from '../lib/language.js';
import { html } from './html.js';
import { brand, layout } from './layout.js';

/** What a browser met instead of a page. */
export type PageProblem =
  | { of: 'file' }
  | { of: 'page' }
  | { of: 'api'; name: string }
  | { of: 'method'; allowed: string };

interface Words {
  status: number;
  title: string;
  message: string;
}

const words: Record<Language, (problem: PageProblem) => Words> = {
  en(problem) {
    if (problem.of === 'method')
      return { status: 405, title: 'Not possible', message: `This is asked for by ${problem.allowed}.` };
    if (problem.of === 'api')
      return { status: 404, title: 'No such API', message: `There is no API called “${problem.name}” here.` };
    return { status: 404, title: 'Not found', message: `There is no such ${problem.of}.` };
  },
  fr(problem) {
    if (problem.of === 'method')
      return { status: 405, title: 'Impossible', message: `Ceci se demande par ${problem.allowed}.` };
    if (problem.of === 'api')
      return { status: 404, title: 'API inconnue', message: `Il n’y a pas ici d’API nommée « ${problem.name} ».` };
    return {
      status: 404,
      title: 'Introuvable',
      message: problem.of === 'page' ? 'Cette page n’existe pas.' : 'Ce fichier n’existe pas.',
    };
  },
};

const home: Record<Language, string> = { en: 'Back to the home page', fr: 'Retour à l’accueil' };

/** A page for a browser that met an error. */
export function errorPage(problem: PageProblem, language: Language): { status: number; html: string } {
  const { status, title, message } = words[language](problem);
  return {
    status,
    html: layout({
      title: `${title} · Passerelle`,
      lang: language,
      body: html`<main class="centre">
        ${brand}
        <div class="panel">
          <p class="status">${status}</p>
          <h1>${title}</h1>
          <p>${message}</p>
          <a class="button primary" href="/">${home[language]}</a>
        </div>
      </main>`,
    }),
  };
}
