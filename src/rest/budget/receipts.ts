import { z } from 'zod';
import { uploadLimits } from '../../storage/spool.js';
import { fileTypes } from '../documents/file-types.js';
import { pathNumber } from '../engine/openapi-schemas.js';
import { type Route, route } from '../engine/route.js';
import {
  BudgetAddReceiptOperation,
  BudgetListReceiptsOperation,
  BudgetReadReceiptFileOperation,
  type BudgetReceiptFragment,
  BudgetRemoveReceiptOperation,
} from './operations.gen.js';
import { beyondContract, found, IdParams, listed, listOf, Moment } from './shapes.js';

const ReceiptParams = IdParams.extend({ receiptId: pathNumber('Numéro du justificatif') });

const Receipt = z
  .object({
    id: z.int(),
    filename: z.string(),
    size: z.int().meta({ description: 'En octets' }),
    mime_type: z.string(),
    document_id: z
      .int()
      .nullable()
      .meta({ description: 'Le document archivé ; null pour qui voit le compte mais pas ce document' }),
    created_at: Moment,
  })
  .meta({ id: 'BudgetReceipt' });

const receiptOut = ({ id, file, document, createdAt }: BudgetReceiptFragment): z.input<typeof Receipt> => ({
  id: Number(id),
  filename: file.name,
  size: file.sizeBytes,
  mime_type: file.mimeType,
  document_id: document ? Number(document.id) : null,
  created_at: createdAt,
});

const example = {
  id: 1,
  filename: 'ticket-carrefour.pdf',
  size: 48_213,
  mime_type: 'application/pdf',
  document_id: 12,
  created_at: '2026-02-02T18:35:00Z',
};

/** Documents that prove a transaction (DECISIONS.md, sections 4 and 9). */
export const receiptRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/transactions/:id/receipts',
    section: beyondContract,
    summary: 'Joindre un justificatif à une transaction',
    credential: 'required',
    params: IdParams,
    files: { parts: ['file', 'files'], max: 1, required: true, limitBytes: uploadLimits.fileBytes },
    operation: BudgetAddReceiptOperation,
    toVariables: ({ params, files }) => ({ input: { transactionId: params.id, file: files[0]?.upload } }),
    status: 201,
    response: Receipt,
    toResponse: ({ addReceipt }) => receiptOut(addReceipt.receipt),
    examples: { response: example },
  }),
  route({
    method: 'get',
    path: '/transactions/:id/receipts',
    section: beyondContract,
    summary: 'Lister les justificatifs d’une transaction',
    credential: 'required',
    params: IdParams,
    operation: BudgetListReceiptsOperation,
    toVariables: ({ params }) => params,
    response: listOf(Receipt),
    toResponse: ({ transaction }) => listed(found(transaction, 'Transaction').receipts.map(receiptOut)),
    examples: { response: { count: 1, results: [example] } },
  }),
  route({
    method: 'get',
    path: '/transactions/:id/receipts/:receiptId/file',
    link: 'receiptFile',
    section: beyondContract,
    summary: 'Télécharger un justificatif',
    credential: 'required',
    params: ReceiptParams,
    operation: BudgetReadReceiptFileOperation,
    toVariables: ({ params: { id } }) => ({ id }),
    produces: fileTypes,
    reply: ({ transaction }, { params: { receiptId } }) => {
      const { receipts } = found(transaction, 'Transaction');
      const { file } = found(
        receipts.find(({ id }) => id === receiptId),
        'Receipt',
      );
      const { key, name, mimeType, contentHash } = file;
      return { file: { key, name, mimeType, disposition: 'attachment', etag: contentHash } };
    },
  }),
  route({
    method: 'delete',
    path: '/transactions/:id/receipts/:receiptId',
    section: beyondContract,
    summary: 'Retirer un justificatif ; son document va à la corbeille si rien d’autre ne le cite',
    credential: 'required',
    params: ReceiptParams,
    operation: BudgetRemoveReceiptOperation,
    toVariables: ({ params }) => ({ input: { id: params.receiptId, transactionId: params.id } }),
  }),
];
