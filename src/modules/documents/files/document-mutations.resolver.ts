import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import type { UploadedFile } from '../../../kernel/scalars.js';
import { badInput, DomainError } from '../../../lib/errors.js';
import { safeFileName } from '../../../lib/safe-path.js';
import { uploadLimits } from '../../../storage/spool.js';
import { IngestStep } from '../../ingests/ingest.entity.js';
import { countIngest } from '../../ingests/metrics.js';
import { beginIngest, finishIngest, IngestLost, type IngestOutcome, trackIngest } from '../../ingests/track-ingest.js';
import { shareDocument, unshareDocument } from '../sharing/share-document.js';
import { bulkEditDocuments } from './bulk-edit-documents.js';
import type { DocumentFacts } from './document-facts.js';
import {
  BulkEditDocumentsInput,
  BulkEditDocumentsPayload,
  DocumentPayload,
  IngestDocumentInput,
  PurgeDocumentInput,
  RestoreDocumentInput,
  TrashDocumentInput,
  RecogniseTextInput,
  ShareDocumentInput,
  UnshareDocumentInput,
  UpdateDocumentInput,
  UploadDocumentsInput,
  UploadDocumentsPayload,
  type UploadProblem,
} from './document-mutations.inputs.js';
import { documentReads } from './document.reads.js';
import { checkFacts, fileDocument, requireMayFile } from './file-document.js';
import { ingestDocument } from './ingest-document.js';
import { purgeDocument } from './purge-document.js';
import { requestRecognition } from './recognise-document.js';
import { restoreDocument } from './restore-document.js';
import { trashDocument } from './trash-document.js';
import { updateDocument } from './update-document.js';

const payload = payloadOf('document', documentReads);

@Resolver()
export class DocumentMutationsResolver {
  @Mutation(() => UploadDocumentsPayload, {
    description: 'Files the files sent. One that is refused does not keep the others out.',
  })
  async uploadDocuments(
    @Ctx() ctx: Context,
    @Arg('input', () => UploadDocumentsInput, { description: 'The files and what is known of them.' })
    input: UploadDocumentsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UploadDocumentsPayload> {
    requireMayFile(ctx.viewer);
    const { files, ...facts } = input;
    if (files.length === 0) throw badInput([{ path: ['files'], code: 'required', message: 'Send at least one file' }]);
    if (files.length > uploadLimits.files)
      throw badInput([{ path: ['files'], code: 'too_long', message: `At most ${uploadLimits.files} files` }]);
    if (files.length > 1 && facts.asn != null)
      throw badInput([{ path: ['asn'], code: 'not_allowed', message: 'Only one document can have it' }]);
    await checkFacts(ctx.db, facts);

    const outcomes = await fileAll(ctx, files, facts);
    const ids = outcomes.flatMap((outcome) => ('id' in outcome ? outcome.id : []));
    const documents = await ctx.read.many(documentReads, ids, info, { path: ['results', 'document'] });
    const byId = new Map(documents.map((document) => [String(document.id), document]));
    return {
      results: outcomes.map((outcome, index) => {
        const { filename } = files[index] as UploadedFile;
        return 'id' in outcome
          ? { success: true, filename, document: byId.get(String(outcome.id)) ?? null }
          : { success: false, filename, problem: outcome.problem };
      }),
    };
  }

  @Mutation(() => DocumentPayload, { description: 'Files a file that lies in the ingest folder; it stays there.' })
  async ingestDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => IngestDocumentInput, { description: 'The file and what is known of it.' })
    input: IngestDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    const { filePath, filename, ...facts } = input;
    const id = await ingestDocument(ctx, { filePath, name: filename, facts });
    return payload(ctx, id, info);
  }

  @Mutation(() => DocumentPayload, { description: 'Changes what is known of a document.' })
  async updateDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateDocumentInput, { description: 'The changes.' }) input: UpdateDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    const { id, fields, revision, ...facts } = input;
    await updateDocument(ctx, { id, seen: revision, facts, ...(fields && { fields }) });
    return payload(ctx, id, info);
  }

  @Mutation(() => DocumentPayload, {
    description: 'Has the text of a picture or a scan recognised (again), after this answer.',
  })
  async recogniseText(
    @Ctx() ctx: Context,
    @Arg('input', () => RecogniseTextInput, { description: 'The document.' }) { id }: RecogniseTextInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await requestRecognition(ctx, id);
    return payload(ctx, id, info);
  }

  @Mutation(() => DocumentPayload, { description: 'Puts a document into the trash.' })
  async trashDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => TrashDocumentInput, { description: 'The document.' }) { id }: TrashDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await trashDocument(ctx, id);
    return payload(ctx, id, info);
  }

  @Mutation(() => DocumentPayload, { description: 'Takes a document out of the trash.' })
  async restoreDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => RestoreDocumentInput, { description: 'The document.' }) { id }: RestoreDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await restoreDocument(ctx, id);
    return payload(ctx, id, info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a document in the trash for good, its file included.' })
  async purgeDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => PurgeDocumentInput, { description: 'The document.' }) { id }: PurgeDocumentInput,
  ): Promise<DeletedPayload> {
    await purgeDocument(ctx, id);
    return deleted('Document', id);
  }

  @Mutation(() => DocumentPayload, { description: 'Lets one more person see a document.' })
  async shareDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => ShareDocumentInput, { description: 'The document and the person.' }) input: ShareDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await shareDocument(ctx, input);
    return payload(ctx, input.id, info);
  }

  @Mutation(() => DocumentPayload, { description: 'Takes the sharing of a document with a person back.' })
  async unshareDocument(
    @Ctx() ctx: Context,
    @Arg('input', () => UnshareDocumentInput, { description: 'The document and the person.' })
    input: UnshareDocumentInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await unshareDocument(ctx, input);
    return payload(ctx, input.id, info);
  }

  @Mutation(() => BulkEditDocumentsPayload, {
    description: 'Changes many documents at once, leaving out those that the viewer may not change.',
  })
  async bulkEditDocuments(
    @Ctx() ctx: Context,
    @Arg('input', () => BulkEditDocumentsInput, { description: 'The documents and the change.' })
    input: BulkEditDocumentsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BulkEditDocumentsPayload> {
    const { changedIds, refused } = await bulkEditDocuments(ctx, input);
    const documents = await ctx.read.many(documentReads, changedIds, info, { path: ['documents'] });
    return { changedCount: changedIds.length, documents, refused };
  }
}

type UploadOutcome = { id: number } | { problem: UploadProblem };

/** Several files are one ingest, whose progress its owner can follow. */
async function fileAll(ctx: Context, files: readonly UploadedFile[], facts: DocumentFacts): Promise<UploadOutcome[]> {
  const outcomes: UploadOutcome[] = [];
  const [first, ...others] = files;
  if (first && !others.length) return [await fileOne(ctx, first, facts)];
  const ingest = await beginIngest(ctx, {
    kind: 'upload',
    name: safeFileName(first?.filename ?? ''),
    ownerId: requireMayFile(ctx.viewer).userId,
    total: files.length,
  });
  if (!ingest) throw new Error('An upload is always begun');
  const tracker = trackIngest(ctx, ingest);
  try {
    for (const file of files) {
      outcomes.push(await fileOne(ctx, file, facts));
      tracker.report(IngestStep.TEXT, outcomes.length, files.length);
    }
  } finally {
    await tracker.stop();
    const isTaken = outcomes.some((outcome) => 'id' in outcome);
    const outcome: IngestOutcome = isTaken
      ? { result: 'done', documentId: null }
      : { result: 'refused', reason: 'Aucun des fichiers n’a été classé.' };
    await ctx.db.transaction((tx) => finishIngest(tx, ctx, ingest, outcome)).catch(ignoreLoss);
    countIngest(ctx.services, ingest.kind, outcome.result);
  }
  return outcomes;
}

/** The files are filed all the same. */
function ignoreLoss(error: unknown): void {
  if (!(error instanceof IngestLost)) throw error;
}

/** A defect or an outage still fails the whole: only what the domain refuses is a result. */
async function fileOne(ctx: Context, file: UploadedFile, facts: DocumentFacts): Promise<UploadOutcome> {
  try {
    return { id: await fileDocument(ctx, { content: file.take(), name: file.filename, facts }) };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'UNAVAILABLE') throw error;
    const { reason, details } = error.options;
    const existingId = details?.['id'];
    return {
      problem: {
        code: error.code,
        reason: reason ?? null,
        message: error.message,
        existingId: existingId === undefined ? null : String(existingId),
        isExistingTrashed: existingId === undefined ? null : details?.['trashed'] === true,
      },
    };
  }
}
