import { z } from 'zod';
import type { ErrorCode } from '../../lib/error-catalog.js';
import { uploadLimits } from '../../storage/spool.js';
import { route } from '../engine/route.js';
import { KdocsUploadDocumentsOperation, type KdocsUploadDocumentsMutation } from './operations.gen.js';
import { TextId } from './shapes.js';
import { kdocsWords } from './words.js';

type UploadResult = KdocsUploadDocumentsMutation['uploadDocuments']['results'][number];

const ResultOut = z.union([
  z.object({ success: z.literal(true), filename: z.string(), id: z.int() }),
  z.object({
    success: z.literal(false),
    filename: z.string(),
    error: z.string(),
    existing_id: z.int().optional().meta({ description: 'Le document qui contient déjà ce fichier' }),
  }),
]);

function resultOut({ filename, document, problem }: UploadResult): z.input<typeof ResultOut> {
  if (document) return { success: true, filename, id: Number(document.id) };
  const { code, reason, message, existingId, isExistingTrashed } = problem ?? {
    code: 'INTERNAL_SERVER_ERROR',
    reason: null,
    message: '',
    existingId: null,
    isExistingTrashed: null,
  };
  const details = existingId ? { id: existingId, trashed: isExistingTrashed === true } : {};
  const error = kdocsWords.problem({ code: code as ErrorCode, message, details, ...(reason && { reason }) }) ?? message;
  return { success: false, filename, error, ...(existingId && { existing_id: Number(existingId) }) };
}

/** For people: why files were refused, or how many became documents. */
function messageOf(results: readonly z.input<typeof ResultOut>[]): string {
  const refused = results.flatMap((result) => (result.success ? [] : [`${result.filename} : ${result.error}`]));
  return refused.length > 0 ? refused.join(' ; ') : `${results.length} document(s) créé(s)`;
}

const statuses: Readonly<Record<string, number>> = {
  CONFLICT: 409,
  UNSUPPORTED_MEDIA_TYPE: 415,
  PAYLOAD_TOO_LARGE: 413,
  FORBIDDEN: 403,
};

export const uploadRoute = route({
  method: 'post',
  path: '/documents/upload',
  section: 'DECISIONS.md#5-k-docs',
  summary: 'Envoyer des fichiers ; chacun devient un document',
  credential: 'required',
  files: {
    parts: ['files', 'files[]', 'file'],
    max: uploadLimits.files,
    required: true,
    limitBytes: uploadLimits.fileBytes,
  },
  body: z.object({
    document_type_id: TextId.optional(),
    correspondent_id: TextId.optional(),
    'tags[]': z.array(TextId).max(100).optional(),
  }),
  operation: KdocsUploadDocumentsOperation,
  toVariables: ({ files, body }) => ({
    input: {
      files: files.map(({ upload }) => upload),
      typeId: body.document_type_id,
      correspondentId: body.correspondent_id,
      tagIds: body['tags[]'],
    },
  }),
  fields: { typeId: 'document_type_id', correspondentId: 'correspondent_id', tagIds: 'tags[]' },
  /** 201 when at least one document was created, otherwise the status of the first refusal. */
  status: ({ uploadDocuments: { results } }) =>
    results.some(({ success }) => success) ? 201 : (statuses[results[0]?.problem?.code ?? ''] ?? 400),
  response: z.object({ success: z.boolean(), message: z.string(), results: z.array(ResultOut) }),
  toResponse: ({ uploadDocuments: { results } }) => ({
    success: results.some(({ success }) => success),
    message: messageOf(results.map(resultOut)),
    results: results.map(resultOut),
  }),
});
