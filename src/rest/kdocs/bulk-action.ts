import { z } from 'zod';
import { route } from '../engine/route.js';
import { KdocsBulkEditDocumentsOperation } from './operations.gen.js';
import { Id, ok } from './shapes.js';

const target = {
  add_tag: 'tag_id',
  remove_tag: 'tag_id',
  set_type: 'document_type_id',
  set_correspondent: 'correspondent_id',
};
type Targeted = keyof typeof target;

/** `POST /documents/bulk` as the page of K-Docs calls it: one action with the one thing that it is about. */
export const bulkActionRoute = route({
  method: 'post',
  path: '/documents/bulk-action',
  operationId: 'bulkEditDocumentsByAction',
  section: 'CONSUMERS.md#4-k-docs-and-the-others',
  summary: 'Une action sur plusieurs documents',
  credential: 'required',
  body: z.object({
    action: z.enum(['delete', 'add_tag', 'remove_tag', 'set_type', 'set_correspondent']),
    document_ids: z.array(Id).min(1).max(500),
    tag_id: Id.nullish(),
    document_type_id: Id.nullish(),
    correspondent_id: Id.nullish(),
  }),
  check: ({ body }) => {
    const field = target[body.action as Targeted] as 'tag_id' | 'document_type_id' | 'correspondent_id' | undefined;
    return field && body[field] == null ? [{ name: field, code: 'required', message: 'Ce champ est obligatoire' }] : [];
  },
  operation: KdocsBulkEditDocumentsOperation,
  toVariables: ({ body: { action, document_ids, tag_id, document_type_id, correspondent_id } }) => ({
    input: {
      ids: document_ids,
      ...(action === 'add_tag' && tag_id && { addTagIds: [tag_id] }),
      ...(action === 'remove_tag' && tag_id && { removeTagIds: [tag_id] }),
      ...(action === 'set_type' && { typeId: document_type_id }),
      ...(action === 'set_correspondent' && { correspondentId: correspondent_id }),
      ...(action === 'delete' && { trash: true }),
    },
  }),
  fields: {
    ids: 'document_ids',
    'addTagIds.*': 'tag_id',
    'removeTagIds.*': 'tag_id',
    typeId: 'document_type_id',
    correspondentId: 'correspondent_id',
  },
  response: z.object({
    success: z.literal(true),
    results: z.object({ success: z.int(), errors: z.int() }).meta({ description: 'Nombres de documents' }),
    message: z.string(),
  }),
  toResponse: ({ bulkEditDocuments: { changedCount, refused } }) => ({
    ...ok,
    results: { success: changedCount, errors: refused.length },
    message: `${changedCount} document(s) modifié(s)`,
  }),
  examples: { body: { action: 'add_tag', document_ids: [1, 2], tag_id: 3 } },
});
