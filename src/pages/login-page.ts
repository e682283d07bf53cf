import type { Language } from '../lib/language.js';
import { html } from './html.js';
import { brand, layout } from './layout.js';
import { sameSitePath } from './same-site-path.js';

export interface LoginPage {
  /** Why the last attempt failed. */
  error?: LoginProblem | undefined;
  /** Where to go after the login: a path of this site; anything else becomes the console. */
  next?: unknown;
  /** The name that was typed, to be shown again. */
  username?: string | undefined;
  /** Shows the field for a code of the second factor, with which the password is typed again. Default: false. */
  asksCode?: boolean;
}

/** `message` is in French; it says more of an attempt that was refused for another reason. */
export interface LoginProblem {
  of: 'credentials' | 'code' | 'attempts' | 'other';
  message: string;
}

const words = {
  fr: {
    failed: 'Erreur',
    title: 'Connexion',
    heading: 'Connexion à K-Docs',
    account: 'Avec votre compte Passerelle.',
    secondFactor:
      'Ce compte demande un second facteur. Saisissez à nouveau le mot de passe, puis le code de votre ' +
      'application d’authentification ou un code de récupération.',
    problem: ({ of, message }: LoginProblem) =>
      of === 'credentials'
        ? 'Identifiant ou mot de passe incorrect'
        : of === 'code'
          ? 'Code incorrect ou déjà utilisé'
          : message,
    username: 'Identifiant ou e-mail',
    password: 'Mot de passe',
    code: 'Code',
    submit: 'Se connecter',
    home: 'Retour à l’accueil',
  },
  en: {
    failed: 'Error',
    title: 'Sign in',
    heading: 'Sign in to K-Docs',
    account: 'With your account of Passerelle.',
    secondFactor:
      'This account asks for a second factor. Type the password again, then the code of your authenticator ' +
      'app or a recovery code.',
    problem: ({ of }: LoginProblem) =>
      ({
        credentials: 'That user name and password don’t match',
        code: 'That code is wrong or was used before',
        attempts: 'Too many attempts. Try again later',
        other: 'This account may not sign in. Ask an administrator',
      })[of],
    username: 'User name or e-mail',
    password: 'Password',
    code: 'Code',
    submit: 'Sign in',
    home: 'Back to the home page',
  },
};

/**
 * The K-Docs login: a plain form that posts `username`, `password`, `next` and, when asked, `code_2fa` to
 * `/kdocs/login`.
 */
export function loginPage({ error, next, username, asksCode = false }: LoginPage, language: Language): string {
  const text = words[language];
  const named = username !== undefined && username !== '';
  const failed = error !== undefined;
  return layout({
    title: `${failed ? `${text.failed} · ` : ''}${text.title} · K-Docs`,
    lang: language,
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <h1>${text.heading}</h1>
        ${asksCode ? html`<p role="status">${text.secondFactor}</p>` : html`<p>${text.account}</p>`}
        ${failed && html`<p class="problem" role="alert" id="problem">${text.problem(error)}</p>`}
        <form method="post" action="/kdocs/login">
          <input type="hidden" name="next" value="${sameSitePath(next)}" />
          <label for="username">${text.username}</label>
          <input
            id="username"
            name="username" value="${username}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required${!named && html` autofocus`}
          />
          <label for="password">${text.password}</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required${named && html` autofocus`}${failed && html` aria-describedby="problem"`}
          />
          ${
            asksCode &&
            html`<label for="code_2fa">${text.code}</label>
              <input
                id="code_2fa"
                name="code_2fa"
                autocomplete="one-time-code"
                autocapitalize="none"
                spellcheck="false"
                maxlength="50"
              />`
          }
          <button class="button primary">${text.submit}</button>
        </form>
      </div>
      <p class="aside"><a href="/">${text.home}</a></p>
    </main>`,
  });
}
