import { emit } from '../../../events/outbox.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { type CommandContext, execute, lockFiledDocument } from '../files/write-rows.js';

export interface Share {
  /** Of the document. */
  id: string;
  /** User name or e-mail. */
  person: string;
}

export interface SharedWith {
  /** Of the document. */
  id: string;
  userId: string;
}

/** Lets one more person see the document. Sharing twice is fine and says nothing twice. */
export async function shareDocument(ctx: CommandContext, { id, person: name }: Share): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const document = await lockFiledDocument(em, ctx.viewer, id);
    const column = name.includes('@') ? 'email' : 'username';
    const [found] = name.includes('\0')
      ? []
      : await execute<{ id: number }>(
          em,
          `select id from users where lower(${column}) = lower(?) and is_active for key share`,
          [name.trim()],
        );
    if (!found) throw badField('person', 'unknown_reference', 'There is no such person');
    const person = found.id;
    const added = await execute(
      em,
      'insert into document_shares values (?, ?) on conflict do nothing returning user_id',
      [document.id, person],
    );
    if (!added.length) return;
    await emit(em, ctx, 'document.shared', ['Document', document.id], {
      ownerId: document.ownerId,
      title: document.title,
      userId: person,
    });
  });
}

/** Takes a share back; one that is not there is fine. */
export async function unshareDocument(ctx: CommandContext, { id, userId }: SharedWith): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const document = await lockFiledDocument(em, ctx.viewer, id);
    const person = rowId(userId) ?? 0;
    const removed = await execute(
      em,
      'delete from document_shares where document_id = ? and user_id = ? returning user_id',
      [document.id, person],
    );
    if (!removed.length) return;
    await emit(em, ctx, 'document.unshared', ['Document', document.id], {
      ownerId: document.ownerId,
      title: document.title,
      userId: person,
    });
  });
}
