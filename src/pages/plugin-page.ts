import type { Language } from '../lib/language.js';
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

const words = {
  en: {
    signOut: 'Sign out',
    signIn: 'Sign in',
    what: (plugin: string) =>
      `This page is of the plugin ${plugin}. It can do what you may, as far as the plugin was granted.`,
    username: 'User name or e-mail',
    password: 'Password',
    code: 'Code of your app, or a recovery code',
    needsScripts: 'This page needs JavaScript.',
  },
  fr: {
    signOut: 'Se déconnecter',
    signIn: 'Se connecter',
    what: (plugin: string) =>
      `Cette page est du plugin ${plugin}. Elle peut ce que vous pouvez, autant que le plugin y est autorisé.`,
    username: 'Identifiant ou e-mail',
    password: 'Mot de passe',
    code: 'Code de votre application, ou code de récupération',
    needsScripts: 'Cette page demande JavaScript.',
  },
} as const;

/**
 * The frame of a plugin's page: who is not signed in signs in first. The plugin's own file runs in a sandbox, and
 * asks the graph by messages to `/static/plugin-page.js`.
 */
export function pluginPage({ id, name, path, title }: PluginPage, language: Language): string {
  const text = words[language];
  return layout({
    title: `${title} · ${name} · Passerelle`,
    lang: language,
    className: 'plugin-page',
    head: html`<link rel="stylesheet" href="/static/styles.css" />
      <script type="module" src="/static/plugin-page.js"></script>`,
    body: html`<header class="reference-bar">
        ${brand}
        <span class="plugin-page-title">${title}</span>
        <span class="links" id="person" hidden>
          <span id="person-name"></span>
          <button type="button" id="sign-out" class="link">${text.signOut}</button>
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
          <h1>${text.signIn}</h1>
          <p>${text.what(name)}</p>
          <p class="problem" role="alert" id="problem" hidden></p>
          <label for="username">${text.username}</label>
          <input
            id="username"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
          />
          <label for="password">${text.password}</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
          <div id="second-factor" hidden>
            <label for="code">${text.code}</label>
            <input
              id="code"
              name="code"
              autocomplete="one-time-code"
              autocapitalize="none"
              spellcheck="false"
              maxlength="50"
            />
          </div>
          <button class="button primary">${text.signIn}</button>
        </form>
        <noscript><p class="reference-failed">${text.needsScripts}</p></noscript>
      </main>`,
  });
}
