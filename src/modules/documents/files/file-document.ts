import { parse } from 'node:path';
import { ForeignKeyConstraintViolationException, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { emit } from '../../../events/outbox.js';
import { can, requireSignedIn, type SignedIn, type Viewer } from '../../../kernel/viewer.js';
import { badInput, conflict, forbidden } from '../../../lib/errors.js';
import type { SpooledFile } from '../../../storage/spool.js';
import { matchDocument, type Recognised } from '../filing/match-document.js';
import { acceptedType, queueRecognition, readFile, refuseDuplicate } from './document-bytes.js';
import { lockContent, removeUnusedContent } from './document-content.js';
import { type DocumentFacts, maxTitleLength, problemsOfFacts, unknownReferences } from './document-facts.js';
import { type CommandContext, duplicateField, execute, intArray } from './write-rows.js';

export interface FileToFile {
  content: SpooledFile;
  /** The name that people know the file by. */
  name: string;
  facts: DocumentFacts;
  /** Told before each part of the work that may take long. */
  onStep?: (step: 'type' | 'text') => void;
  /** Runs in the transaction that files the document, so that what it writes is there exactly when the document is. */
  alongside?: (em: SqlEntityManager, id: number) => Promise<void>;
}

export const mayFile = (viewer: Viewer): boolean => can(viewer, 'documents:write') || can(viewer, 'documents:own');

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer may file documents of their own. */
export function requireMayFile(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  if (!mayFile(viewer)) throw forbidden('Your role only reads documents', 'permission');
  return signedIn;
}

/** Throws BAD_USER_INPUT with everything that is wrong with the facts, references included. */
export async function checkFacts(em: SqlEntityManager, facts: DocumentFacts): Promise<void> {
  const problems = [...problemsOfFacts(facts), ...(await unknownReferences(em, facts))];
  if (problems.length) throw badInput(problems);
}

/**
 * Files one spooled file as a document of the viewer and answers its id: the one way in, for uploads and the ingest
 * folder. Facts that are missing are filled by matching. When it returns, the row, the event and the bytes are durable
 * together; when it throws, none of them is kept. The spooled file may be gone afterwards; discarding it stays fine.
 *
 * Throws UNSUPPORTED_MEDIA_TYPE by content, BAD_USER_INPUT, CONFLICT `duplicate_document` (with the existing one's id when
 * the viewer may see it).
 */
export async function fileDocument(
  ctx: CommandContext,
  { content, name, facts, onStep, alongside }: FileToFile,
): Promise<number> {
  const viewer = requireMayFile(ctx.viewer);
  const { em, services } = ctx;
  onStep?.('type');
  const type = await acceptedType(content);
  await checkFacts(em, facts);
  await refuseDuplicate(em, viewer, content.sha256);

  onStep?.('text');
  const file = await readFile(services, content, type, name);
  const title = (
    facts.title ??
    (parse(file.original_filename).name.slice(0, maxTitleLength) || file.original_filename)
  ).trim();
  const recognised = await matchDocument(em, services, { title, text: file.content });
  const row = {
    title,
    ...file,
    owner_id: viewer.userId,
    document_date: facts.documentDate ?? null,
    amount: facts.amount ?? null,
    currency: facts.currency ?? (facts.amount == null ? null : services.config.currency),
    asn: facts.asn ?? null,
  };

  try {
    return await em.transactional(async (tem) => {
      await lockContent(tem, content.sha256);
      await refuseDuplicate(tem, viewer, content.sha256);
      const problems = await unknownReferences(tem, facts);
      if (problems.length) throw badInput(problems);
      // Before the commit, so that a document that was answered has its bytes whatever happens next.
      await services.store.put(content.path, row.content_key);
      const id = await insertDocument(tem, row, facts, recognised);
      await emit(tem, ctx, 'document.created', ['Document', id], { ownerId: viewer.userId, title });
      await services.runHook('documentFiled', tem, ctx, id);
      await queueRecognition(tem, services, id, file);
      await alongside?.(tem, id);
      return id;
    });
  } catch (error) {
    await removeUnusedContent(ctx, content.sha256);
    if (error instanceof UniqueConstraintViolationException) {
      await refuseDuplicate(em, viewer, content.sha256);
      throw duplicateField('Document', 'asn', 'Another document has this archive serial number');
    }
    if (error instanceof ForeignKeyConstraintViolationException)
      throw conflict('What the document refers to was just deleted');
    throw error;
  }
}

async function insertDocument(
  em: SqlEntityManager,
  row: Readonly<Record<string, unknown>>,
  { typeId, correspondentId, tagIds = [] }: DocumentFacts,
  recognised: Recognised,
): Promise<number> {
  const columns = Object.keys(row);
  // What was recognised may have been deleted since, hence the selects; what a person named is locked.
  const [inserted] = await execute<{ id: number }>(
    em,
    `insert into documents (${columns.join(', ')}, document_type_id, correspondent_id)
     values (${columns.map(() => '?').join(', ')},
       (select id from document_types where id = ?::int), (select id from correspondents where id = ?::int)) returning id`,
    [...Object.values(row), typeId ?? recognised.typeId ?? null, correspondentId ?? recognised.correspondentId ?? null],
  );
  const { id } = inserted as { id: number };
  await execute(em, 'insert into document_tags select ?::int, id from tags where id = any(?::int[])', [
    id,
    intArray((tagIds ?? []).map(Number)),
  ]);
  await addMatchingTags(em, id, recognised.tagIds);
  return id;
}

/** Puts tags that matching found on a document, with their ancestors. Those deleted since are passed over. */
export async function addMatchingTags(
  em: SqlEntityManager,
  documentId: number,
  tagIds: readonly number[],
): Promise<void> {
  await execute(
    em,
    `with recursive matched as (
       select id, parent_id from tags where id = any(?::int[])
       union select t.id, t.parent_id from tags t join matched m on t.id = m.parent_id)
     insert into document_tags (document_id, tag_id) select ?::int, id from matched on conflict do nothing`,
    [intArray(tagIds), documentId],
  );
}
