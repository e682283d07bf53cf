import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../src/domain/identity/resolve-viewer.js';
import { makePng } from '../support/files.js';
import type { Person, TestServer } from '../support/harness.js';

let counter = 0;
/** A word that nothing else holds, for names and for telling who may see an object. */
export const unique = (word: string): string => `${word}${(counter += 1)}x${process.pid}`;

export interface Objects {
  /** A draft of the person's, billed to the person; `description` stands on its only line. */
  invoice: (owner: Person, options?: { status?: 'DRAFT' | 'ISSUED' }) => Promise<{ id: string; description: string }>;
  /** A document of the person's with a file; `title` names it. */
  document: (owner: Person, options?: { trashed?: boolean; picture?: boolean }) => Promise<{ id: string; title: string }>;
  tag: () => Promise<{ id: string; name: string }>;
  correspondent: () => Promise<{ id: string; name: string }>;
  documentType: () => Promise<{ id: string; label: string }>;
  /** Without permissions. */
  role: () => Promise<{ id: string; name: string }>;
  apiToken: (owner: Person) => Promise<{ id: string }>;
  session: (owner: Person) => Promise<{ id: string }>;
  refreshToken: (owner: Person) => Promise<string>;
  /** A file in the ingest folder, by its name. */
  ingestFile: () => Promise<string>;
}

/** Makes fresh objects, as their owner over the graph where a door exists, else by SQL. */
export function objects(server: TestServer, writeIngestFile: (name: string, text: string) => Promise<void>): Objects {
  const run = async (query: string, variables: object, token: string): Promise<any> => {
    const { data, errors } = await server.graphql(query, variables, token);
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  };
  const named = async (table: 'tags' | 'correspondents' | 'roles'): Promise<{ id: string; name: string }> => {
    const name = unique(table);
    const [row] = await server.sql(`insert into ${table} (name) values (?) returning id`, [name]);
    return { id: String(row.id), name };
  };
  const session = async ({ id }: Person): Promise<{ id: string }> => {
    const [row] = await server.sql(`insert into sessions (user_id, kind, expires_at) values (?, 'token', now() + interval '1 day') returning id`, [id]);
    return row;
  };
  return {
    invoice: async (owner, { status = 'DRAFT' } = {}) => {
      const description = unique('prestation');
      const input = { customerId: String(owner.id), items: [{ description, quantity: 1, unitPrice: 10, vatRate: 20 }], status };
      const { createInvoice } = await run('mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }', { input }, owner.token);
      return { id: createInvoice.invoice.id, description };
    },
    document: async (owner, { trashed = false, picture = false } = {}) => {
      const title = unique('document');
      const bytes = picture ? makePng({ widthPx: 8 + (counter += 1), grey: 90 }) : Buffer.from(`Contrat ${title}`);
      const body = new FormData();
      body.set('title', title);
      body.set('files', new Blob([new Uint8Array(bytes)]), picture ? `${title}.png` : `${title}.txt`);
      const { json, text } = await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body });
      const id = json?.results?.[0]?.id;
      if (!id) throw new Error(`no document: ${text}`);
      // What upload makes of the name is its own affair; here the title must be unique.
      await server.sql(`update documents set title = ?${trashed ? ', deleted_at = now()' : ''} where id = ?`, [title, id]);
      return { id: String(id), title };
    },
    tag: () => named('tags'),
    correspondent: () => named('correspondents'),
    role: () => named('roles'),
    documentType: async () => {
      const label = unique('type');
      const [row] = await server.sql('insert into document_types (code, label) values (?, ?) returning id', [label.toUpperCase(), label]);
      return { id: String(row.id), label };
    },
    apiToken: async ({ id }) => {
      const token = `apt_${randomBytes(32).toString('base64url')}`;
      const [row] = await server.sql(`insert into api_tokens (user_id, name, prefix, token_hash) values (?, 'object', ?, ?) returning id`, [id, token.slice(0, 10), hashSecret(token)]);
      return { id: String(row.id) };
    },
    session,
    refreshToken: async (owner) => {
      const token = `rft_${randomBytes(32).toString('base64url')}`;
      await server.sql(`insert into refresh_tokens (token_hash, session_id, expires_at) values (?, ?::uuid, now() + interval '1 day')`, [hashSecret(token), (await session(owner)).id]);
      return token;
    },
    ingestFile: async () => {
      const name = `${unique('ingest')}.txt`;
      await writeIngestFile(name, `Texte de ${name}`);
      return name;
    },
  };
}
