import { parse } from 'node:path';
import { isForeignKeyViolation, isUniqueViolation, type SqlRunner, type Transaction } from '../../../db/sql-client.js';
import { sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { can, requireSignedIn, type SignedIn, type Viewer } from '../../../kernel/viewer.js';
import { badInput, conflict, forbidden } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import type { SpooledFile } from '../../../storage/spool.js';
import { matchDocument, type Recognised } from '../filing/match-document.js';
import { asnTaken } from './asn-taken.js';
import { acceptedType, type FileColumns, queueRecognition, readFile, refuseDuplicate } from './document-bytes.js';
import { lockContent, removeUnusedContent } from './document-content.js';
import {
  columnsOfFacts,
  type DocumentFacts,
  lockReferences,
  maxTitleLength,
  problemsOfFacts,
  unknownReferences,
} from './document-facts.js';
import { addTags } from './document-tags.js';
import { Document } from './document.entity.js';

export interface FileToFile {
  content: SpooledFile;
  /** The name that people know the file by. */
  name: string;
  facts: DocumentFacts;
  /** Called before each part of the work that may take long. */
  onStep?: (step: 'type' | 'text') => void;
  /** Runs in the transaction that files the document, so that what it writes is there exactly when the document is. */
  alongside?: (tx: Transaction, id: number) => Promise<void>;
}

export const mayFile = (viewer: Viewer): boolean => can(viewer, 'documents:write') || can(viewer, 'documents:own');

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer may file documents of their own. */
export function requireMayFile(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  if (!mayFile(viewer)) throw forbidden('Your role only reads documents', 'permission');
  return signedIn;
}

/** Throws BAD_USER_INPUT with everything that is wrong with the facts, references included. */
export async function checkFacts(db: SqlRunner, facts: DocumentFacts): Promise<void> {
  const problems = [...problemsOfFacts(facts), ...(await unknownReferences(db, facts))];
  if (problems.length) throw badInput(problems);
}

/**
 * Files one spooled file as a document of the viewer and returns its id: the only way in, for uploads and for the
 * ingest folder. Facts that are missing are filled by matching. When it resolves, the row, the event and the bytes are
 * durable together; when it throws, none of them is kept. The spooled file may be gone afterwards; discarding it is
 * still allowed.
 *
 * Throws UNSUPPORTED_MEDIA_TYPE by content, BAD_USER_INPUT, CONFLICT `document.duplicate` (with the existing one's id
 * when the viewer may see it).
 */
export async function fileDocument(
  ctx: CommandContext,
  { content, name, facts, onStep, alongside }: FileToFile,
): Promise<number> {
  const viewer = requireMayFile(ctx.viewer);
  const { db, services } = ctx;
  onStep?.('type');
  const type = await acceptedType(content);
  await checkFacts(db, facts);
  await refuseDuplicate(db, viewer, content.sha256);

  onStep?.('text');
  const file = await readFile(ctx, content, type, name);
  const { name: nameWithoutExtension } = parse(file.originalFilename);
  const title = tidyName(facts.title ?? (nameWithoutExtension.slice(0, maxTitleLength) || file.originalFilename));
  const recognised = await matchDocument(ctx, { title, text: file.content });
  const currency = facts.currency ?? (facts.amount == null ? null : services.config.currency);

  try {
    await services.store.putAhead(content.path, file.contentKey);
    return await db.transaction(async (tx) => {
      await lockContent(tx, content.sha256);
      await refuseDuplicate(tx, viewer, content.sha256);
      const problems = await lockReferences(tx, facts);
      if (problems.length) throw badInput(problems);
      // Before the commit, so that a document that was answered has its bytes whatever happens next.
      await services.store.put(content.path, file.contentKey);
      const id = await insertDocument(tx, {
        file,
        facts: { ...facts, title, currency },
        ownerId: viewer.userId,
        recognised,
      });
      await emit(tx, ctx, 'document.created', ['Document', id], { ownerId: viewer.userId, title });
      await services.runHook('documentFiled', tx, ctx, id);
      await queueRecognition(tx, ctx, id, file);
      await alongside?.(tx, id);
      return id;
    });
  } catch (error) {
    await removeUnusedContent(ctx, content.sha256);
    if (isUniqueViolation(error)) {
      await refuseDuplicate(db, viewer, content.sha256);
      throw await asnTaken(ctx, facts.asn);
    }
    if (isForeignKeyViolation(error)) throw conflict('What the document refers to was just deleted');
    throw error;
  }
}

interface NewDocument {
  file: FileColumns;
  facts: DocumentFacts & { title: string };
  ownerId: number;
  recognised: Recognised;
}

async function insertDocument(tx: Transaction, { file, facts, ownerId, recognised }: NewDocument): Promise<number> {
  const typeId = facts.typeId ?? recognised.typeId ?? null;
  const correspondentId = facts.correspondentId ?? recognised.correspondentId ?? null;
  const columns = {
    ...columnsOfFacts(facts),
    title: facts.title,
    ...file,
    owner: ownerId,
    // What was recognised may have been deleted since, hence the selects; what a person named is locked.
    type: sql`(select id from document_types where id = ${typeId}::int)`,
    correspondent: sql`(select id from correspondents where id = ${correspondentId}::int)`,
  };
  const inserted = await tx.first<{ id: number }>(sql`insert into documents ${values(Document, columns)} returning id`);
  const { id } = inserted as { id: number };
  await addTags(tx, [id], [...(facts.tagIds ?? []).map(Number), ...recognised.tagIds]);
  return id;
}
