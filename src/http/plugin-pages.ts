/**
 * Pages that plugins bring, below `/plugins/<id>/`:
 *
 *   GET <page>        a page of ours, where somebody signs in; it shows the plugin's own in a frame
 *   GET files/<file>  what stands in the folder `pages/` of the plugin's package, and nothing else of it
 *   POST graphql      an operation, as the signed-in person, with no more than the plugin was granted
 *
 * The frame is a sandbox without an origin: it has no cookie, no storage and no credential of ours, loads nothing but
 * its own files, sends nothing anywhere, and goes nowhere. What it wants of the graph it asks of the page around it by
 * messages. Its files are open to everybody, as a frame shows no credential.
 */
import { readFile, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import type { GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import type { OperationText } from '../graph/streamed-operation.js';
import type { Context, Services } from '../kernel/context.js';
import { languageOf, languageVaries } from '../lib/language.js';
import { requestPath } from '../lib/request-path.js';
import { resolveInside } from '../lib/safe-path.js';
import { sendText } from '../lib/send-text.js';
import { errorPage, type PageProblem } from '../pages/error-page.js';
import { pluginPage } from '../pages/plugin-page.js';
import { admittedContext, type AdmittingOptions, refuseRequest } from './admitted-request.js';
import { noteEndpoint } from './requests.js';
import { readOperation, RefusedRequest } from './stream-operation.js';

/** What pages need of a plugin that is served. */
export interface PluginWithPages {
  id: string;
  name: string;
  pages: readonly { path: string; title: string }[];
  /** Changes with its files. */
  packageHash: string;
  /** Where its package is unpacked. */
  folder: () => Promise<string>;
  /** Runs an operation for a page of it. */
  ask: (context: Context, operation: OperationText) => Promise<PageAnswer>;
}

export interface PageAnswer {
  status: number;
  body: { data?: unknown; errors?: readonly GraphQLFormattedError[] };
}

export interface PluginPagesOptions extends AdmittingOptions {
  /** undefined: it is not served here. */
  pluginOf: (id: string) => PluginWithPages | undefined;
  publicUrl: string;
  count: Services['count'];
  log: Logger;
}

export type PluginPagesDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const address = /^\/plugins\/([a-z][a-z0-9_-]{0,49})\/(?:(graphql)|files\/([^?]+)|([a-z][a-z0-9_-]{0,49}))$/;

/** Answers everything below `/plugins`. */
export function pluginPagesDoor(options: PluginPagesOptions): PluginPagesDoor {
  return async (request, response) => {
    const [, id = '', graphql, file, page] = address.exec(requestPath(request.url ?? '/')) ?? [];
    const plugin = options.pluginOf(id);
    if (graphql !== undefined && request.method !== 'GET') return answerOperation(request, response, plugin, options);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(request, response, 'GET, HEAD');
    if (file !== undefined) return sendFile(request, response, plugin, file, options);
    return sendPage(request, response, plugin, page ?? graphql, options);
  };
}

async function answerOperation(
  request: IncomingMessage,
  response: ServerResponse,
  plugin: PluginWithPages | undefined,
  options: PluginPagesOptions,
): Promise<void> {
  noteEndpoint(response, '/plugins/:id/graphql');
  if (request.method !== 'POST') return refuseMethod(request, response, 'POST');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const context = await admittedContext(request, response, gone.signal, options);
    if (!plugin) throw new RefusedRequest(404, 'No such plugin is served', { code: 'NOT_FOUND' });
    const { status, body } = await plugin.ask(context, await readOperation(request));
    response.statusCode = status;
    sendText(request, response, 'application/json; charset=utf-8', JSON.stringify(body));
  } catch (error) {
    refuseRequest(request, response, error, options);
  }
}

function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  plugin: PluginWithPages | undefined,
  path: string | undefined,
  { publicUrl }: PluginPagesOptions,
): void {
  noteEndpoint(response, '/plugins/:id/:page');
  const page = plugin?.pages.find((each) => each.path === path);
  if (!plugin || !page) return refusePage(request, response, { of: 'page' });
  const own = String(response.getHeader('Content-Security-Policy'));
  // The frame can be led nowhere else either.
  response.setHeader('Content-Security-Policy', `${own};frame-src ${filesOf(plugin, request, publicUrl)}`);
  const { id, name } = plugin;
  response.appendHeader('Vary', languageVaries.Vary);
  const { title } = page;
  sendText(
    request,
    response,
    html,
    pluginPage({ id, name, path: page.path, title }, languageOf(request.headers, 'en')),
  );
}

/** By what ends their names; other files are not given. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const html = 'text/html; charset=utf-8';

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  plugin: PluginWithPages | undefined,
  file: string,
  { publicUrl }: PluginPagesOptions,
): Promise<void> {
  noteEndpoint(response, '/plugins/:id/files');
  const found = plugin && (await fileOf(plugin, file));
  if (!found) return refusePage(request, response, { of: 'file' });
  const sources = filesOf(plugin, request, publicUrl);
  const etag = `"${plugin.packageHash.slice(0, 32)}"`;
  const headers = {
    'Content-Security-Policy': [
      'sandbox allow-scripts allow-forms',
      "default-src 'none'",
      ...['script-src', 'style-src', 'img-src', 'font-src'].map((directive) => `${directive} ${sources}`),
      "connect-src 'none'",
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'self'",
    ].join(';'),
    'X-Frame-Options': 'SAMEORIGIN',
    // To a page without an origin its own files are foreign: modules and fonts need the one, all others the other.
    'Access-Control-Allow-Origin': '*',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-cache',
    ETag: etag,
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
  response.writeHead(200, { 'Content-Type': found.type, 'Content-Length': found.content.length });
  response.end(request.method === 'HEAD' ? undefined : found.content);
}

/** undefined for what is not there, and for what is not for everybody. */
async function fileOf(plugin: PluginWithPages, file: string): Promise<{ type: string; content: Buffer } | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(file);
  } catch {
    return undefined;
  }
  const type = types[extname(path).toLowerCase()];
  if (type === undefined || !path.split('/').every((name) => /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(name)))
    return undefined;
  const root = await realpath(join(await plugin.folder(), 'pages')).catch(() => undefined);
  const real = root && (await resolveInside(root, path));
  // A link that leads elsewhere in the folder is none of ours.
  if (real === undefined || real !== join(root as string, path)) return undefined;
  return { type, content: await readFile(real) };
}

/**
 * The plugin's files as a source of a Content-Security-Policy: at the public address, and at the one that the browser
 * has, which on a developer's machine is another.
 */
function filesOf({ id }: PluginWithPages, { headers: { host = '' } }: IncomingMessage, publicUrl: string): string {
  const hosts = new Set([new URL(publicUrl).host, ...(/^[a-z0-9.-]+(:\d+)?$/i.test(host) ? [host] : [])]);
  return [...hosts].map((each) => `${each}/plugins/${id}/files/`).join(' ');
}

function refusePage(request: IncomingMessage, response: ServerResponse, problem: PageProblem): void {
  const page = errorPage(problem, languageOf(request.headers, 'en'));
  response.statusCode = page.status;
  response.appendHeader('Vary', languageVaries.Vary);
  sendText(request, response, html, page.html);
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed);
  refusePage(request, response, { of: 'method', allowed });
}
