import { raw, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badField } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import { lockFiledDocument } from '../files/lock-document.js';

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

/** Lets one more person see the document. Sharing again with the same person changes nothing and emits no event. */
export async function shareDocument(ctx: CommandContext, { id, person: name }: Share): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const document = await lockFiledDocument(tx, ctx.viewer, id);
    const column = name.includes('@') ? 'email' : 'username';
    const found = name.includes('\0')
      ? undefined
      : await tx.first<{ id: number }>(sql`
          select id from users
           where lower(${raw(column)}) = lower(${tidyName(name)}::text) and is_active for key share`);
    if (!found) throw badField('person', 'unknown_reference', 'There is no such person');
    const person = found.id;
    const added = await tx.run(
      sql`insert into document_shares values (${document.id}, ${person}) on conflict do nothing`,
    );
    if (!added) return;
    await emit(tx, ctx, 'document.shared', ['Document', document.id], {
      ownerId: document.ownerId,
      title: document.title,
      userId: person,
    });
  });
}

/** Ends the sharing with a person. Does nothing when the document is not shared with them. */
export async function unshareDocument(ctx: CommandContext, { id, userId }: SharedWith): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const document = await lockFiledDocument(tx, ctx.viewer, id);
    const person = rowId(userId) ?? 0;
    const removed = await tx.run(
      sql`delete from document_shares where document_id = ${document.id} and user_id = ${person}`,
    );
    if (!removed) return;
    await emit(tx, ctx, 'document.unshared', ['Document', document.id], {
      ownerId: document.ownerId,
      title: document.title,
      userId: person,
    });
  });
}
