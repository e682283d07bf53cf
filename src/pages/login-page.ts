import { html } from './html.js';
import { brand, layout } from './layout.js';
import { sameSitePath } from './same-site-path.js';

export interface LoginPage {
  /** A sentence in French that says why the last attempt failed. */
  error?: string | undefined;
  /** Where to go afterwards. Only a path of this site is kept, anything else becomes `/`. */
  next?: unknown;
  /** What was typed, so that a slip in the password does not cost the name too. */
  username?: string | undefined;
}

/** The K-Docs login: a plain form that posts `username`, `password` and `next` to `/kdocs/login`. */
export function loginPage({ error, next, username }: LoginPage = {}): string {
  const named = username !== undefined && username !== '';
  const failed = error !== undefined && error !== '';
  return layout({
    title: `${failed ? 'Erreur · ' : ''}Connexion · K-Docs`,
    lang: 'fr',
    body: html`<main class="centre">
${brand}
<div class="panel">
<h1>Connexion à K-Docs</h1>
<p>Avec votre compte Passerelle.</p>
${failed && html`<p class="problem" role="alert" id="problem">${error}</p>`}
<form method="post" action="/kdocs/login">
<input type="hidden" name="next" value="${sameSitePath(next)}">
<label for="username">Identifiant ou e-mail</label>
<input id="username" name="username" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${!named && html` autofocus`}>
<label for="password">Mot de passe</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${named && html` autofocus`}${failed && html` aria-describedby="problem"`}>
<button class="button primary">Se connecter</button>
</form>
</div>
<p class="aside"><a href="/">Retour à l’accueil</a></p>
</main>`,
  });
}
