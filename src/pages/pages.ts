import { basename } from 'node:path';
import express from 'express';
import { coreDocsPage } from './core-docs-page.js';
import { errorPage } from './error-page.js';
import { homePage, type DialectLink } from './home-page.js';

export interface PagesOptions {
  /** The browser bundle, `dist/static`; a missing folder answers 404 for each file. */
  staticFolder: string;
  /** The REST APIs in the order of the list; the first is what `/core-docs` opens with. */
  dialects: readonly DialectLink[];
  /** The address that people reach the server by, for the examples. */
  publicUrl: string;
  version: string;
  /** Whether the data are made up. */
  demo: boolean;
}

/** `name-1A2B3C4D.js`: esbuild's name for content that never changes under it. */
const hashed = /-[0-9A-Z]{8}\.\w+$/;

/**
 * The pages of contract xcore, "Documentation" and "Fichiers Statiques": `GET /`, `GET /core-docs` and
 * `GET /static/*`. The documents under `/core-docs/<name>.json` are the REST layer's.
 */
export function pages({ staticFolder, dialects, publicUrl, version, demo }: PagesOptions): express.Router {
  const router = express.Router();
  const home = homePage({ dialects, publicUrl, version, demo });

  router.get('/', (_request, response) => {
    response.type('html').send(home);
  });

  router.get('/core-docs', (request, response) => {
    const { api } = request.query;
    const selected = api === undefined ? dialects[0] : dialects.find(({ name }) => name === api);
    response.type('html');
    if (selected) response.send(coreDocsPage({ dialects, selected }));
    else response.status(404).send(errorPage(404, 'No such API', `There is no API called “${String(api)}” here.`));
  });

  router.use(
    '/static',
    express.static(staticFolder, {
      index: false,
      redirect: false,
      dotfiles: 'deny',
      setHeaders(response, path) {
        const fresh = hashed.test(basename(path)) ? 'public, max-age=31536000, immutable' : 'no-cache';
        response.setHeader('Cache-Control', fresh);
      },
    }),
    // Whatever is refused (a dotfile, a way out of the folder) looks like what is missing.
    (_request, response) => {
      response
        .status(404)
        .type('html')
        .send(errorPage(404, 'Not found', 'There is no such file.'));
    },
  );

  return router;
}
