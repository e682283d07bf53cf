import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { CommandContext } from '../../../kernel/command.js';
import { can } from '../../../kernel/viewer.js';
import { badField, badInput, forbidden } from '../../../lib/errors.js';
import { resolveInside } from '../../../lib/safe-path.js';
import { spool, uploadLimits } from '../../../storage/spool.js';
import type { DocumentFacts } from './document-facts.js';
import { checkFacts, fileDocument, requireMayFile } from './file-document.js';

export const maxFileBytes = uploadLimits.fileBytes;

export interface FileToIngest {
  /** Relative to the ingest folder, or an absolute path inside it. */
  filePath: string;
  name: string;
  facts: DocumentFacts;
}

/**
 * Files what lies in the ingest folder already, such as a scan; the file there stays. The folder is shared and names in
 * it can be guessed, so only those who see all documents may take files from it. Throws BAD_USER_INPUT on `filePath`
 * for whatever is no file inside the folder, with the same words whether it exists elsewhere or not.
 */
export async function ingestDocument(ctx: CommandContext, { filePath, name, facts }: FileToIngest): Promise<number> {
  const viewer = requireMayFile(ctx.viewer);
  if (!can(viewer, 'documents:read'))
    throw forbidden('Only who sees all documents may take files from the ingest folder', 'permission');
  const { config } = ctx.services;
  const path = await resolveInside(config.ingestDir, filePath);
  if (path === undefined) throw badField('filePath', 'not_allowed', 'There is no such file in the ingest folder');
  await checkFacts(ctx.db, facts);
  const content = await spool(createReadStream(path), {
    folder: join(config.dataDir, 'spool'),
    limitBytes: maxFileBytes,
    minFreeBytes: config.minFreeBytes,
  });
  try {
    if (content.sizeBytes === 0)
      throw badInput([{ path: ['filePath'], code: 'required', message: 'The file is empty' }], {
        reason: 'document.empty_file',
      });
    return await fileDocument(ctx, { content, name, facts });
  } finally {
    await content.discard();
  }
}
