import { html } from './html.js';
import { layout } from './layout.js';

/** What a browser gets that opens `/graphql`: GraphiQL with our bar, all from `/static`. */
export function graphiqlPage(): string {
  return layout({
    title: 'GraphQL explorer · Passerelle',
    head: html`<link rel="stylesheet" href="/static/graphiql.css" />
      <script type="module" src="/static/graphiql.js"></script>`,
    body: html`<div id="explorer"><p class="waiting">Loading the explorer…</p></div>
      <noscript>The explorer needs JavaScript. The endpoint does not: send a POST to <code>/graphql</code>.</noscript>`,
  });
}
