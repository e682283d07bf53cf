import { html } from './html.js';
import { brand, layout } from './layout.js';

/** A page for a browser that met an error. `message` is shown as it is: pass nothing internal. */
export function errorPage(status: number, title: string, message: string): string {
  return layout({
    title: `${title} · Passerelle`,
    body: html`<main class="centre">
      ${brand}
      <div class="panel">
        <p class="status">${status}</p>
        <h1>${title}</h1>
        <p>${message}</p>
        <a class="button primary" href="/">Back to the home page</a>
      </div>
    </main>`,
  });
}
