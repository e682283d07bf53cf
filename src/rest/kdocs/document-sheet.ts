import { z } from 'zod';
import { memoized } from '../../lib/memoized.js';
import { written } from '../engine/written-json.js';
import { DetailOut, detailOut } from './document-shapes.js';
import { NoteOut, noteOut } from './notes.js';
import type { CustomFieldKind, KdocsReadDocumentQuery } from './operations.gen.js';
import { found, kdocsPrefix, Moment, momentOf } from './shapes.js';
import { statusOf } from './validation-status.js';

/** The words that the page of K-Docs knows the kinds of custom fields by. */
const fieldTypes: Readonly<Record<CustomFieldKind, string>> = {
  TEXT: 'text',
  INTEGER: 'number',
  DECIMAL: 'number',
  DATE: 'date',
  BOOLEAN: 'checkbox',
  URL: 'url',
  CHOICE: 'select',
};

const Named = z.object({ id: z.int(), name: z.string() });

/** CONSUMERS.md, section 4: what the page of a document reads beyond the contract's `…`. */
export const SheetOut = DetailOut.extend({
  notes: z.array(NoteOut),
  ocr_text: z.string(),
  checksum: z.string().meta({ description: 'SHA-256 du fichier, en hexadécimal' }),
  validation_status: z
    .enum(['pending', 'approved', 'rejected', 'na'])
    .nullable()
    .meta({ description: 'null : jamais soumis' }),
  validated_at: Moment.nullable(),
  validation_comment: z.string().nullable(),
  can_validate: z.boolean(),
  custom_field_values: z
    .record(z.string(), z.string())
    .meta({ description: 'Par numéro de champ ; PUT accepte la même forme' }),
  thumbnail_url: z.string(),
  view_url: z.string(),
  download_url: z.string(),
  _meta: z
    .object({
      correspondents: z.array(Named),
      document_types: z.array(z.object({ id: z.int(), code: z.string(), label: z.string() })),
      all_tags: z.array(Named.extend({ color: z.string() })),
      custom_fields: z.array(
        Named.extend({ field_type: z.string(), options: z.string().nullable(), required: z.boolean() }),
      ),
      logical_folders: z.array(Named).meta({ description: 'Toujours vide' }),
    })
    .meta({ description: 'Les listes qui remplissent les menus du formulaire' }),
}).meta({ id: 'KdocsDocumentSheet' });

// The lists of the menus are the same for everybody, and longer than all the rest: each is written once while the graph
// answers the same one.
type Menus = KdocsReadDocumentQuery;

const correspondentsOut = memoized((nodes: Menus['correspondents']['nodes']) =>
  written(nodes.map(({ id, name }) => ({ id: Number(id), name }))),
);

const typesOut = memoized((nodes: Menus['documentTypes']['nodes']) =>
  written(nodes.map(({ id, code, label }) => ({ id: Number(id), code, label }))),
);

const tagsOut = memoized((nodes: Menus['tags']['nodes']) =>
  written(nodes.map(({ id, name, color }) => ({ id: Number(id), name, color }))),
);

const fieldsOut = memoized((nodes: Menus['customFields']['nodes']) =>
  written(
    nodes.map(({ id, name, kind, choices, isRequired }) => ({
      id: Number(id),
      name,
      field_type: fieldTypes[kind],
      options: choices.length ? choices.join(',') : null,
      required: isRequired,
    })),
  ),
);

export function sheetOut(data: KdocsReadDocumentQuery): z.input<typeof SheetOut> {
  const document = found(data.document, 'Document');
  const { approval, fields } = document;
  const address = `${kdocsPrefix}/documents/${document.id}`;
  return {
    ...detailOut(document),
    notes: document.notes.nodes.map(noteOut),
    ocr_text: document.content,
    checksum: document.contentHash,
    validation_status: approval ? statusOf(approval.status) : null,
    validated_at: approval?.decidedAt ? momentOf(approval.decidedAt) : null,
    validation_comment: approval?.comment ?? null,
    can_validate: document.canDecide.allowed,
    custom_field_values: Object.fromEntries(fields.map(({ field, value }) => [field.id, value])),
    thumbnail_url: `${address}/thumbnail`,
    view_url: `${address}/view`,
    download_url: `${address}/download`,
    _meta: {
      correspondents: correspondentsOut(data.correspondents.nodes),
      document_types: typesOut(data.documentTypes.nodes),
      all_tags: tagsOut(data.tags.nodes),
      custom_fields: fieldsOut(data.customFields.nodes),
      logical_folders: [],
    },
  };
}
