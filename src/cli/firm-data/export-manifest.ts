import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

/** What is in an export, as its `manifest.json` says it. */
export const exportManifestShape = z.object({
  format: z.literal(1),
  /** Of the server that was asked. */
  version: z.string(),
  exportedAt: z.string(),
  /** User name of the person whose rights it was taken with. */
  exportedBy: z.string(),
  kinds: z.array(
    z.object({
      name: z.string(),
      rows: count,
      files: z.array(z.object({ path: z.string(), sizeBytes: count, sha256: hash })),
    }),
  ),
  /** Files of documents, below `files/`; each is called by the SHA-256 of its bytes. */
  documentFiles: z.object({ count, sizeBytes: count }),
  /** Kinds that the person may not see. */
  leftOut: z.array(z.object({ name: z.string(), reason: z.string() })),
  /** Documents whose file the server did not give as it should be. */
  problems: z.array(z.string()),
});

export type ExportManifest = z.output<typeof exportManifestShape>;

export const exportManifestName = 'manifest.json';
export const filesFolder = 'files';
