import type { DialectLink } from './home-page.js';
import { html } from './html.js';
import { brand, layout } from './layout.js';

export interface CoreDocsPage {
  dialects: readonly DialectLink[];
  /** The API to show. */
  selected: DialectLink;
}

/** The REST reference: Redoc over `/core-docs/<name>.json`. Without scripts the choice still leads to each document. */
export function coreDocsPage({ dialects, selected }: CoreDocsPage): string {
  const spec = `/core-docs/${encodeURIComponent(selected.name)}.json`;
  return layout({
    title: `${selected.title} · REST reference · Passerelle`,
    className: 'reference',
    head: html`<link rel="stylesheet" href="/static/styles.css" />
      <script src="/static/redoc.standalone.js" defer></script>
      <script src="/static/core-docs.js" defer></script>`,
    body: html`<header class="reference-bar">
        ${brand}
        <form action="/core-docs" method="get">
          <label for="api">REST reference</label>
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
        <span class="links"><a href="${spec}">OpenAPI</a><a href="/graphql">GraphQL explorer</a></span>
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
