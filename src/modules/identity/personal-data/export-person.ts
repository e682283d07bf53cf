import type { Context } from '../../../kernel/context.js';
import { can, requireScope, requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import { personNumber } from '../people/person-number.js';
import { personalData } from './personal-data.js';

/** A file of an export, as it lies in the content store. */
export interface ExportedFile {
  /** In the content store. */
  key: string;
  /** Path in the archive, such as `documents/12-facture.pdf`. */
  name: string;
  sizeBytes: number;
}

export interface PersonalDataExport {
  /** JSON. */
  data: string;
  files: ExportedFile[];
  exportedAt: Date;
  /** To save the archive under. */
  name: string;
  /** Path of the archive on this server. */
  url: string;
}

interface ExportedDocument {
  id: number;
  originalFilename: string;
  sizeBytes: number;
  contentKey: string;
}

/**
 * All that is kept of a person (GDPR, articles 15 and 20; DECISIONS.md, section 6): for the person, or as an
 * administrator for anybody. What is missing or damaged in the store is said in the data instead of among the files.
 * Throws NOT_FOUND for another person.
 */
export async function exportPerson(ctx: Context, id: string | null | undefined): Promise<PersonalDataExport> {
  const { viewer, em, services } = ctx;
  const { userId: own } = requireSignedIn(viewer);
  const userId = id == null ? own : await personNumber(em, id);
  if (userId !== own) {
    if (userId === undefined || !can(viewer, '*:*')) throw notFound('User');
    requireScope(viewer, 'admin');
  }
  const found = await personalData(em, userId);
  if (!found) throw notFound('User');

  const { documents, apiTokens, apiKeys, ...others } = found;
  const exportedAt = services.now();
  const files: ExportedFile[] = [];
  const listed: object[] = [];
  for (const { contentKey: key, ...document } of documents as ExportedDocument[]) {
    const name = `documents/${document.id}-${pathSegment(document.originalFilename)}`;
    const isWhole = (await services.store.exists(key)) && (await services.store.size(key)) === document.sizeBytes;
    if (isWhole) files.push({ key, name, sizeBytes: document.sizeBytes });
    listed.push({ ...document, file: isWhole ? name : null });
  }
  // Tokens and keys are listed only in person (DECISIONS.md, section 7), however the rest is asked for.
  const inPerson = viewer.credential.kind === 'token' || viewer.credential.kind === 'cookie';
  const data = {
    exportedAt: `${exportedAt.toISOString().slice(0, 19)}Z`,
    ...others,
    ...(inPerson ? { apiTokens, apiKeys } : { withheld: ['apiTokens', 'apiKeys'] }),
    documents: listed,
  };
  return {
    data: JSON.stringify(data, null, 2),
    files,
    exportedAt,
    name: `export-${userId}-${exportedAt.toISOString().slice(0, 10)}.zip`,
    url: services.links.path('personalDataExport', { id: userId }),
  };
}

/** A file's name that every system can unpack. */
const pathSegment = (name: string): string =>
  name
    .toWellFormed()
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, '_')
    .slice(-150)
    .toWellFormed();
