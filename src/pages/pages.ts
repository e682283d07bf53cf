import { basename, join } from 'node:path';
import express from 'express';
import compressedStatic from 'express-static-gzip';
import { languageOf } from '../lib/language.js';
import { consolePage } from './console-page.js';
import { coreDocsPage } from './core-docs-page.js';
import { errorPage, type PageProblem } from './error-page.js';
import { type DialectLink, homePage, type PluginPageLink } from './home-page.js';

export interface PagesOptions {
  /** The browser bundle, `dist/static`; if it is missing, each of its files is 404. */
  staticFolder: string;
  /** The bundle of the console, `dist/console`. */
  consoleFolder: string;
  /** Where browsers get the tiles of the console's maps, as `MAP_TILES_URL`; undefined: nowhere. */
  mapTilesUrl?: string | undefined;
  /** The REST APIs as of now, in the order to be shown; `/core-docs` opens the first. */
  dialects: () => readonly DialectLink[];
  /** Those of the plugins that are served now. */
  pluginPages: () => readonly PluginPageLink[];
  /** The server's public address, for the examples. */
  publicUrl: string;
  version: string;
  /** Shows that the data are made up. */
  demo: boolean;
}

/** `name-1A2B3C4D.js`: the hash in esbuild's names changes with the content. Some are compressed beforehand. */
const hashed = /-[0-9A-Z]{8}\.\w+(?:\.br|\.gz)?$/;

/**
 * The pages of xcore.md, « Documentation » and « Fichiers Statiques »: `GET /`, `GET /core-docs` and `GET /static/*`.
 * The OpenAPI documents under `/core-docs/<name>.json` are served elsewhere.
 */
export function pages({
  staticFolder,
  consoleFolder,
  mapTilesUrl,
  dialects,
  pluginPages,
  publicUrl,
  version,
  demo,
}: PagesOptions): express.Router {
  const router = express.Router();

  router.get('/', (request, response) => {
    const language = languageOf(request.headers, 'en');
    response
      .vary('Accept-Language')
      .type('html')
      .send(homePage({ dialects: dialects(), pluginPages: pluginPages(), publicUrl, version, demo, language }));
  });

  router.get('/core-docs', (request, response) => {
    const { api, view } = request.query;
    const known = dialects();
    const selected = api === undefined ? known[0] : known.find(({ name }) => name === api);
    if (!selected) return sendProblem(request, response, { of: 'api', name: String(api) });
    const language = languageOf(request.headers, 'en');
    response
      .vary('Accept-Language')
      .type('html')
      .send(coreDocsPage({ dialects: known, selected, isToTry: view === 'try', language }));
  });

  router.use('/static', ...filesOf(staticFolder, (path) => hashed.test(basename(path))));

  router.get('/kdocs', (_request, response) => response.redirect(302, '/console/'));
  // One page for all addresses below it: which is which the browser knows.
  router.use('/console/assets', ...filesOf(join(consoleFolder, 'assets'), () => true));
  router.get(['/console', '/console/*path'], consolePage(consoleFolder, mapTilesUrl));

  return router;
}

/**
 * Serves the files of a folder, compressed where the client takes it; whatever else is asked for is missing.
 * `isHashed`: whether a file's name changes with its content.
 */
const filesOf = (folder: string, isHashed: (path: string) => boolean): express.RequestHandler[] => [
  (request, response, next) => (isDecodable(request.path) ? next() : missingFile(request, response)),
  compressedStatic(folder, {
    enableBrotli: true,
    orderPreference: ['br', 'gzip'],
    index: false,
    serveStatic: {
      index: false,
      redirect: false,
      dotfiles: 'deny',
      setHeaders(response, path) {
        const fresh = isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
        response.setHeader('Cache-Control', fresh);
      },
    },
  }),
  // What is refused (a dotfile, a path out of the folder) looks like a missing file.
  missingFile,
];

function missingFile(request: express.Request, response: express.Response): void {
  // Of a compressed file that has gone meanwhile.
  response.removeHeader('Content-Encoding');
  sendProblem(request, response, { of: 'file' });
}

function sendProblem(request: express.Request, response: express.Response, problem: PageProblem): void {
  const { status, html } = errorPage(problem, languageOf(request.headers, 'en'));
  response.status(status).vary('Accept-Language').type('html').send(html);
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
