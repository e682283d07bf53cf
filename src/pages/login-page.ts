import { html } from './html.js';
import { brand, layout } from './layout.js';
import { sameSitePath } from './same-site-path.js';

export interface LoginPage {
  /** Why the last attempt failed, in French. */
  error?: string | undefined;
  /** Where to go after the login: a path of this site; anything else becomes `/`. */
  next?: unknown;
  /** The name that was typed, to be shown again. */
  username?: string | undefined;
  /** Shows the field for a code of the second factor, with which the password is typed again. Default: false. */
  asksCode?: boolean;
}

/**
 * The K-Docs login: a plain form that posts `username`, `password`, `next` and, when asked, `code_2fa` to
 * `/kdocs/login`.
 */
export function loginPage({ error, next, username, asksCode = false }: LoginPage = {}): string {
  const named = username !== undefined && username !== '';
  const failed = error !== undefined && error !== '';
  return layout({
    title: `${failed ? 'Erreur · ' : ''}Connexion · K-Docs`,
    lang: 'fr',
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <h1>Connexion à K-Docs</h1>
        ${
          asksCode
            ? html`<p role="status">
                Ce compte demande un second facteur. Saisissez à nouveau le mot de passe, puis le code de votre
                application d’authentification ou un code de récupération.
              </p>`
            : html`<p>Avec votre compte Passerelle.</p>`
        }
        ${failed && html`<p class="problem" role="alert" id="problem">${error}</p>`}
        <form method="post" action="/kdocs/login">
          <input type="hidden" name="next" value="${sameSitePath(next)}" />
          <label for="username">Identifiant ou e-mail</label>
          <input
            id="username"
            name="username" value="${username}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required${!named && html` autofocus`}
          />
          <label for="password">Mot de passe</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required${named && html` autofocus`}${failed && html` aria-describedby="problem"`}
          />
          ${
            asksCode &&
            html`<label for="code_2fa">Code</label>
              <input
                id="code_2fa"
                name="code_2fa"
                autocomplete="one-time-code"
                autocapitalize="none"
                spellcheck="false"
                maxlength="50"
              />`
          }
          <button class="button primary">Se connecter</button>
        </form>
      </div>
      <p class="aside"><a href="/">Retour à l’accueil</a></p>
    </main>`,
  });
}
