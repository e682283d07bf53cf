import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestHandler, Response } from 'express';
import { html } from './html.js';

/**
 * The console's one page. `mapTilesUrl`, where the operator set one, is written into it as `<meta name="map-tiles">`,
 * and its content policy admits pictures from there: no other page of the server contacts another host.
 */
export function consolePage(folder: string, mapTilesUrl: string | undefined): RequestHandler {
  if (mapTilesUrl === undefined)
    return (_request, response) => {
      response.setHeader('Content-Security-Policy', consolePolicy(response));
      response.setHeader('Cache-Control', 'no-cache');
      response.sendFile('index.html', { root: folder, cacheControl: false });
    };
  const { origin } = new URL(mapTilesUrl);
  const named = String(html`<meta name="map-tiles" content="${mapTilesUrl}" />`);
  return async (_request, response) => {
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    response.setHeader('Content-Security-Policy', consolePolicy(response).replace(/img-src [^;]*/, `$& ${origin}`));
    response.setHeader('Cache-Control', 'no-cache');
    // A function: the address may hold what a replacement would read as a pattern.
    response.type('html').send(page.replace('</head>', () => `${named}</head>`));
  };
}

/** The console frames PDFs that it has fetched itself, for the browser's viewer; no address can be framed. */
const consolePolicy = (response: Response): string =>
  `${String(response.getHeader('Content-Security-Policy'))};frame-src blob:`;
