import type { Language } from '../lib/language.js';
import { html, type Html } from './html.js';

export interface Layout {
  title: string;
  lang?: Language;
  description?: string;
  /** Class of `<body>`. */
  className?: string;
  /** Style sheets and scripts under `/static`. */
  head?: Html;
  body: Html;
}

/** The frame of every page. Scripts and styles are files of our own, as the Content-Security-Policy demands. */
export function layout({ title, lang = 'en', description, className, head, body }: Layout): string {
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${description !== undefined && html`<meta name="description" content="${description}" />`}
<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">
${head ?? html`<link rel="stylesheet" href="/static/styles.css" />`}
</head>
<body${className !== undefined && html` class="${className}"`}>
${body}
</body>
</html>
`.toString();
}

export const brand: Html = html`<a class="brand" href="/">
  <img src="/static/favicon.svg" alt="" width="28" height="28" />Passerelle
</a>`;
