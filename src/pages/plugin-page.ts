import { html } from './html.js';
import { brand, layout } from './layout.js';

export interface PluginPage {
  /** Of the plugin. */
  id: string;
  name: string;
  /** Of the page. */
  path: string;
  title: string;
}

/**
 * The frame of a plugin's page: who is not signed in signs in first. The plugin's own file runs in a sandbox, and
 * asks the graph by messages to `/static/plugin-page.js`.
 */
export function pluginPage({ id, name, path, title }: PluginPage): string {
  return layout({
    title: `${title} · ${name} · Passerelle`,
    className: 'plugin-page',
    head: html`<link rel="stylesheet" href="/static/styles.css" />
      <script type="module" src="/static/plugin-page.js"></script>`,
    body: html`<header class="reference-bar">
        ${brand}
        <span class="plugin-page-title">${title}</span>
        <span class="links" id="person" hidden>
          <span id="person-name"></span>
          <button type="button" id="sign-out" class="link">Sign out</button>
        </span>
      </header>
      <main>
        <iframe
          id="frame"
          title="${title}"
          sandbox="allow-scripts allow-forms"
          data-src="/plugins/${id}/files/${path}.html"
          data-graphql="/plugins/${id}/graphql"
          hidden
        ></iframe>
        <form id="sign-in" class="panel" hidden>
          <h1>Sign in</h1>
          <p>This page is of the plugin ${name}. It can do what you may, as far as the plugin was granted.</p>
          <p class="problem" role="alert" id="problem" hidden></p>
          <label for="username">User name or e-mail</label>
          <input
            id="username"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
          />
          <label for="password">Password</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
          <div id="second-factor" hidden>
            <label for="code">Code of your app, or a recovery code</label>
            <input
              id="code"
              name="code"
              autocomplete="one-time-code"
              autocapitalize="none"
              spellcheck="false"
              maxlength="50"
            />
          </div>
          <button class="button primary">Sign in</button>
        </form>
        <noscript><p class="reference-failed">This page needs JavaScript.</p></noscript>
      </main>`,
  });
}
