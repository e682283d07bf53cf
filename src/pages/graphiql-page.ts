import { html } from './html.js';
import { layout } from './layout.js';

/** The page that browsers get at `/graphql`: GraphiQL with the site's bar, all from `/static`. */
export function graphiqlPage(): string {
  return layout({
    title: 'GraphQL explorer · Passerelle',
    head: html`<link rel="stylesheet" href="/static/graphiql.css" />
      <script type="module" src="/static/graphiql.js"></script>`,
    body: html`<div id="explorer"><p class="waiting">Loading the explorer…</p></div>
      <noscript>The explorer needs JavaScript. The endpoint does not: send a POST to <code>/graphql</code>.</noscript>`,
  });
}
