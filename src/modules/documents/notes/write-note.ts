import { sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { whyNotChange } from '../files/document.policy.js';
import { lockIfVisible } from '../files/lock-document.js';

const longestNote = 5000;

/**
 * Says something about a document that the viewer may see, whoever may change it. Throws NOT_FOUND, and BAD_USER_INPUT
 * for a text that is empty or too long.
 */
export async function addNote(
  ctx: CommandContext,
  { documentId, text: given }: { documentId: string; text: string },
): Promise<{ id: number }> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const text = given.trim();
  if (text === '') throw badField('text', 'required', 'Must not be empty');
  if (text.length > longestNote) throw badField('text', 'too_long', `At most ${longestNote} characters`);
  if (text.includes('\0')) throw badField('text', 'invalid_format', 'Must not contain the character U+0000');
  return ctx.db.transaction(async (tx) => {
    const document = await lockIfVisible(tx, viewer, documentId);
    if (!document || document.isTrashed) throw notFound('Document');
    const note = await tx.first<{ id: number }>(sql`
      insert into document_notes (document_id, author_id, text, created_at)
      values (${document.id}, ${viewer.userId}, ${text}, ${ctx.services.now()}) returning id`);
    const { id } = note as { id: number };
    const { ownerId, title } = document;
    await emit(tx, ctx, 'document.note_added', ['Document', document.id], { ownerId, title, noteId: id });
    return { id };
  });
}

/**
 * Deletes a note: one's own, or any on a document that one may change. Throws NOT_FOUND for one that the viewer does
 * not see, FORBIDDEN for another person's.
 */
export async function deleteNote(
  ctx: CommandContext,
  { id, documentId }: { id: string; documentId?: string | null | undefined },
): Promise<void> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const named = documentId == null ? null : (rowId(documentId) ?? 0);
  await ctx.db.transaction(async (tx) => {
    const note = await tx.first<{ id: number; documentId: number; authorId: number }>(sql`
      select id, document_id as "documentId", author_id as "authorId" from document_notes
       where id = ${rowId(id) ?? null}::int and document_id = coalesce(${named}::int, document_id)`);
    const document = note && (await lockIfVisible(tx, viewer, String(note.documentId)));
    if (!document || document.isTrashed) throw notFound('DocumentNote');
    const isOwn = note.authorId === viewer.userId;
    if (!isOwn && whyNotChange(viewer, { owner: { id: document.ownerId } }))
      throw forbidden('Only who wrote a note, or may change the document, deletes it', 'document.note_of_another');
    const { ownerId, title } = document;
    if (await tx.run(sql`delete from document_notes where id = ${note.id}`))
      await emit(tx, ctx, 'document.note_deleted', ['Document', document.id], { ownerId, title, noteId: note.id });
  });
}
