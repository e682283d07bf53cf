import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';
import { route } from '../engine/route.js';
import {
  KdocsAddNoteOperation,
  KdocsDeleteNoteOperation,
  KdocsListNotesOperation,
  type KdocsNoteFragment,
} from './operations.gen.js';
import { Done, found, IdParams, Moment, momentOf, ok } from './shapes.js';

export const NoteOut = z
  .object({
    id: z.int(),
    note: z.string(),
    user_id: z.int(),
    user_name: z.string().nullable(),
    created_at: Moment,
  })
  .meta({ id: 'KdocsNote' });

export const noteOut = ({
  id,
  text,
  authorId,
  authorUsername,
  createdAt,
}: KdocsNoteFragment): z.input<typeof NoteOut> => ({
  id: Number(id),
  note: text,
  user_id: Number(authorId),
  user_name: authorUsername ?? null,
  created_at: momentOf(createdAt),
});

const section = 'CONSUMERS.md#4-k-docs-and-the-others';

export const noteRoutes = [
  route({
    method: 'get',
    path: '/documents/:id/notes',
    section,
    summary: "Notes d'un document, de la plus récente à la plus ancienne",
    credential: 'required',
    params: IdParams,
    operation: KdocsListNotesOperation,
    toVariables: ({ params }) => params,
    response: z.object({ success: z.literal(true), notes: z.array(NoteOut) }),
    toResponse: ({ document }) => ({ ...ok, notes: found(document, 'Document').notes.nodes.map(noteOut) }),
  }),
  route({
    method: 'post',
    path: '/documents/:id/notes',
    operationId: 'createNote',
    section,
    summary: 'Ajouter une note à un document',
    credential: 'required',
    params: IdParams,
    body: z.object({ note: z.string().meta({ description: 'Au plus 5000 caractères' }) }),
    operation: KdocsAddNoteOperation,
    toVariables: ({ params, body }) => ({ input: { documentId: params.id, text: body.note } }),
    fields: { text: 'note' },
    status: 201,
    response: z.object({ success: z.literal(true), note_id: z.int(), note: NoteOut, message: z.string() }),
    toResponse: ({ addDocumentNote: { note } }) => ({
      ...ok,
      note_id: Number(note.id),
      note: noteOut(note),
      message: 'Note ajoutée avec succès',
    }),
    examples: { body: { note: 'À vérifier avec le fournisseur' } },
  }),
  route({
    method: 'delete',
    path: '/documents/:id/notes/:noteId',
    section,
    summary: 'Supprimer une note : la sienne, ou toute note sur un document que la personne peut modifier',
    credential: 'required',
    params: IdParams.extend({ noteId: pathNumber('Numéro de la note') }),
    operation: KdocsDeleteNoteOperation,
    toVariables: ({ params }) => ({ input: { id: params.noteId, documentId: params.id } }),
    response: Done,
    toResponse: () => ({ ...ok, message: 'Note supprimée avec succès' }),
  }),
];
