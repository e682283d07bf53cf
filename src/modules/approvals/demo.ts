import { sql } from '../../db/sql.js';
import type { DemoFirm } from '../../kernel/demo.js';
import { ApprovalStatus } from './approval.entity.js';
import { decideDocument } from './decide-document.js';

/** How many of the newest papers still wait; those before were decided. */
const waiting = 8;

/** In the whole firm all but the newest papers and the dearest were decided, most of them approved. */
export async function fillApprovalsDemo({ as, isWhole }: DemoFirm): Promise<void> {
  if (!isWhole) return;
  const pending = await as('nadia.demo').db.all<{ documentId: string; level: number | null }>(sql`
    select a.id::text as "documentId", a.level from approvals a join documents d on d.id = a.id
     where a.status = ${ApprovalStatus.PENDING} and coalesce(a.level, 1) <= 2
     order by d.document_date desc nulls last, d.id desc offset ${waiting}`);
  for (const [index, { documentId, level }] of pending.entries())
    await decideDocument(
      as(level === 2 ? 'sofia.demo' : 'nadia.demo'),
      index % 12 === 5
        ? { documentId, status: ApprovalStatus.REJECTED, comment: 'Montant différent du bon de commande (démo)' }
        : { documentId, status: ApprovalStatus.APPROVED, comment: null },
    );
}
