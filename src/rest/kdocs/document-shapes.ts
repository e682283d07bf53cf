import { z } from 'zod';
import { answeredDay } from '../engine/openapi-schemas.js';
import type { KdocsDocumentDetailFragment, KdocsDocumentFragment } from './operations.gen.js';
import { Moment, momentOf } from './shapes.js';

/** kdocs.md, "Liste des documents": these keys and no others. */
export const DocumentOut = z
  .object({
    id: z.int(),
    title: z.string(),
    filename: z.string(),
    original_filename: z.string(),
    file_path: z.string(),
    file_size: z.number(),
    mime_type: z.string(),
    document_type_id: z.int().nullable(),
    document_type_label: z.string().nullable(),
    correspondent_id: z.int().nullable(),
    correspondent_name: z.string().nullable(),
    document_date: answeredDay.nullable(),
    amount: z.number().nullable(),
    currency: z.string().nullable(),
    created_at: Moment,
    updated_at: Moment,
    asn: z.int().nullable(),
  })
  .meta({ id: 'KdocsDocument' });

export const documentOut = (document: KdocsDocumentFragment): z.input<typeof DocumentOut> => ({
  id: Number(document.id),
  title: document.title,
  filename: document.filename,
  original_filename: document.originalFilename,
  // The contract's path of the stored file; never a path of the server's disk.
  file_path: `/documents/${document.filename}`,
  file_size: document.sizeBytes,
  mime_type: document.mimeType,
  document_type_id: document.type ? Number(document.type.id) : null,
  document_type_label: document.type?.label ?? null,
  correspondent_id: document.correspondent ? Number(document.correspondent.id) : null,
  correspondent_name: document.correspondent?.name ?? null,
  document_date: document.documentDate ?? null,
  amount: document.amount ?? null,
  currency: document.currency ?? null,
  created_at: momentOf(document.createdAt),
  updated_at: momentOf(document.updatedAt),
  asn: document.asn ?? null,
});

export const DetailOut = DocumentOut.extend({
  tags: z.array(z.object({ id: z.int(), name: z.string(), color: z.string() })),
}).meta({ id: 'KdocsDocumentDetail' });

export const detailOut = (document: KdocsDocumentDetailFragment): z.input<typeof DetailOut> => ({
  ...documentOut(document),
  tags: document.tags.map(({ id, name, color }) => ({ id: Number(id), name, color })),
});

export const documentOrders = ['id', 'title', 'created_at', 'updated_at', 'document_date', 'amount'] as const;
