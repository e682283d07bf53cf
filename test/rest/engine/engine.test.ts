import { existsSync, readdirSync } from 'node:fs';
import { Agent, createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { prepareRoutes } from '../../../src/rest/engine/prepare.js';
import type { Route } from '../../../src/rest/engine/route.js';
import { restRouter } from '../../../src/rest/engine/router.js';
import { rootToy, startToy, toy as toyDialect, unfitToy, type Toy } from './toy.js';

let toy: Toy;
beforeAll(async () => {
  toy = await startToy();
});
beforeEach(() => {
  toy.logged.length = 0;
});
afterAll(() => toy.close());

const signedIn = { authorization: 'Bearer good' };

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: any;
}

async function call(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path.startsWith('/..') ? toy.origin + path.slice(3) : toy.url + path, {
    method,
    redirect: 'manual',
    ...init,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

const post = (
  path: string,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call('POST', path, { body, headers: { ...signedIn, 'content-type': 'application/json', ...headers } });
const addBook = (body: unknown, query = ''): Promise<Answer> =>
  post(`/books${query}`, typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));

function upload(...parts: (readonly [name: string, value: string | Blob, filename?: string])[]): Promise<Answer> {
  const form = new FormData();
  for (const [name, value, filename] of parts) {
    if (value instanceof Blob) form.append(name, value, filename);
    else form.append(name, value);
  }
  return call('POST', '/books/1/files', { body: form, headers: signedIn });
}

/** For what `fetch` would repair: sends bytes as they are, gives the whole answer. */
function raw(text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(toy.origin).port), '127.0.0.1');
    let answer = '';
    socket
      .on('data', (chunk) => (answer += chunk.toString()))
      .on('close', () => resolve(answer))
      .on('error', reject);
    socket.write(text);
  });
}

const spooledFiles = (): string[] => (existsSync(toy.spoolFolder) ? readdirSync(toy.spoolFolder) : []);

describe('the table', () => {
  test('serves a route with and without a trailing slash, in the dialect’s own names', async () => {
    for (const path of ['/books', '/books/', '/books?page=1', '/books/?page=1']) {
      const { status, json } = await call('GET', path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(json).toEqual({ page: 1, tags: [], livres: [{ id: 1, titre: 'Candide', auteur: null, année: null }] });
    }
  });

  test('a fixed segment wins over a parameter, whatever the order of the table', async () => {
    const latest = await call('GET', '/books/latest');
    expect(latest.status).toBe(200);
    expect(latest.headers.get('deprecation')).toBe('@1767225600');
    expect(latest.headers.get('sunset')).toBe('Wed, 01 Jul 2026 00:00:00 GMT');
    expect(latest.headers.get('x-api-deprecated')).toBe('true');
  });

  test('unknown paths and methods get the envelope, each dialect below its own prefix', async () => {
    expect(await call('GET', '/nowhere')).toMatchObject({
      status: 404,
      json: { code: 'NOT_FOUND', message: 'Ressource non trouvée' },
    });
    expect(await call('GET', '/../nowhere')).toMatchObject({ status: 404, json: { message: 'There is no such path' } });
    const put = await call('PUT', '/books/1');
    expect(put).toMatchObject({ status: 405, json: { code: 'METHOD_NOT_ALLOWED', request_id: 'req-1' } });
    expect(put.headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect((await call('PATCH', '/books/latest')).headers.get('allow')).toBe('GET, HEAD, DELETE');
    expect(await call('OPTIONS', '/books')).toMatchObject({ status: 204 });
  });

  test('HEAD works for GET', async () => {
    expect(await call('HEAD', '/books')).toMatchObject({ status: 200, text: '' });
  });

  test('paths are matched and their parameters decoded as Express does it', async () => {
    const paths = ['/a/:one', '/a/me', '/a/:one/b', '/a/me/:two', '/:any/b', '/b%20c', '/long/:one/and/:two'];
    const nothing = { section: 'x', summary: 'x', credential: 'none' as const };
    const echo = (path: string): Route => ({
      ...nothing,
      method: 'get',
      path,
      params: z.object(Object.fromEntries([...path.matchAll(/:(\w+)/g)].map(([, name]) => [String(name), z.string()]))),
      answer: ({ params }) => ({ json: { path, params } }),
    });
    const table = express.Router({ caseSensitive: true, strict: false });
    for (const { path } of prepareRoutes({ ...rootToy, routes: paths.map(echo) }))
      table.get(path, ({ params }, response) => void response.json({ path, params }));
    const servers = [
      createServer(restRouter([{ ...rootToy, routes: paths.map(echo) }], toy.engine)),
      createServer(express().use(table)),
    ];
    for (const each of servers) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve));
    const agent = new Agent({ keepAlive: true });
    const ask = (each: Server, path: string): Promise<object> =>
      new Promise((resolve, reject) => {
        const { port } = each.address() as AddressInfo;
        request({ port, host: '127.0.0.1', path, agent }, (answer) => {
          let text = '';
          answer
            .on('data', (chunk) => (text += chunk))
            .on('end', () =>
              resolve(
                answer.statusCode === 200
                  ? {
                      text,
                      etag: answer.headers.etag,
                      type: answer.headers['content-type'],
                      length: answer.headers['content-length'],
                    }
                  : { status: answer.statusCode },
              ),
            );
        })
          .on('error', reject)
          .end();
      });
    const segment = fc.oneof(
      fc.constantFrom(
        'a',
        'A',
        'me',
        'b',
        'b%20c',
        '%61',
        '%2561',
        '%252F',
        '%2F',
        '',
        '.',
        '..',
        ':one',
        '*',
        'long',
        'and',
        ';x',
        '+',
      ),
      fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => encodeURIComponent(text.toWellFormed())),
    );
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(segment, { maxLength: 5 }),
          fc.constantFrom('', '/', '?x=/a/me'),
          async (segments, end) => {
            const path = `/${segments.join('/')}${end}`;
            expect([path, await ask(servers[0] as Server, path)]).toEqual([
              path,
              await ask(servers[1] as Server, path),
            ]);
          },
        ),
        { numRuns: 400 },
      );
    } finally {
      agent.destroy();
      for (const each of servers) each.close();
    }
  });

  test('a route that the graph cannot serve stops the build and names everything wrong', () => {
    const build = (): unknown => restRouter([unfitToy], toy.engine);
    expect(build).toThrow(/toy GET \/toy\/v1\/unfit: Cannot query field "nothing"/);
    expect(build).toThrow(/Cannot query field "more"/);
    expect(() =>
      restRouter([{ ...toyDialect, routes: [...toyDialect.routes, ...toyDialect.routes.slice(0, 1)] }], toy.engine),
    ).toThrow(/another route has the same method and path/);
  });
});

describe('credentials', () => {
  test('come first: nobody learns what else is wrong', async () => {
    const refused = await call('POST', '/books', { body: '{', headers: { 'content-type': 'application/json' } });
    expect(refused).toMatchObject({
      status: 401,
      json: { code: 'UNAUTHENTICATED', message: 'Authentification requise' },
    });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await call('POST', '/books/1/files', { body: 'x'.repeat(5_000_000) })).status).toBe(401);
  });

  test('a wrong one is refused where one is optional and not looked at where none is needed', async () => {
    const headers = { authorization: 'Bearer bad' };
    expect((await call('GET', '/books', { headers })).status).toBe(401);
    expect((await call('GET', '/books/1', { headers })).status).toBe(200);
  });
});

describe('validation', () => {
  test('reports params, query and body at once, in the dialect’s names and language', async () => {
    const { status, json } = await addBook({ titre: '', année: 'x' }, '?silencieux=2');
    expect(status).toBe(422);
    expect(Object.keys(json.champs).toSorted()).toEqual(['année', 'silencieux', 'titre']);
    expect(json.champs.titre[0]).toMatch(/Trop petit/);
    expect((await addBook({})).json.champs).toEqual({ titre: ['Ce champ est obligatoire'] });
  });

  test('rules across fields come once the shapes hold', async () => {
    expect((await addBook({ titre: 'a', auteur: 'a' })).json.champs).toEqual({
      auteur: ["L'auteur ne peut pas être le titre"],
    });
  });

  test('problems that the graph finds carry the dialect’s field, with the index', async () => {
    const { status, json } = await addBook({ titre: 'lent', exemplaires: [{ rayon: 'A' }, { rayon: 'none' }] });
    expect(status).toBe(422);
    expect(json.champs).toEqual({
      titre: ['Cette valeur existe déjà'],
      'exemplaires.1.rayon': ["Cet élément n'existe pas"],
    });
  });

  test('a number that only the graph’s Int refuses is a validation error', async () => {
    expect(await addBook({ titre: 'a', année: 3_000_000_000 })).toMatchObject({
      status: 422,
      json: { champs: { année: ['Valeur invalide'] } },
    });
    expect(await call('GET', '/books/3000000000')).toMatchObject({
      status: 422,
      json: { champs: { id: ['Valeur invalide'] } },
    });
    expect(toy.logged).toEqual([]);
  });

  test('query: lists collect, repeated scalars are refused, unknown names are ignored', async () => {
    expect((await call('GET', '/books?tag_ids[]=1&tag_ids%5B%5D=2')).json.tags).toEqual([1, 2]);
    expect((await call('GET', '/books?tag_ids[]=7')).json.tags).toEqual([7]);
    expect(await call('GET', '/books?auteur=a&auteur=b')).toMatchObject({
      status: 422,
      json: { champs: { auteur: ['Valeur invalide'] } },
    });
    expect((await call('GET', '/books?x=1&x=2&__proto__=3&constructor=4')).status).toBe(200);
    expect((await call('GET', `/books?${'année'.normalize('NFD')}=abc`)).json.champs).toHaveProperty('année');
  });

  test('U+0000, which PostgreSQL cannot hold, is refused', async () => {
    expect(await addBook({ titre: 'a\0b' })).toMatchObject({
      status: 422,
      json: { champs: { titre: ['Format invalide'] } },
    });
    expect((await call('GET', '/books?auteur=%00')).status).toBe(422);
  });
});

describe('habits of consumers', () => {
  test('numbers as text, empty fields and empty parameters', async () => {
    expect(await addBook({ titre: 'a', année: '1759', auteur: '' }, '?silencieux=')).toMatchObject({
      status: 201,
      json: { année: 1759, auteur: '' },
    });
    expect((await call('GET', '/books?page=&auteur=&tag_ids[]=&année=')).json).toMatchObject({ page: 1, tags: [] });
  });

  test('keys that are not used are named in the header Warning, also of a refusal', async () => {
    const added = await addBook({ titre: 'a', langue: 'fr', exemplaires: [{ rayon: 'A', prêt: { du: 1 } }] });
    expect(added.status).toBe(201);
    expect(added.headers.get('warning')).toBe('299 - "Ignored: langue, exemplaires.0.pr%C3%AAt"');
    const odd = await addBook({ '"\r\nx: y': 1, [`${'é'.repeat(200)}\ud800`]: 2 });
    expect(odd.status).toBe(422);
    expect(odd.headers.get('warning')).toMatch(/^299 - "Ignored: %22%0D%0Ax:%20y, (?:%C3%A9){100}"$/);
    const many = await addBook({
      titre: 'a',
      ...Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, n])),
    });
    expect(many.headers.get('warning')).toMatch(/k19, and 30 more"$/);
    expect((await addBook({ titre: 'a' })).headers.has('warning')).toBe(false);
  });

  test('a dialect or a route that knows its consumers refuses them by name', async () => {
    const put = (body: string, type = 'application/json'): Promise<Answer> =>
      call('PUT', '/../things/1', { body, headers: { ...signedIn, 'content-type': type } });
    expect(await put('{"titre":"a","exemplaires":[{"rayon":"A","prix":1}],"langue":"fr"}')).toMatchObject({
      status: 400,
      json: { champs: { 'exemplaires.0.prix': ['Unknown field'], langue: ['Unknown field'] } },
    });
    const whole = await put('{"id":1,"titre":"a","auteur":null,"année":1759}');
    expect(whole.status).toBe(200);
    expect(whole.headers.get('warning')).toBe('299 - "Ignored: id, auteur, ann%C3%A9e"');
    const form = await put('titre=a&envoyer=', 'application/x-www-form-urlencoded');
    expect([form.status, form.headers.get('warning')]).toEqual([200, '299 - "Ignored: envoyer"']);
    expect(await post('/books/beyond', '{"titre":"a","langue":"fr"}')).toMatchObject({
      status: 422,
      json: { champs: { langue: ['Champ inconnu'] } },
    });
  });
});

describe('bodies', () => {
  test('keys are compared in NFC; unknown and poisonous ones are ignored', async () => {
    const decomposed = await addBook(
      `{"titre":"a","${'année'.normalize('NFD')}":1759,"autre":1,"__proto__":{"auteur":"x"}}`,
    );
    expect(decomposed).toMatchObject({ status: 201, json: { année: 1759, auteur: null } });
  });

  test('what is not JSON in UTF-8 is malformed', async () => {
    for (const body of [
      '{bad',
      '{"titre":}',
      Buffer.from([0x7b, 0xff, 0x7d]),
      Buffer.from('{"titre":"\xe9"}', 'latin1'),
      '['.repeat(400_000),
    ]) {
      expect(await addBook(body)).toMatchObject({ status: 400, json: { code: 'MALFORMED_JSON' } });
    }
    expect((await addBook(`{"x":${'['.repeat(5000)}${']'.repeat(5000)}}`)).status).toBe(400);
  });

  test('JSON that is no object is a validation error, as is an absent body', async () => {
    for (const body of ['[]', '"text"', '1'])
      expect(await addBook(body)).toMatchObject({ status: 422, json: { champs: { body: [expect.any(String)] } } });
    const absent = { status: 422, json: { champs: { titre: ['Ce champ est obligatoire'] } } };
    expect(await call('POST', '/books', { headers: signedIn })).toMatchObject(absent);
    expect(await addBook('null')).toMatchObject(absent);
    const chunked = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close';
    const head = `POST /toy/v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n${chunked}\r\n\r\n`;
    expect(await raw(`${head}0\r\n\r\n`)).toContain('Ce champ est obligatoire');
  });

  test('other types, charsets and sizes are refused by status', async () => {
    expect((await post('/books', 'titre=a', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post('/books', '{}', { 'content-type': 'application/json; charset=latin1' })).status).toBe(415);
    expect((await post('/books', '{}', { 'content-encoding': 'br0ken' })).status).toBe(415);
    expect((await post('/books', '{}', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect(await addBook({ titre: 'x'.repeat(1024 * 1024) })).toMatchObject({
      status: 413,
      json: { code: 'PAYLOAD_TOO_LARGE' },
    });
    expect(
      (await post('/books', '{"titre":"a"}', { 'content-type': 'application/vnd.toy+json; charset=UTF-8' })).status,
    ).toBe(201);
  });

  test('a broken percent-encoding is 400 anywhere in the URL', async () => {
    for (const path of ['/books/%ZZ', '/books/%ff', '/books?auteur=%E9', '/nowhere/%']) {
      const answer = await raw(`GET /toy/v1${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*MALFORMED_REQUEST/);
    }
  });

  test('a form where the route takes one; its problem is rendered by the route itself', async () => {
    const form = await post('/login', 'nom=zo%C3%A9', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.status).toBe(302);
    expect(form.headers.getSetCookie()).toEqual(['toy=ticket; HttpOnly', 'theme=dark']);
    expect(await post('/login', '{"nom":"zoé"}')).toMatchObject({ status: 200, json: { session: 'ticket' } });

    const refused = await post('/login', 'nom=max', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(refused).toMatchObject({ status: 401, text: '<p>Authentification requise: max' });
    expect(refused.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await post('/login', '{"nom":"max"}')).toMatchObject({ status: 401, json: { code: 'UNAUTHENTICATED' } });
  });
});

describe('problems', () => {
  test('an answer that is larger than one may be is a refusal in the dialect’s words', async () => {
    const { status, json } = await call('GET', '/books/tout');
    expect([status, json.message]).toEqual([422, expect.stringContaining('La réponse serait trop volumineuse')]);
  });

  test('domain errors keep their status and get the dialect’s sentence', async () => {
    expect(await call('GET', '/books/2')).toMatchObject({ status: 404, json: { message: 'Livre non trouvé' } });
    expect(await call('GET', '/books/403')).toMatchObject({ status: 403, json: { message: 'Accès refusé' } });
    expect(await call('GET', '/../things/403')).toMatchObject({
      status: 404,
      json: { code: 'FORBIDDEN', message: 'Not yours' },
    });
    expect(await addBook({ titre: 'conflict' })).toMatchObject({
      status: 409,
      json: { message: 'Ce livre est prêté' },
    });
    expect(toy.logged).toEqual([]);
  });

  test('a defect is logged once with its stack and request id and tells the client nothing', async () => {
    const { status, json, text } = await call('GET', '/broken');
    expect(status).toBe(500);
    expect(json).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'Erreur interne du serveur',
      champs: {},
      request_id: 'req-1',
    });
    expect(text).not.toContain('secret');
    expect(toy.logged).toEqual([
      expect.objectContaining({
        requestId: 'req-1',
        dialect: 'toy',
        route: 'GET /broken',
        err: expect.objectContaining({ stack: expect.stringContaining('secret of the database') }),
      }),
    ]);
  });

  test('no content when the route has no answer', async () => {
    expect(await call('DELETE', '/books/1', { headers: signedIn })).toMatchObject({ status: 204, text: '' });
    expect(await call('GET', '/health')).toMatchObject({ status: 200, json: { status: 'healthy' } });
  });
});

describe('uploads', () => {
  const blob = (size: number): Blob => new Blob(['x'.repeat(size)], { type: 'text/plain' });

  test('take files under every accepted name, fields before and after them, and leave nothing behind', async () => {
    const { status, json } = await upload(
      ['files', blob(3), 'résumé été.txt'],
      ['files[]', blob(1000), 'b.txt'],
      ['commentaire', 'après'],
    );
    expect(status).toBe(200);
    expect(json).toEqual({ fichiers: ['résumé été.txt:3', 'b.txt:1000'], commentaire: 'après' });
    await expect.poll(spooledFiles, { timeout: 10_000 }).toEqual([]);
  });

  test('a file over the limit is 413, too many are a validation error, none as well', async () => {
    expect(await upload(['files', blob(1001), 'big'])).toMatchObject({
      status: 413,
      json: { code: 'PAYLOAD_TOO_LARGE' },
    });
    expect(await upload(['files', blob(2), 'ok'], ['files', blob(5_000_000), 'big'])).toMatchObject({ status: 413 });
    expect(await upload(['files', blob(1), 'a'], ['files', blob(1), 'b'], ['files', blob(1), 'c'])).toMatchObject({
      status: 422,
      json: { champs: { files: [expect.any(String)] } },
    });
    for (const parts of [[['commentaire', 'x']], [['files', blob(0), '']], [['other', blob(3), 'a']]] as const) {
      expect(await upload(...parts)).toMatchObject({
        status: 422,
        json: { champs: { files: ['Ce champ est obligatoire'] } },
      });
    }
    await expect.poll(spooledFiles, { timeout: 10_000 }).toEqual([]);
  });

  test('another type is 415, a broken body 400', async () => {
    expect((await post('/books/1/files', '{}')).status).toBe(415);
    expect(await post('/books/1/files', 'x', { 'content-type': 'multipart/form-data' })).toMatchObject({
      status: 400,
      json: { code: 'MALFORMED_REQUEST' },
    });
    expect(
      await post('/books/1/files', '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nxx', {
        'content-type': 'multipart/form-data; boundary=b',
      }),
    ).toMatchObject({ status: 400 });
    await expect.poll(spooledFiles, { timeout: 10_000 }).toEqual([]);
  });

  test('names are cleaned of folders and of bytes that are not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="files"; filename="../../a'),
      Buffer.from([0xff]),
      Buffer.from('é.txt"\r\n\r\nx\r\n--b--\r\n'),
    ]);
    const { json } = await post('/books/1/files', body, { 'content-type': 'multipart/form-data; boundary=b' });
    expect(json.fichiers).toEqual([expect.stringMatching(/^a_+é\.txt:1$/)]);
  });

  test('an aborted upload leaves nothing', async () => {
    const socket = connect(Number(new URL(toy.origin).port), '127.0.0.1');
    socket.write(
      'POST /toy/v1/books/1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900\r\n\r\n--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nxxxxxxxxxxxxx',
    );
    await expect.poll(spooledFiles, { timeout: 10_000 }).toHaveLength(1);
    socket.destroy();
    await expect.poll(spooledFiles, { timeout: 10_000 }).toEqual([]);
    await wait(20);
    expect(toy.logged).toEqual([]);
  });
});

describe('downloads', () => {
  const download = (headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    call(method, '/books/1/content', { headers });

  test('carry length, name, type and validators', async () => {
    const { status, headers, text } = await download();
    expect({ status, text }).toEqual({ status: 200, text: '0123456789' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-length': '10',
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `inline; filename="Candide _ ete _.txt"; filename*=UTF-8''Candide%20%C2%AB%20%C3%A9t%C3%A9%20%C2%BB.txt`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      'x-request-id': 'req-1',
    });
    expect(await download({}, 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  test.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=5-4', 200, '0123456789', null],
    ['bytes=0-1,3-4', 200, '0123456789', null],
    ['items=0-1', 200, '0123456789', null],
  ])('Range: %s → %i', async (range, status, text, contentRange) => {
    const answer = await download({ range });
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('content-length')).toBe(String(text.length));
  });

  test('a range outside the file is 416 in the envelope', async () => {
    for (const range of ['bytes=10-', 'bytes=-0']) {
      const { status, headers, json } = await download({ range });
      expect({ status, code: json.code }).toEqual({ status: 416, code: 'RANGE_NOT_SATISFIABLE' });
      expect(headers.get('content-range')).toBe('bytes */10');
    }
  });

  test('a client that goes away ends the reading', async () => {
    const socket = connect(Number(new URL(toy.origin).port), '127.0.0.1');
    socket.write('GET /toy/v1/books/1/content?edition=long HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await expect.poll(() => toy.opened.at(-1)?.destroyed).toBe(true);
    expect(toy.logged).toEqual([]);
  });

  test('If-None-Match and If-Range', async () => {
    const etag = (await download()).headers.get('etag') ?? '';
    expect(await download({ 'if-none-match': `"x", W/${etag}` })).toMatchObject({ status: 304, text: '' });
    expect((await download({ 'if-none-match': '"x"' })).status).toBe(200);
    expect((await download({ range: 'bytes=0-0', 'if-range': etag })).status).toBe(206);
    expect((await download({ range: 'bytes=0-0', 'if-range': '"x"' })).status).toBe(200);
  });
});

describe('no input gives a 500', () => {
  const answered = async (answer: Promise<Answer>): Promise<void> => {
    expect((await answer).status).toBeLessThan(500);
    expect(toy.logged).toEqual([]);
  };

  test('bytes and JSON as a body', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record(
          { titre: fc.anything(), auteur: fc.anything(), année: fc.anything(), exemplaires: fc.anything() },
          { requiredKeys: [] },
        )
        .map((value) =>
          Buffer.from(
            JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)),
          ),
        ),
    );
    const type = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
      'text/plain',
      'application/json; charset=x',
    );
    const path = fc.constantFrom('/books', '/login', '/books/1/files');
    await fc.assert(
      fc.asyncProperty(path, body, type, (path, bytes, type) => answered(post(path, bytes, { 'content-type': type }))),
      { numRuns: 500 },
    );
  });

  test('query strings and paths', async () => {
    const printable = fc.stringMatching(/^[!-~]{0,40}$/).filter((text) => !/[#\\]/.test(text));
    const known = fc
      .tuple(fc.constantFrom('page', 'auteur', 'tag_ids[]', 'année', '__proto__'), fc.string())
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`);
    const query = fc.oneof(
      printable,
      fc.array(known, { maxLength: 4 }).map((pairs) => pairs.join('&')),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/books?', '/books/', '/books/1/content?'), query, async (path, text) => {
        const answer = await raw(`GET /toy/v1${path}${text} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
        expect(answer).toMatch(/^HTTP\/1.1 [234]/);
        expect(toy.logged).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
