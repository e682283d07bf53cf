import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { conflict, type DomainError } from '../../../lib/errors.js';
import { visibleDocuments } from './document.policy.js';

/**
 * The refusal of an archive serial number that another document has: it names that document, and says when it lies in
 * the trash, where nobody looks for it, as far as the viewer may see it.
 */
export async function asnTaken({ db, viewer }: CommandContext, asn: number | null | undefined): Promise<DomainError> {
  const holder = await db.first<{ id: number; trashed: boolean }>(sql`
    select t.id, t.deleted_at is not null as trashed from documents t
     where t.asn = ${asn ?? null}::int and ${holds(visibleDocuments(viewer), 't')}`);
  const which = holder ? `Document ${holder.id}${holder.trashed ? ', in the trash,' : ''}` : 'Another document';
  const message = `${which} has this archive serial number`;
  return conflict(`asn: ${message}`, {
    fields: [{ path: ['asn'], code: 'duplicate', message }],
    subject: 'Document',
    reason: 'duplicate',
    ...(holder && { details: { ...holder } }),
  });
}
