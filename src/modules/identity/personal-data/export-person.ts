import type { Context } from '../../../kernel/context.js';
import type { ExportedFileRow, ExportPart } from '../../../kernel/personal-data.js';
import { can, requireScope, requireSignedIn } from '../../../kernel/viewer.js';
import { notFound } from '../../../lib/errors.js';
import type { ContentStore } from '../../../storage/content-store.js';
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

/**
 * All that is kept of a person (GDPR, articles 15 and 20; DECISIONS.md, section 6): for the person, or as an
 * administrator for anybody. Each module says what it keeps, in its manifest. Tokens and keys are listed only in person
 * (DECISIONS.md, section 7). What is missing or damaged in the store is said in the data instead of among the files.
 * Throws NOT_FOUND for another person.
 */
export async function exportPerson(ctx: Context, id: string | null | undefined): Promise<PersonalDataExport> {
  const { viewer, db, services } = ctx;
  const { userId: own } = requireSignedIn(viewer);
  const userId = id == null ? own : await personNumber(db, id);
  if (userId !== own) {
    if (userId === undefined || !can(viewer, '*:*')) throw notFound('User');
    requireScope(viewer, 'admin');
  }
  const allParts: Readonly<Record<string, ExportPart>> = Object.assign(
    {},
    ...services.personalData.map((p) => p.exports),
  );
  const inPerson = viewer.credential.kind === 'token' || viewer.credential.kind === 'cookie';
  const withheld = inPerson ? [] : Object.keys(allParts).filter((key) => allParts[key]?.inPerson);
  const parts = Object.fromEntries(Object.entries(allParts).filter(([key]) => !withheld.includes(key)));
  const found = await personalData(db, userId, parts);
  if (!found) throw notFound('User');

  const exportedAt = services.now();
  const files: ExportedFile[] = [];
  for (const [key, { fileName }] of Object.entries(parts)) {
    if (fileName) found[key] = await takeFiles(found[key] as ExportedFileRow[], fileName, services.store, files);
  }
  const data = {
    exportedAt: `${exportedAt.toISOString().slice(0, 19)}Z`,
    ...found,
    ...(withheld.length > 0 && { withheld }),
  };
  return {
    data: JSON.stringify(data, null, 2),
    files,
    exportedAt,
    name: `export-${userId}-${exportedAt.toISOString().slice(0, 10)}.zip`,
    url: services.links.path('personalDataExport', { id: userId }),
  };
}

/**
 * Adds the files of `rows` that are whole in the store to `files`. Returns the rows, with the path in the archive
 * instead of the key; null for a file that is missing or damaged.
 */
async function takeFiles(
  rows: readonly ExportedFileRow[],
  fileName: (row: ExportedFileRow) => string,
  store: ContentStore,
  files: ExportedFile[],
): Promise<object[]> {
  const listed: object[] = [];
  for (let from = 0; from < rows.length; from += lookedUpAtOnce) {
    const batch = rows.slice(from, from + lookedUpAtOnce);
    const sizes = await Promise.all(batch.map(({ contentKey }) => sizeIn(store, contentKey)));
    for (const [index, { contentKey: key, ...row }] of batch.entries()) {
      const name = fileName({ ...row, contentKey: key, originalFilename: pathSegment(row.originalFilename) });
      const isWhole = sizes[index] === row.sizeBytes;
      if (isWhole) files.push({ key, name, sizeBytes: row.sizeBytes });
      listed.push({ ...row, file: isWhole ? name : null });
    }
  }
  return listed;
}

/** In a store that is far away each look takes a while. */
const lookedUpAtOnce = 20;

/** undefined when there is no such content. */
const sizeIn = (store: ContentStore, key: string): Promise<number | undefined> =>
  store.size(key).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });

/** A file's name that every system can unpack. */
const pathSegment = (name: string): string =>
  name
    .toWellFormed()
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, '_')
    .slice(-150)
    .toWellFormed();
