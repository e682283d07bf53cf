import { settled } from '../support/events.js';
import type { Person, TestServer } from '../support/harness.js';
import { type Objects, type Run, unique } from './objects.js';

/** What hangs on documents: approvals, versions, fields, links, and what people are told of them. */
export interface DocumentObjects {
  /** A document that waits for a decision; its owner submitted it. */
  submitted: (owner: Person) => Promise<{ id: string; title: string }>;
  /** A rule that sends nothing into approval. */
  approvalRule: () => Promise<{ id: string }>;
  /** The person's right, lent to somebody. */
  delegation: (lender: Person) => Promise<{ id: string }>;
  /** Unread; tells the person that a document was shared with them, whose `title` it says. */
  notification: (reader: Person) => Promise<{ id: string; title: string }>;
  /** A document whose file was replaced: version 1 is the file that `document` makes. */
  versioned: (owner: Person) => Promise<{ id: string; title: string; filename: string }>;
  customField: () => Promise<{ id: string; name: string }>;
  /** A document with a custom field that says `value`. */
  fieldValue: (owner: Person) => Promise<{ id: string; fieldId: string; value: string }>;
  /** What the person said about a document of theirs. */
  note: (owner: Person) => Promise<{ id: string; documentId: string; text: string }>;
  /** What was read in a document of the person's. */
  supplierInvoice: (owner: Person, options?: { paid?: boolean }) => Promise<{ id: string; number: string }>;
  savedView: (owner: Person, options?: { isShared?: boolean }) => Promise<{ id: string; name: string }>;
  shareLink: (
    owner: Person,
  ) => Promise<{ id: string; documentId: string; title: string; token: string; prefix: string }>;
  /** Two files sent at once, named after the first. */
  ingest: (owner: Person) => Promise<{ id: string; name: string }>;
}

export function documentObjects(server: TestServer, run: Run, document: Objects['document']): DocumentObjects {
  const customField: DocumentObjects['customField'] = async () => {
    const name = unique('champ');
    const [{ id }] = await server.sql(`insert into custom_fields (name, kind) values (?, 'text') returning id`, [name]);
    return { id: String(id), name };
  };
  return {
    submitted: async (owner) => {
      const made = await document(owner);
      await run(
        'mutation ($id: ID!) { submitDocument(input: { documentId: $id }) { approval { id } } }',
        made,
        owner.token,
      );
      return made;
    },
    supplierInvoice: async (owner, { paid = false } = {}) => {
      const number = unique('F');
      const { id: documentId } = await document(owner);
      const [{ id }] = await server.sql(
        `insert into supplier_invoices (document_id, format, number, issue_date, currency, supplier_name, total,
                                        amount_due, supplier_key, number_key, paid_at)
         values (?, 'ubl', ?, '2026-11-02', 'EUR', 'Fournisseur', 10, 10, 'name fournisseur', ?, ?) returning id`,
        [documentId, number, number, paid ? new Date() : null],
      );
      return { id: String(id), number };
    },
    approvalRule: async () => {
      const [{ id }] = await server.sql(
        'insert into approval_rules (hours, is_active) values (72, false) returning id',
      );
      return { id: String(id) };
    },
    delegation: async (lender) => {
      const { id: borrowerId } = await server.person();
      const [{ id }] = await server.sql(
        `insert into approval_delegations (from_id, to_id, valid_from, valid_to)
         values (?, ?, '2026-01-01', '2099-01-01') returning id`,
        [lender.id, borrowerId],
      );
      return { id: String(id) };
    },
    notification: async (reader) => {
      const sharer = await server.person();
      const { id: documentId, title } = await document(sharer);
      const variables = { id: documentId, person: reader.email };
      await run(
        `mutation ($id: ID!, $person: String!) {
           shareDocument(input: { id: $id, person: $person }) { document { id } } }`,
        variables,
        sharer.token,
      );
      await settled(server.app);
      const [{ id }] = await server.sql('select id from notifications where user_id = ? and actor_id = ?', [
        reader.id,
        sharer.id,
      ]);
      return { id: String(id), title };
    },
    versioned: async (owner) => {
      const { id, title } = await document(owner);
      const body = new FormData();
      body.set('file', new Blob([unique('Avenant')]), 'avenant.txt');
      const { status, text } = await server.request('PUT', `/kdocs/api/documents/${id}/file`, {
        token: owner.token,
        body,
      });
      if (status !== 200) throw new Error(`no version: ${text}`);
      return { id, title, filename: `${title}.txt` };
    },
    customField,
    fieldValue: async (owner) => {
      const [{ id }, { id: fieldId }] = await Promise.all([document(owner), customField()]);
      const value = unique('valeur');
      const input = { id, values: [{ fieldId, value }] };
      await run(
        'mutation ($input: SetDocumentFieldsInput!) { setDocumentFields(input: $input) { document { id } } }',
        { input },
        owner.token,
      );
      return { id, fieldId, value };
    },
    note: async (owner) => {
      const { id: documentId } = await document(owner);
      const text = unique('note');
      const { addDocumentNote } = await run(
        'mutation ($input: AddDocumentNoteInput!) { addDocumentNote(input: $input) { note { id } } }',
        { input: { documentId, text } },
        owner.token,
      );
      return { id: addDocumentNote.note.id, documentId, text };
    },
    savedView: async (owner, { isShared = false } = {}) => {
      const name = unique('vue');
      const [{ id }] = await server.sql(
        `insert into saved_views (owner_id, name, order_by, is_shared)
         values (?, ?, 'CREATED_AT_DESC', ?) returning id`,
        [owner.id, name, isShared],
      );
      return { id: String(id), name };
    },
    shareLink: async (owner) => {
      const { id: documentId, title } = await document(owner);
      const { createShareLink } = await run(
        'mutation ($id: ID!) { createShareLink(input: { documentId: $id }) { token shareLink { id prefix } } }',
        { id: documentId },
        owner.token,
      );
      return { documentId, title, token: createShareLink.token, ...createShareLink.shareLink };
    },
    ingest: async (owner) => {
      const name = `${unique('envoi')}.txt`;
      const body = new FormData();
      for (const filename of [name, 'autre.txt']) body.append('files', new Blob([unique('Texte')]), filename);
      await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body });
      const [{ id }] = await server.sql('select id from ingests where name = ?', [name]);
      return { id: String(id), name };
    },
  };
}
