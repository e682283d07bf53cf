import type { Language } from '../lib/language.js';
import { homeWords, type HomeWords } from './home-words.js';
import { html, type Html } from './html.js';
import { brand, layout } from './layout.js';

/** A REST API as the pages show it. */
export interface DialectLink {
  /** In which it describes itself. */
  language: Language;
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
  language: Language;
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

const top = ({ main, reference, console }: HomeWords): Html =>
  html`<header class="top">
    <div class="wrap">
      ${brand}
      <nav aria-label="${main}">
        <a href="/console/">${console}</a><a href="/graphql">GraphQL</a><a href="/core-docs">${reference}</a>
      </nav>
    </div>
  </header>`;

const demoNotice = ({ demo }: HomeWords): Html =>
  html`<div class="notice" role="note">
    <div class="wrap"><strong>${demo.title}</strong> ${demo.text} <code>DEMO=0</code>${demo.end}</div>
  </div>`;

const hero = ({ headline, lead, open, explorer, reference, caption }: HomeWords): Html =>
  html`<section class="hero">
  <div>
    <h1>${headline}</h1>
    <p>${lead}</p>
    <div class="actions">
      <a class="button primary" href="/console/">${open}</a>
      <a class="button" href="/graphql">${explorer}</a>
      <a class="button" href="/core-docs">${reference}</a>
    </div>
  </div>
  <figure class="code">
    <figcaption>${caption}</figcaption>
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

/** APIs of plugins have no words of ours: their own stand there, in whatever language they have. */
const dialectCard =
  ({ apis }: HomeWords) =>
  ({ name, title, description, prefix }: DialectLink): Html =>
    card({
      href: `/core-docs?api=${encodeURIComponent(name)}`,
      title: apis[name]?.title ?? title,
      text: apis[name]?.text ?? firstSentence(description),
      path: prefix || '/',
    });

const apis = (dialects: readonly DialectLink[], words: HomeWords): Html =>
  html`<section class="section" aria-labelledby="apis">
    <h2 id="apis">${words.around.title}</h2>
    <p>${words.around.text}</p>
    <ul class="cards">
      ${card({ href: '/graphql', title: 'GraphQL', text: words.graph, path: '/graphql', main: true })}
      ${dialects.map(dialectCard(words))}
    </ul>
  </section>`;

const ofPlugins = (links: readonly PluginPageLink[], { plugins }: HomeWords): Html =>
  html`<section class="section" aria-labelledby="plugins">
    <h2 id="plugins">${plugins}</h2>
    <ul class="cards">
      ${links.map((link) => card({ ...link, path: link.href }))}
    </ul>
  </section>`;

const others = ({ others, doors }: HomeWords): Html =>
  html`<section class="section" aria-labelledby="doors">
    <h2 id="doors">${others}</h2>
    <ul class="cards">
      ${Object.entries(doors).map(([path, words]) => card({ href: path, path, ...words }))}
    </ul>
  </section>`;

const terminal = (url: string, { shell }: HomeWords): Html =>
  html`<section class="section" aria-labelledby="shell">
    <h2 id="shell">${shell.title}</h2>
    <p>${shell.text}</p>
    <div class="code" data-copy>
      <pre tabindex="0"><code>${shellExample(url)}</code></pre>
    </div>
  </section>`;

export function homePage({ dialects, pluginPages, publicUrl, version, demo, language }: HomePage): string {
  const words = homeWords[language];
  return layout({
    title: 'Passerelle',
    lang: language,
    description: words.description,
    head: html`<link rel="stylesheet" href="/static/styles.css" />
      <script type="module" src="/static/home.js"></script>`,
    body: html`<a class="skip" href="#main">${words.skip}</a>
      ${top(words)} ${demo && demoNotice(words)}
      <main id="main" class="wrap">${hero(words)} ${apis(dialects, words)}
        ${pluginPages.length > 0 && ofPlugins(pluginPages, words)} ${others(words)}
        ${terminal(publicUrl.replace(/\/+$/, ''), words)}</main>
      <footer class="foot"><div class="wrap">Passerelle ${version}</div></footer>`,
  });
}
