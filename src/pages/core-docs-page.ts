import type { Language } from '../lib/language.js';
import type { DialectLink } from './home-page.js';
import { html } from './html.js';
import { brand, layout } from './layout.js';

export interface CoreDocsPage {
  dialects: readonly DialectLink[];
  /** The API to show. */
  selected: DialectLink;
  /** Shows forms that send the requests, instead of the reference. Default: false. */
  isToTry?: boolean;
  language: Language;
}

const words = {
  en: {
    reference: 'REST reference',
    toReference: 'Reference',
    tryApi: 'Try the API',
    toTry: 'Try it',
    show: 'Show',
    explorer: 'GraphQL explorer',
    waiting: 'Loading the reference…',
    needsScripts: 'The reference needs JavaScript, this does not:',
    document: 'the OpenAPI document',
  },
  fr: {
    reference: 'Référence REST',
    toReference: 'Référence',
    tryApi: 'Essayer l’API',
    toTry: 'Essayer',
    show: 'Afficher',
    explorer: 'Explorateur GraphQL',
    waiting: 'Chargement de la référence…',
    needsScripts: 'La référence demande JavaScript, ceci n’en demande pas :',
    document: 'le document OpenAPI',
  },
} as const;

/**
 * The REST reference: Redoc over `/core-docs/<name>.json`, or Swagger UI to try it. Without scripts the choice still
 * leads to each document.
 */
export function coreDocsPage({ dialects, selected, isToTry = false, language }: CoreDocsPage): string {
  const text = words[language];
  const api = encodeURIComponent(selected.name);
  const otherView = isToTry
    ? html`<a href="/core-docs?api=${api}">${text.toReference}</a>`
    : html`<a href="/core-docs?api=${api}&view=try">${text.toTry}</a>`;
  const spec = `/core-docs/${api}.json`;
  return layout({
    title: `${selected.title} · ${isToTry ? text.tryApi : text.reference} · Passerelle`,
    lang: language,
    className: 'reference',
    head: html`<link rel="stylesheet" href="/static/styles.css" />${isToTry ? tryingHead : referenceHead}`,
    body: html`<header class="reference-bar">
        ${brand}
        <form action="/core-docs" method="get">
          ${isToTry && html`<input type="hidden" name="view" value="try" />`}
          <label for="api">${isToTry ? text.tryApi : text.reference}</label>
          <select id="api" name="api" autocomplete="off">
            ${dialects.map(
              ({ name, title, prefix }) =>
                html`<option value="${name}"${name === selected.name && html` selected`}>
                  ${title} (${prefix || '/'})
                </option>`,
            )}
          </select>
          <noscript><button>${text.show}</button></noscript>
        </form>
        <span class="links">
          ${otherView}
          <a href="${spec}">OpenAPI</a><a href="/graphql">${text.explorer}</a>
          <a href="/console/">Console</a></span>
      </header>
      <main id="reference" lang="${selected.language}" data-spec="${spec}" aria-busy="true">
        <p class="reference-waiting" lang="${language}">${text.waiting}</p>
        <noscript lang="${language}">
          <p class="reference-failed">${text.needsScripts} <a href="${spec}">${text.document}</a>.</p>
        </noscript>
      </main>`,
  });
}

const referenceHead = html`<script src="/static/redoc.standalone.js" defer></script>
  <script src="/static/core-docs.js" defer></script>`;

const tryingHead = html`<link rel="stylesheet" href="/static/swagger-ui.css" />
  <link rel="stylesheet" href="/static/try-api.css" />
  <script src="/static/swagger-ui-bundle.js" defer></script>
  <script type="module" src="/static/try-api.js"></script>`;
