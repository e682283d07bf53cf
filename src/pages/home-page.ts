import { html, type Html } from './html.js';
import { brand, layout } from './layout.js';

/** One of the REST APIs, as the pages show it. */
export interface DialectLink {
  /** Its name in URLs: `/core-docs/<name>.json`. */
  name: string;
  /** Its name for people. */
  title: string;
  /** Where its routes begin: `/kdocs/api`. */
  prefix: string;
  description: string;
}

export interface HomePage {
  dialects: readonly DialectLink[];
  publicUrl: string;
  version: string;
  /** Whether the data are made up, which the page then says. */
  demo: boolean;
}

interface Card {
  href: string;
  title: string;
  text: string;
  path: string;
  /** Set apart from the others. */
  main?: boolean;
}

const card = ({ href, title, text, path, main = false }: Card): Html =>
  html`<li class="${main ? 'card main' : 'card'}">
    <h3><a href="${href}">${title}</a></h3>
    <p>${text}</p>
    <code class="path">${path}</code>
  </li>`;

/** Runs as it stands in any POSIX shell, once the password is filled in; needs nothing but curl and sed. */
const shellExample = (url: string): string => `TOKEN=$(curl -s ${url}/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"username":"admin","password":"YOUR_PASSWORD"}' |
  sed -E 's/.*"access_token": *"([^"]+)".*/\\1/')

curl -s ${url}/graphql \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"query":"{ viewer { fullName } documents(first: 3) { nodes { title owner { username } } } }"}'`;

export function homePage({ dialects, publicUrl, version, demo }: HomePage): string {
  const url = publicUrl.replace(/\/+$/, '');
  return layout({
    title: 'Passerelle',
    description: 'One GraphQL graph for a firm’s back office, and the REST APIs that its programs already speak.',
    head: html`<link rel="stylesheet" href="/static/styles.css" />
      <script type="module" src="/static/home.js"></script>`,
    body: html`<a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <div class="wrap">
          ${brand}
          <nav aria-label="Main">
            <a href="/graphql">GraphQL</a><a href="/core-docs">REST reference</a><a href="/kdocs/login">K-Docs</a>
          </nav>
        </div>
      </header>
      ${
        demo &&
        html`<div class="notice" role="note">
          <div class="wrap">
            <strong>Demo data.</strong> The firm, its people and its invoices are made up. Start with
            <code>DEMO=0</code> for an empty system.
          </div>
        </div>`
      }
      <main id="main" class="wrap">
        <section class="hero">
          <div>
            <h1>One graph for the whole back office</h1>
            <p>
              Passerelle holds a firm’s people, documents and invoices in one GraphQL graph with live subscriptions, and
              keeps speaking the REST APIs that its programs already use.
            </p>
            <div class="actions">
              <a class="button primary" href="/graphql">GraphQL explorer</a
              ><a class="button" href="/core-docs">REST reference</a>
            </div>
          </div>
          <figure class="code">
            <figcaption>A person, invoices and documents in one request</figcaption>
            <pre tabindex="0"><code><b>query</b> {
  viewer { fullName  roles { name } }
  invoices(first: <i>10</i>) {
    nodes {
      number  status  total
      lines { description  quantity  vatRate }
    }
  }
  documents(first: <i>3</i>, orderBy: <i>CREATED_AT_DESC</i>) {
    nodes { title  tags { name } }
  }
}</code></pre>
          </figure>
        </section>
        <section class="section" aria-labelledby="apis">
          <h2 id="apis">One graph, and the REST APIs around it</h2>
          <p>
            Each REST API keeps its own addresses, words and errors. All share one directory of people, and any
            credential opens any door.
          </p>
          <ul class="cards">
            ${card({ href: '/graphql', title: 'GraphQL', text: 'Everything, joined: queries, mutations and live subscriptions, with completion and documentation.', path: '/graphql', main: true })}
            ${dialects.map((dialect) =>
              card({
                href: `/core-docs?api=${encodeURIComponent(dialect.name)}`,
                title: dialect.title,
                text: dialect.description.replaceAll('`', ''),
                path: dialect.prefix,
              }),
            )}
          </ul>
        </section>
        <section class="section" aria-labelledby="doors">
          <h2 id="doors">Other doors</h2>
          <ul class="cards">
            ${card({ href: '/kdocs/login', title: 'K-Docs sign-in', text: 'Open a browser session; it works in the explorer too.', path: '/kdocs/login' })}
            ${card({ href: '/health', title: 'Health', text: 'Whether the server and what it depends on are well.', path: '/health' })}
            ${card({ href: '/metrics', title: 'Metrics', text: 'Requests, durations and pools, for Prometheus.', path: '/metrics' })}
          </ul>
        </section>
        <section class="section" aria-labelledby="shell">
          <h2 id="shell">From a terminal</h2>
          <p>Sign in, keep the token, ask the graph.</p>
          <div class="code" data-copy>
            <pre tabindex="0"><code>${shellExample(url)}</code></pre>
          </div>
        </section>
      </main>
      <footer class="foot"><div class="wrap">Passerelle ${version}</div></footer>`,
  });
}
