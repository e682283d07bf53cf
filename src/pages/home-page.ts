import { html, type Html } from './html.js';
import { brand, layout } from './layout.js';

/** A REST API as the pages show it. */
export interface DialectLink {
  /** Its name in URLs: `/core-docs/<name>.json`. */
  name: string;
  /** Its name as it is shown. */
  title: string;
  /** Where its routes begin: `/kdocs/api`; empty at the root. */
  prefix: string;
  /** Markdown; the home page shows its first sentence. */
  description: string;
}

/** A page that a plugin brings. */
export interface PluginPageLink {
  /** `/plugins/vehicle-fleet/fleet` */
  href: string;
  title: string;
  /** The plugin's name and what it says of itself. */
  text: string;
}

export interface HomePage {
  dialects: readonly DialectLink[];
  pluginPages: readonly PluginPageLink[];
  publicUrl: string;
  version: string;
  /** Shows that the data are made up. */
  demo: boolean;
}

interface Card {
  href: string;
  title: string;
  text: string;
  path: string;
  /** Shown larger than the others. */
  main?: boolean;
}

const card = ({ href, title, text, path, main = false }: Card): Html =>
  html`<li class="${main ? 'card main' : 'card'}">
    <h3><a href="${href}">${title}</a></h3>
    <p>${text}</p>
    <code class="path">${path}</code>
  </li>`;

/** For any POSIX shell, with the password filled in; needs nothing but curl and sed. */
const shellExample = (url: string): string => `TOKEN=$(curl -s ${url}/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"username":"admin","password":"YOUR_PASSWORD"}' |
  sed -E 's/.*"access_token": *"([^"]+)".*/\\1/')

curl -s ${url}/graphql \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"query":"{ viewer { fullName } documents(first: 3) { nodes { title owner { username } } } }"}'`;

const top = html`<header class="top">
  <div class="wrap">
    ${brand}
    <nav aria-label="Main">
      <a href="/graphql">GraphQL</a><a href="/core-docs">REST reference</a><a href="/kdocs/login">K-Docs</a>
    </nav>
  </div>
</header>`;

const demoNotice = html`<div class="notice" role="note">
  <div class="wrap">
    <strong>Demo data.</strong> The firm, its people and its invoices are made up. Start with <code>DEMO=0</code> for an
    empty system.
  </div>
</div>`;

const hero = html`<section class="hero">
  <div>
    <h1>One graph for the whole back office</h1>
    <p>
      Passerelle holds a firm’s people, documents and invoices in one GraphQL graph with live subscriptions, and keeps
      speaking the REST APIs that its programs already use.
    </p>
    <div class="actions">
      <a class="button primary" href="/graphql">GraphQL explorer</a>
      <a class="button" href="/core-docs">REST reference</a>
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
</section>`;

const graphCard = card({
  href: '/graphql',
  title: 'GraphQL',
  text: 'Everything, joined: queries, mutations and live subscriptions, with completion and documentation.',
  path: '/graphql',
  main: true,
});

const sentences = new Intl.Segmenter('fr', { granularity: 'sentence' });

/** The first sentence of a text in Markdown, without its marks; empty when it begins with anything but a paragraph. */
function firstSentence(markdown: string): string {
  const paragraph = markdown.trim().split(/\n\s*\n/, 1)[0] ?? '';
  if (/^(#|[-*+>|]\s|\d+\.\s|```)/.test(paragraph)) return '';
  const plain = paragraph
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/`|\*+|~~|\b__?|__?\b/g, '')
    .replaceAll(/\s+/g, ' ');
  const [first] = sentences.segment(plain);
  return first?.segment.trim() ?? '';
}

const dialectCard = ({ name, title, description, prefix }: DialectLink): Html =>
  card({
    href: `/core-docs?api=${encodeURIComponent(name)}`,
    title,
    text: firstSentence(description),
    path: prefix || '/',
  });

const apis = (dialects: readonly DialectLink[]): Html =>
  html`<section class="section" aria-labelledby="apis">
    <h2 id="apis">One graph, and the REST APIs around it</h2>
    <p>
      Each REST API keeps its own addresses, words and errors. All share one directory of people, and any credential
      opens any door.
    </p>
    <ul class="cards">
      ${graphCard} ${dialects.map(dialectCard)}
    </ul>
  </section>`;

const ofPlugins = (links: readonly PluginPageLink[]): Html =>
  html`<section class="section" aria-labelledby="plugins">
    <h2 id="plugins">Pages of plugins</h2>
    <ul class="cards">
      ${links.map((link) => card({ ...link, path: link.href }))}
    </ul>
  </section>`;

const otherAddresses: readonly Card[] = [
  {
    href: '/kdocs/login',
    title: 'K-Docs sign-in',
    text: 'Open a browser session; it works in the explorer too.',
    path: '/kdocs/login',
  },
  {
    href: '/health',
    title: 'Health',
    text: 'Whether the server and what it depends on are well.',
    path: '/health',
  },
  {
    href: '/metrics',
    title: 'Metrics',
    text: 'Requests, durations and pools, for Prometheus.',
    path: '/metrics',
  },
];

const others = html`<section class="section" aria-labelledby="doors">
  <h2 id="doors">Other doors</h2>
  <ul class="cards">
    ${otherAddresses.map(card)}
  </ul>
</section>`;

const terminal = (url: string): Html =>
  html`<section class="section" aria-labelledby="shell">
    <h2 id="shell">From a terminal</h2>
    <p>Sign in, keep the token, ask the graph.</p>
    <div class="code" data-copy>
      <pre tabindex="0"><code>${shellExample(url)}</code></pre>
    </div>
  </section>`;

export function homePage({ dialects, pluginPages, publicUrl, version, demo }: HomePage): string {
  return layout({
    title: 'Passerelle',
    description: 'One GraphQL graph for a firm’s back office, and the REST APIs that its programs already speak.',
    head: html`<link rel="stylesheet" href="/static/styles.css" />
      <script type="module" src="/static/home.js"></script>`,
    body: html`<a class="skip" href="#main">Skip to the content</a>
      ${top} ${demo && demoNotice}
      <main id="main" class="wrap">${hero} ${apis(dialects)}
        ${pluginPages.length > 0 && ofPlugins(pluginPages)} ${others} ${terminal(publicUrl.replace(/\/+$/, ''))}</main>
      <footer class="foot"><div class="wrap">Passerelle ${version}</div></footer>`,
  });
}
