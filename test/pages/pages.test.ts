import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/app/dialects.js';
import { languageOf } from '../../src/lib/language.js';
import { errorPage } from '../../src/pages/error-page.js';
import { graphiqlPage } from '../../src/pages/graphiql-page.js';
import { homeWords } from '../../src/pages/home-words.js';
import { html } from '../../src/pages/html.js';
import { loginPage } from '../../src/pages/login-page.js';
import { pages, type PagesOptions } from '../../src/pages/pages.js';
import { sameSitePath } from '../../src/pages/same-site-path.js';
import { securityHeaders } from '../../src/pages/security-headers.js';

const hostile = `"'><script>alert(1)</script>`;
const options: Omit<PagesOptions, 'staticFolder' | 'consoleFolder'> = {
  dialects: () => [
    { name: 'archidrive', title: 'ArchiDrive', prefix: '/v1', description: 'Users and invoices', language: 'en' },
    { name: 'xcore', title: 'xcore', prefix: '', description: 'Authentification', language: 'fr' },
    { name: 'kdocs', title: 'K-Docs', prefix: '/kdocs/api', description: 'Documents & validations', language: 'fr' },
    {
      language: 'en',
      name: 'fleet',
      title: 'Parc & Co',
      prefix: '/parc/v1',
      description: 'Sign **in** by `POST\n/a_b`, see [this](/x). A guide',
    },
  ],
  pluginPages: () => [],
  publicUrl: 'https://passerelle.example/',
  version: '1.2.3',
  demo: true,
};

let folder: string;
let server: Server;
let base: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
  const staticFolder = join(folder, 'static');
  mkdirSync(join(staticFolder, 'nested'), { recursive: true });
  mkdirSync(join(folder, 'static-secret'));
  writeFileSync(join(folder, 'package.json'), '{"secret":true}');
  writeFileSync(join(folder, 'static-secret/key'), 'secret');
  writeFileSync(join(staticFolder, '.env'), 'secret');
  writeFileSync(join(staticFolder, 'styles.css'), 'body{}');
  writeFileSync(join(staticFolder, 'index.html'), '<!doctype html>');
  writeFileSync(join(staticFolder, 'chunk-2Z3X3ASD.js'), 'export {}');
  writeFileSync(join(staticFolder, 'going-2Z3X3ASD.js.gz'), gzipSync('export {}'));
  writeFileSync(join(staticFolder, 'chunk-2Z3X3ASD.js.br'), brotliCompressSync('export {}'));
  writeFileSync(join(staticFolder, 'chunk-2Z3X3ASD.js.gz'), gzipSync('export {}'));

  const app = express();
  const secure = securityHeaders();
  app.use((_request, response, next) => {
    secure(response);
    next();
  });
  app.use(pages({ ...options, staticFolder, consoleFolder: staticFolder }));
  app.get('/graphql', ({ headers }, response) => {
    const language = languageOf(headers, 'en');
    response.vary('Accept-Language').type('html').send(graphiqlPage(language));
  });
  app.get('/kdocs/login', ({ query }, response) => {
    response
      .type('html')
      .send(
        loginPage(
          { next: query.next, username: String(query.username), error: { of: 'other', message: String(query.error) } },
          'fr',
        ),
      );
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** A request that goes out as it is written; `fetch` would resolve the dots and forbid a 304. */
const raw = (path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    request(base, { path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });

const everyPage = [
  '/',
  '/core-docs',
  '/core-docs?api=kdocs',
  '/core-docs?api=kdocs&view=try',
  '/graphql',
  '/kdocs/login',
];

describe('every page', () => {
  it.each(everyPage)('%s answers html under a policy that lets no foreign host in', async (path) => {
    const answer = await fetch(base + path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy.split(';').toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "font-src 'self' data:",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "worker-src 'self' blob:",
    ]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('same-origin');
  });

  it('the console frames what it has fetched itself, and nothing else', async () => {
    const answer = await fetch(`${base}/console/invoices/1`);
    const policy = (answer.headers.get('content-security-policy') ?? '').split(';');
    expect(policy.filter((each) => each.startsWith('frame') || each.startsWith('default'))).toEqual([
      "default-src 'none'",
      "frame-ancestors 'none'",
      'frame-src blob:',
    ]);
  });

  it.each(everyPage)('%s names its language and loads nothing from elsewhere, and no inline script', async (path) => {
    const text = await (await fetch(base + path)).text();
    expect(text).toMatch(/^<!doctype html>\n<html lang="(en|fr)">/);
    for (const [, address] of text.matchAll(/\b(?:src|href|action|data-spec)="([^"]*)"/g))
      expect(address).toMatch(/^[/#](?!\/)/);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|javascript:/);
  });
});

describe('the home page', () => {
  it('leads to every door and shows a command that works from where the reader is', async () => {
    const text = await (await fetch(base)).text();
    for (const href of [
      '/graphql',
      '/core-docs?api=archidrive',
      '/core-docs?api=kdocs',
      '/kdocs/login',
      '/health',
      '/metrics',
    ]) {
      expect(text).toContain(`href="${href}"`);
    }
    expect(text).toContain('curl -s https://passerelle.example/graphql');
    expect(text).toContain('Parc &amp; Co');
    expect(text).toContain('<html lang="en">');
    expect(text).toContain('Passerelle 1.2.3');
    expect(text).toContain('Demo data.');
  });

  it('says of the API of a plugin its first sentence without the marks of Markdown, and where each begins', async () => {
    const text = await (await fetch(base)).text();
    expect(text).toContain('<p>Sign in by POST /a_b, see this.</p>');
    expect(text).toContain('<code class="path">/</code>');
    expect(text).not.toContain('A guide');
  });
});

describe('the language of a page', () => {
  const asked = (path: string, language: string) => fetch(base + path, { headers: { 'accept-language': language } });

  it.each([
    ['fr', 'fr'],
    ['fr-CA, en;q=0.8', 'fr'],
    ['de, fr;q=0.7, en;q=0.3', 'fr'],
    ['en-GB, fr;q=0.5', 'en'],
    ['de', 'en'],
    ['*', 'en'],
    ['fr;q=0, en', 'en'],
    [';;q=,', 'en'],
  ])('for %j is %s at home, in the explorer and the reference, and where there is nothing', async (header, lang) => {
    const paths = ['/', '/graphql', '/core-docs', '/core-docs?view=try', '/static/missing.js', '/core-docs?api=none'];
    for (const path of paths) {
      const answer = await asked(path, header);
      expect(answer.headers.get('vary')).toContain('Accept-Language');
      expect(await answer.text()).toContain(`<html lang="${lang}">`);
    }
  });

  it('is one language: the French page has none of the English words', async () => {
    const french = await (await asked('/', 'fr')).text();
    expect(french).toContain('Un seul graphe pour toute la gestion');
    for (const word of ['Sign', 'The ', 'Other', 'with ']) expect(french.split('Parc &amp; Co')[0]).not.toContain(word);
  });

  it.each(['/graphql', '/core-docs?api=kdocs', '/core-docs?api=kdocs&view=try'])(
    '%s says nothing in English to who reads French',
    async (path) => {
      const french = await (await asked(path, 'fr')).text();
      for (const word of ['The ', 'Loading', 'needs', 'Show', 'Try', 'reference', 'explorer<'])
        expect(french.replaceAll(/<[^>]+>/g, '<>')).not.toContain(word);
    },
  );

  it('of a contract is that of its words, whatever the reader’s', async () => {
    for (const language of ['en', 'fr']) {
      expect(await (await asked('/core-docs?api=kdocs', language)).text()).toContain('<main id="reference" lang="fr"');
      expect(await (await asked('/core-docs', language)).text()).toContain('<main id="reference" lang="en"');
    }
  });

  it('has words for every API of the server', () => {
    for (const { name, routes } of dialects())
      if (routes.length > 0)
        for (const words of Object.values(homeWords)) expect(words.apis, name).toHaveProperty([name]);
  });
});

describe('the REST reference', () => {
  it('opens with the first dialect and shows the one that is asked for', async () => {
    expect(await (await fetch(`${base}/core-docs`)).text()).toContain('data-spec="/core-docs/archidrive.json"');
    const text = await (await fetch(`${base}/core-docs?api=kdocs`)).text();
    expect(text).toContain('data-spec="/core-docs/kdocs.json"');
    expect(text).toContain('xcore (/)');
    expect(text).toContain('<option value="kdocs" selected>');
  });

  it.each([`?api=${encodeURIComponent(hostile)}`, '?api=toString', '?api[]=kdocs', '?api=kdocs&api=xcore', '?api='])(
    'answers 404 to the unknown %s and runs nothing of it',
    async (query) => {
      const answer = await fetch(`${base}/core-docs${query}`);
      // `api[]` is another parameter to Express 5's parser: none was given, so the first dialect shows.
      expect(answer.status).toBe(query.startsWith('?api[]') ? 200 : 404);
      expect(await answer.text()).not.toContain('<script>');
    },
  );
});

describe('the login page', () => {
  it('escapes what it repeats', async () => {
    const query = new URLSearchParams({ next: `/${hostile}`, username: hostile, error: hostile });
    const text = await (await fetch(`${base}/kdocs/login?${query}`)).text();
    expect(text).not.toContain('<script>');
    const escaped = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;';
    expect(text).toContain(`name="next" value="/${escaped}"`);
    expect(text).toContain(`name="username" value="${escaped}"`);
    expect(text).toContain(`role="alert" id="problem">${escaped}<`);
  });

  it('is a plain French form that says nothing before something went wrong', () => {
    const text = loginPage({}, 'fr');
    expect(text).toContain('<html lang="fr">');
    expect(text).toContain('<form method="post" action="/kdocs/login">');
    expect(text).toContain('name="next" value="/console/"');
    expect(text).not.toContain('role="alert"');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil',
    '',
  ])('sends nobody to %j afterwards', (next) => {
    expect(loginPage({ next }, 'en')).toContain('name="next" value="/console/"');
  });
});

describe('sameSitePath', () => {
  it.each([
    '/',
    '/graphql',
    '/graphql?query=%7Bviewer%7D#top',
    '/core-docs?api=kdocs',
    '/a//b',
    '/..//evil.example',
    '/é',
    '/@evil.example',
  ])('keeps %j, which stays here', (next) => {
    expect(sameSitePath(next)).toBe(next);
    expect(new URL(next, 'https://passerelle.example/kdocs/login').host).toBe('passerelle.example');
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/a\r\nSet-Cookie: a=b',
    '/a\\b',
    'https:/evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '?next',
    ['/graphql'],
    undefined,
    null,
    42,
  ])('refuses %j', (next) => {
    expect(sameSitePath(next, '/home')).toBe('/home');
  });
});

it('sameSitePath refuses what no real page has as its address', () => {
  expect(sameSitePath(`/${'a'.repeat(1999)}`)).toHaveLength(2000);
  expect(sameSitePath(`/${'a'.repeat(2000)}`)).toBe('/console/');
});

describe('static files', () => {
  it('are revalidated, and kept for good when their name carries a hash', async () => {
    const plain = await fetch(`${base}/static/styles.css`);
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    const etag = plain.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await raw('/static/styles.css', { 'if-none-match': etag })).status).toBe(304);
    const hashed = await fetch(`${base}/static/chunk-2Z3X3ASD.js`);
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, identity', null],
  ])('come as they were compressed beforehand to a browser that takes %s', async (accepted, encoding) => {
    const response = await fetch(`${base}/static/chunk-2Z3X3ASD.js`, { headers: { 'accept-encoding': accepted } });
    expect(await response.text()).toBe('export {}');
    expect(
      Object.fromEntries(['content-encoding', 'vary', 'cache-control'].map((h) => [h, response.headers.get(h)])),
    ).toEqual({
      'content-encoding': encoding,
      vary: 'Accept-Encoding',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(response.headers.get('content-type')).toMatch(/javascript/);
  });

  it('that went away since the start is not found, and not said to be compressed', async () => {
    rmSync(join(folder, 'static/going-2Z3X3ASD.js.gz'));
    const { status, headers } = await fetch(`${base}/static/going-2Z3X3ASD.js`);
    expect({ status, encoding: headers.get('content-encoding') }).toEqual({ status: 404, encoding: null });
  });

  it.each([
    '/static/..%2f..%2fpackage.json',
    '/static/..%2fpackage.json',
    '/static/%2e%2e/package.json',
    '/static/../package.json',
    '/static/nested/../../package.json',
    '/static/..%5cpackage.json',
    '/static/%252e%252e%252fpackage.json',
    '/static/..%2fstatic-secret%2fkey',
    '/static//etc/passwd',
    '/static/styles.css%00.png',
    '/static/%ff',
    '/static/.env',
    '/static/%2eenv',
    '/static/nested',
    '/static/nested/',
    '/static/',
    '/static/missing.js',
  ])('%s is not found', async (path) => {
    const { status, body } = await raw(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });
});

describe('html', () => {
  it('escapes values, keeps nested markup, joins lists and leaves out what is absent', () => {
    expect(
      html`<p title="${hostile}">${[html`<b>${1}</b>`, html`<i>${'&'}</i>`]}${null}${undefined}${false}</p>`.toString(),
    ).toBe('<p title="&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"><b>1</b><i>&amp;</i></p>');
  });

  it('leaves the escapes in the template to JavaScript', () => {
    expect(html`a\nb${'\\n'}`.toString()).toBe('a\nb\\n');
  });
});

describe('the error page', () => {
  it('escapes its words', () => {
    for (const language of ['en', 'fr'] as const) {
      expect(errorPage({ of: 'api', name: hostile }, language).html).not.toContain('<script>');
      expect(errorPage({ of: 'method', allowed: hostile }, language).html).not.toContain('<script>');
    }
  });
});

describe('HSTS', () => {
  it.each([
    [true, 'max-age=31536000'],
    [false, null],
  ])('with https %s is %s', async (https, expected) => {
    const secure = securityHeaders({ https });
    const other = createServer((_request, response) => {
      secure(response);
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const answer = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    expect(answer.headers.get('strict-transport-security')).toBe(expected);
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });
});
