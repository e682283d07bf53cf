import type { DialectLink } from './home-page.js';
import { html } from './html.js';
import { brand, layout } from './layout.js';

export interface CoreDocsPage {
  dialects: readonly DialectLink[];
  /** The API to show. */
  selected: DialectLink;
  /** Shows forms that send the requests, instead of the reference. Default: false. */
  isToTry?: boolean;
}

/**
 * The REST reference: Redoc over `/core-docs/<name>.json`, or Swagger UI to try it. Without scripts the choice still
 * leads to each document.
 */
export function coreDocsPage({ dialects, selected, isToTry = false }: CoreDocsPage): string {
  const api = encodeURIComponent(selected.name);
  const otherView = isToTry
    ? html`<a href="/core-docs?api=${api}">Reference</a>`
    : html`<a href="/core-docs?api=${api}&view=try">Try it</a>`;
  const spec = `/core-docs/${api}.json`;
  return layout({
    title: `${selected.title} · ${isToTry ? 'Try the API' : 'REST reference'} · Passerelle`,
    className: 'reference',
    head: html`<link rel="stylesheet" href="/static/styles.css" />${isToTry ? tryingHead : referenceHead}`,
    body: html`<header class="reference-bar">
        ${brand}
        <form action="/core-docs" method="get">
          ${isToTry && html`<input type="hidden" name="view" value="try" />`}
          <label for="api">${isToTry ? 'Try the API' : 'REST reference'}</label>
          <select id="api" name="api" autocomplete="off">
            ${dialects.map(
              ({ name, title, prefix }) =>
                html`<option value="${name}"${name === selected.name && html` selected`}>
                  ${title} (${prefix || '/'})
                </option>`,
            )}
          </select>
          <noscript><button>Show</button></noscript>
        </form>
        <span class="links">
          ${otherView}
          <a href="${spec}">OpenAPI</a><a href="/graphql">GraphQL explorer</a></span>
      </header>
      <main id="reference" data-spec="${spec}" aria-busy="true">
        <p class="reference-waiting">Loading the reference…</p>
        <noscript>
          <p class="reference-failed">
            The reference needs JavaScript. The <a href="${spec}">OpenAPI document</a> does not.
          </p>
        </noscript>
      </main>`,
  });
}

const referenceHead = html`<script src="/static/redoc.standalone.js" defer></script>
  <script src="/static/core-docs.js" defer></script>`;

const tryingHead = html`<link rel="stylesheet" href="/static/swagger-ui.css" />
  <script src="/static/swagger-ui-bundle.js" defer></script>
  <script type="module" src="/static/try-api.js"></script>`;
