import type { Language } from '../lib/language.js';
import { html } from './html.js';
import { layout } from './layout.js';

const words = {
  en: {
    title: 'GraphQL explorer',
    waiting: 'Loading the explorer…',
    needsScripts: 'The explorer needs JavaScript. The endpoint does not: send a POST to',
  },
  fr: {
    title: 'Explorateur GraphQL',
    waiting: 'Chargement de l’explorateur…',
    needsScripts: 'L’explorateur demande JavaScript. L’adresse n’en demande pas : envoyez un POST à',
  },
} as const;

/** The page that browsers get at `/graphql`: GraphiQL with the site's bar, all from `/static`. */
export function graphiqlPage(language: Language): string {
  const { title, waiting, needsScripts } = words[language];
  return layout({
    title: `${title} · Passerelle`,
    lang: language,
    head: html`<link rel="stylesheet" href="/static/graphiql.css" />
      <script type="module" src="/static/graphiql.js"></script>`,
    body: html`<div id="explorer"><p class="waiting">${waiting}</p></div>
      <noscript>${needsScripts} <code>/graphql</code>.</noscript>`,
  });
}
