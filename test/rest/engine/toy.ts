import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { buildSchema, execute, parse, type GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { z } from 'zod';
import { maxAnswerBytes } from '../../../src/lib/answer-size.js';
import { badInput, conflict, forbidden, notFound, unauthenticated } from '../../../src/lib/errors.js';
import { anonymous } from '../../../src/quota/principal.js';
import type { Engine } from '../../../src/rest/engine/engine.js';
import { route, type Dialect } from '../../../src/rest/engine/route.js';
import { restRouter } from '../../../src/rest/engine/router.js';
import { english, french } from '../../../src/rest/engine/words.js';
import type { ContentStore } from '../../../src/storage/content-store.js';
import { diskStore } from '../../../src/storage/disk-store.js';
import type { SpooledFile } from '../../../src/storage/spool.js';

/** A library with books: enough of a graph for every behaviour of the engine. */
const sdl = /* GraphQL */ `
  type Query {
    books(author: String, year: Int, tags: [Int!]): [Book!]!
    book(id: Int!): Book!
    broken: String
  }
  type Mutation {
    addBook(input: BookInput!): Book!
    attach(id: Int!, files: [Upload!]!): [String!]!
    remove(id: Int!): Boolean!
    signIn(name: String!): String!
  }
  type Book {
    id: Int!
    title: String!
    author: String
    copies: [Copy!]!
    year: Int
    tags: [Int!]!
  }
  type Copy {
    shelf: String!
  }
  input BookInput {
    title: String!
    author: String
    year: Int
    copies: [CopyInput!]
  }
  input CopyInput {
    shelf: String!
  }
  scalar Upload
`;

interface Upload {
  filename: string;
  content: SpooledFile;
}
interface Book {
  id: number;
  title: string;
  author?: string | null;
  year?: number | null;
  tags?: number[] | null;
  copies?: { shelf: string }[] | null;
}

const document = <D, V>(text: string): TypedDocumentNode<D, V> => parse(text) as TypedDocumentNode<D, V>;

const ListBooks = document<
  { books: Book[] },
  { author?: string | undefined; year?: number | undefined; tags?: number[] | undefined }
>(
  'query ToyListBooks($author: String, $year: Int, $tags: [Int!]) { books(author: $author, year: $year, tags: $tags) { id title author year tags } }',
);
export const ReadBook = document<{ book: Book }, { id: number }>(
  'query ToyReadBook($id: Int!) { book(id: $id) { id title author year } }',
);
const AddBook = document<{ addBook: Book }, { input: Omit<Book, 'id'> }>(
  'mutation ToyAddBook($input: BookInput!) { addBook(input: $input) { id title author year } }',
);
export const Attach = document<{ attach: string[] }, { id: number; files: unknown[] }>(
  'mutation ToyAttach($id: Int!, $files: [Upload!]!) { attach(id: $id, files: $files) }',
);
const Remove = document<{ remove: boolean }, { id: number }>('mutation ToyRemove($id: Int!) { remove(id: $id) }');
const SignIn = document<{ signIn: string }, { name: string }>(
  'mutation ToySignIn($name: String!) { signIn(name: $name) }',
);
const Broken = document<{ broken: string | null }, Record<string, never>>('query ToyBroken { broken }');
const Unfit = document<{ nothing: string }, Record<string, never>>('query ToyUnfit { nothing more }');

const BookOut = z
  .object({ id: z.int(), titre: z.string(), auteur: z.string().nullable(), année: z.int().nullable() })
  .meta({ id: 'Livre' });
const bookOut = ({ id, title, author = null, year = null }: Book): z.input<typeof BookOut> => ({
  id,
  titre: title,
  auteur: author,
  année: year,
});
const Id = z.object({ id: z.coerce.number().int().min(1) });

const routes = [
  route({
    method: 'get',
    path: '/books',
    section: 'toy.md#list',
    summary: 'Lister les livres',
    credential: 'optional',
    query: z.object({
      auteur: z.string().optional(),
      'tag_ids[]': z.array(z.coerce.number().int()).optional(),
      page: z.coerce.number().int().min(1).default(1),
      année: z.coerce.number().int().optional(),
    }),
    operation: ListBooks,
    toVariables: ({ query }) => ({ author: query.auteur, year: query.année, tags: query['tag_ids[]'] }),
    fields: { year: 'année' },
    response: z.object({ page: z.int(), tags: z.array(z.int()), livres: z.array(BookOut) }),
    toResponse: ({ books }, { query }) => ({
      page: query.page,
      tags: query['tag_ids[]'] ?? [],
      livres: books.map(bookOut),
    }),
  }),
  route({
    method: 'get',
    path: '/books/:id',
    section: 'toy.md#read',
    summary: 'Lire un livre',
    credential: 'none',
    params: Id,
    operation: ReadBook,
    toVariables: ({ params }) => ({ id: params.id }),
    response: BookOut,
    toResponse: ({ book }) => bookOut(book),
  }),
  // After `/books/:id` on purpose: fixed segments win.
  route({
    method: 'get',
    path: '/books/latest',
    section: 'toy.md#latest',
    summary: 'Le dernier livre',
    credential: 'none',
    operation: ReadBook,
    toVariables: () => ({ id: 1 }),
    response: BookOut,
    toResponse: ({ book }) => bookOut(book),
    deprecated: { since: '2026-01-01', sunset: '2026-07-01' },
  }),
  route({
    method: 'post',
    path: '/books',
    section: 'toy.md#add',
    summary: 'Ajouter un livre',
    credential: 'required',
    query: z.object({ silencieux: z.enum(['0', '1']).optional() }),
    body: z.object({
      titre: z.string().min(1).max(100),
      auteur: z.string().nullish(),
      année: z.int().nullish(),
      exemplaires: z.array(z.object({ rayon: z.string() })).optional(),
    }),
    check: ({ body }) =>
      body.titre === body.auteur
        ? [{ name: 'auteur', code: 'not_allowed', message: "L'auteur ne peut pas être le titre" }]
        : [],
    operation: AddBook,
    toVariables: ({ body }) => ({
      input: {
        title: body.titre,
        author: body.auteur,
        year: body.année,
        copies: body.exemplaires?.map(({ rayon }) => ({ shelf: rayon })),
      },
    }),
    fields: { title: 'titre', author: 'auteur', year: 'année', 'copies.*.shelf': 'exemplaires.*.rayon' },
    status: ({ addBook }) => (addBook.id > 1 ? 201 : 200),
    response: BookOut,
    toResponse: ({ addBook }) => bookOut(addBook),
    examples: { body: { titre: 'Germinal' }, response: { id: 2, titre: 'Germinal', auteur: null, année: null } },
  }),
  route({
    method: 'post',
    path: '/books/beyond',
    section: 'DECISIONS.md#toy',
    summary: 'Ajouter un livre autrement',
    credential: 'required',
    body: z.object({ titre: z.string() }),
    operation: AddBook,
    toVariables: ({ body }) => ({ input: { title: body.titre } }),
    response: BookOut,
    toResponse: ({ addBook }) => bookOut(addBook),
  }),
  route({
    method: 'delete',
    path: '/books/:id',
    section: 'toy.md#remove',
    summary: 'Supprimer un livre',
    credential: 'required',
    params: Id,
    operation: Remove,
    toVariables: ({ params }) => ({ id: params.id }),
  }),
  route({
    method: 'post',
    path: '/books/:id/files',
    section: 'toy.md#files',
    summary: 'Joindre des fichiers',
    credential: 'required',
    params: Id,
    body: z.object({ commentaire: z.string().optional() }),
    files: { parts: ['files', 'files[]'], max: 2, required: true, limitBytes: 1000 },
    operation: Attach,
    toVariables: ({ params, files }) => ({ id: params.id, files: files.map(({ upload }) => upload) }),
    response: z.object({ fichiers: z.array(z.string()), commentaire: z.string().nullable() }),
    toResponse: ({ attach }, { body }) => ({ fichiers: attach, commentaire: body.commentaire ?? null }),
  }),
  route({
    method: 'get',
    path: '/books/:id/content',
    section: 'toy.md#content',
    summary: 'Télécharger un livre',
    credential: 'none',
    params: Id,
    query: z.object({ edition: z.enum(['short', 'long']).default('short') }),
    operation: ReadBook,
    toVariables: ({ params }) => ({ id: params.id }),
    produces: ['text/plain'],
    reply: ({ book }, { query }) => ({
      file: {
        key: `books/${query.edition}.txt`,
        name: `${book.title} « été ».txt`,
        mimeType: 'text/plain',
        disposition: 'inline',
      },
    }),
  }),
  route({
    method: 'post',
    path: '/login',
    section: 'toy.md#login',
    summary: 'Ouvrir une session',
    credential: 'none',
    bodyTypes: ['form', 'json'],
    body: z.object({ nom: z.string().min(1) }),
    operation: SignIn,
    toVariables: ({ body }) => ({ name: body.nom }),
    reply: ({ signIn }, { request }) => ({
      headers: {
        'Set-Cookie': [`toy=${signIn}; HttpOnly`, 'theme=dark'],
        ...(request.bodyType === 'form' && { Location: '/' }),
      },
      ...(request.bodyType === 'form' ? { status: 302 } : { json: { session: signIn } }),
    }),
    onProblem: (problem, { request, body }) =>
      request.bodyType === 'form'
        ? { html: `<p>${problem.message}: ${String((body as { nom?: unknown }).nom ?? '')}` }
        : undefined,
  }),
  route({
    method: 'get',
    path: '/broken',
    section: 'toy.md#broken',
    summary: 'Une panne',
    credential: 'none',
    operation: Broken,
    toVariables: () => ({}),
    response: z.object({ never: z.string() }),
    toResponse: () => ({ never: '' }),
  }),
  route({
    method: 'get',
    path: '/books/tout',
    section: 'toy.md#health',
    summary: 'Plus que ce qu’une réponse peut avoir',
    credential: 'none',
    response: z.object({ tout: z.string() }),
    answer: () => ({ json: { tout: 'x'.repeat(maxAnswerBytes) } }),
  }),
  route({
    method: 'get',
    path: '/health',
    section: 'toy.md#health',
    summary: 'Santé',
    credential: 'none',
    response: z.object({ status: z.string() }),
    answer: () => ({ json: { status: 'healthy' } }),
  }),
];

export const toy: Dialect = {
  name: 'toy',
  title: 'Bibliothèque',
  version: '1.0',
  prefix: '/toy/v1',
  description: 'Un petit dialecte.',
  errorSchema: z
    .object({
      code: z.string(),
      message: z.string(),
      champs: z.record(z.string(), z.array(z.string())),
      request_id: z.string(),
    })
    .meta({ id: 'Erreur' }),
  toError: ({ code, message, fields, requestId }) => ({
    code,
    message,
    champs: Object.fromEntries(
      fields.map(({ name }) => [name, fields.filter((f) => f.name === name).map((f) => f.message)]),
    ),
    request_id: requestId,
  }),
  statusOf: { BAD_USER_INPUT: 422 },
  words: french({ notFound: { Book: 'Livre non trouvé' }, reasons: { 'document_type.in_use': 'Ce livre est prêté' } }),
  habits: { looseValues: true, unaccentedEnums: true, unknownKeys: 'ignored' },
  quotas: () => [{ name: 'minute', requests: 100, seconds: 60, per: 'address' }],
  authenticationQuota: { name: 'authentication', requests: 10, seconds: 60, per: 'address' },
  limits: ['100 requêtes par minute'],
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  },
  routes,
};

/** At the root, as xcore is: the other dialect must keep its own prefix. */
export const rootToy: Dialect = {
  ...toy,
  name: 'root',
  prefix: '',
  words: english,
  statusOf: { FORBIDDEN: 404 },
  habits: { unknownKeys: 'refused' },
  routes: [
    route({
      method: 'put',
      path: '/things/:id',
      section: 'root.md#change',
      summary: 'Change a thing',
      credential: 'required',
      params: Id,
      bodyTypes: ['json', 'form'],
      body: z.object({ titre: z.string(), exemplaires: z.array(z.object({ rayon: z.string() })).optional() }),
      operation: AddBook,
      toVariables: ({ body }) => ({ input: { title: body.titre } }),
      response: z.object({ titre: z.string() }),
      toResponse: ({ addBook }) => ({ titre: addBook.title }),
    }),
    route({
      method: 'get',
      path: '/things/:id',
      section: 'root.md#thing',
      summary: 'A thing',
      credential: 'none',
      params: Id,
      operation: ReadBook,
      toVariables: ({ params }) => ({ id: params.id }),
      response: BookOut,
      toResponse: ({ book }) => bookOut(book),
    }),
  ],
};

export const unfitToy: Dialect = {
  ...toy,
  routes: [
    route({
      method: 'get',
      path: '/unfit',
      section: 'toy.md#unfit',
      summary: 'Asks for what is not there',
      credential: 'none',
      operation: Unfit,
      toVariables: () => ({}),
      response: z.object({}),
      toResponse: () => ({}),
    }),
  ],
};

const resolvers = {
  books: () => [{ id: 1, title: 'Candide', tags: [] }],
  book: ({ id }: { id: number }) => {
    if (id === 403) throw forbidden('Not yours');
    if (id !== 1) throw notFound('Book');
    return { id: 1, title: 'Candide', author: 'Voltaire', year: 1759 };
  },
  addBook: ({ input }: { input: Omit<Book, 'id'> }) => {
    const problems = [
      ...(input.title === 'lent'
        ? [{ path: ['input', 'title'], code: 'duplicate' as const, message: 'Already there' }]
        : []),
      ...(input.copies ?? []).flatMap(({ shelf }, index) =>
        shelf === 'none'
          ? [
              {
                path: ['input', 'copies', String(index), 'shelf'],
                code: 'unknown_reference' as const,
                message: 'No such shelf',
              },
            ]
          : [],
      ),
    ];
    if (problems.length > 0) throw badInput(problems);
    if (input.title === 'conflict') throw conflict('It is lent', { reason: 'document_type.in_use' });
    return { id: 2, ...input };
  },
  remove: () => true,
  attach: async ({ files }: { files: Upload[] }) =>
    files.map(({ filename, content }) => `${filename}:${content.sizeBytes}`),
  signIn: ({ name }: { name: string }) => {
    if (name !== 'zoé') throw unauthenticated('Wrong name');
    return 'ticket';
  },
  broken: () => {
    throw new Error('secret of the database');
  },
};

export interface Toy {
  origin: string;
  url: string;
  server: Server;
  spoolFolder: string;
  /** What was logged as a defect. */
  logged: Record<string, unknown>[];
  /** What was read of the store. */
  opened: Readable[];
  engine: Engine;
  close(): Promise<void>;
}

export async function startToy(): Promise<Toy> {
  const folder = mkdtempSync(join(tmpdir(), 'toy-'));
  const schema: GraphQLSchema = buildSchema(sdl);
  const logged: Record<string, unknown>[] = [];
  const disk = diskStore(join(folder, 'store'));
  await disk.putBytes(Buffer.from('0123456789'), 'books/short.txt');
  await disk.putBytes(Buffer.alloc(16 * 1024 * 1024, 'x'), 'books/long.txt');
  const opened: Readable[] = [];
  const store: ContentStore = {
    ...disk,
    read(key, range) {
      const stream = disk.read(key, range);
      opened.push(stream);
      return stream;
    },
  };
  const engine: Engine = {
    schema: () => schema,
    execute: async ({ document, operationName, variables, context }) =>
      execute({
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: context,
        rootValue: resolvers,
      }),
    context: async (request, _response, { route }) => {
      const { authorization } = request.headers;
      if (route.credential === 'none' || authorization === undefined) return { person: undefined };
      if (authorization !== 'Bearer good') throw unauthenticated('Wrong token');
      return { person: 'zoé' };
    },
    isSignedIn: (context) => (context as { person?: string }).person !== undefined,
    requirePermission: (_context, permission) => {
      if (permission !== 'books:write') throw forbidden(`This needs the permission ${permission}`, 'permission');
    },
    principal: () => anonymous,
    store,
    spoolFolder: join(folder, 'spool'),
    makeUpload: (filename, content): Upload => ({ filename, content }),
    log: pino(
      { level: 'error' },
      { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    validateResponses: true,
    trustProxy: 0,
    publicUrl: 'http://localhost',
    requestId: () => 'req-1',
  };
  const server = createServer(restRouter([rootToy, toy], engine));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}${toy.prefix}`,
    server,
    spoolFolder: engine.spoolFolder,
    logged,
    opened,
    engine,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
