import { createHmac } from 'node:crypto';
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is in a backup, as its `manifest.json` says it. */
export const manifestShape = z.object({
  format: z.literal(1),
  /** Of the product that wrote it. */
  version: z.string(),
  /** When its snapshot was taken. */
  takenAt: z.string(),
  /** The last place in the log of events. */
  position: z.string(),
  /** True when no server could be at work beside it: the embedded database, which admits one process. */
  wasAlone: z.boolean(),
  /** In the order in which they were done. */
  migrations: z.array(z.object({ name: z.string(), at: z.string() })),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number(),
      /** Sum over the rows of a hash of each: whatever their order. */
      checksum: z.string(),
      /** SHA-256 of each part of its rows, in order. */
      parts: z.array(hash),
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
  /** The steps of the migrations that made the tables of plugins, in their order. */
  pluginSchemas: z.array(z.object({ name: z.string(), migrations: z.array(z.array(z.unknown())) })).default([]),
  /** First days of the months of the event log that have a partition. */
  eventMonths: z.array(z.string().regex(/^\d{4}-\d{2}-01$/)),
  files: z.array(z.object({ key: z.string(), sizeBytes: z.number(), sha256: hash })),
  /** Keys that rows name and the content store did not have. */
  missingFiles: z.array(z.string()),
  /** Keys whose bytes are not those of the hash that a row says: they are in the backup as they were found. */
  damagedFiles: z.array(z.string()),
  jobs: z.object({ rows: z.number(), sha256: hash }),
  /** What of the keys can be told without telling them. */
  keys: z.object({ encryption: z.string(), jwt: z.string() }),
  hasSecrets: z.boolean(),
});

export type Manifest = z.output<typeof manifestShape>;

export const manifestName = 'manifest.json';
export const manifestHashName = 'manifest.sha256';
export const secretsName = 'secrets.json';
export const jobsName = 'jobs.jsonl';
export const fileEntry = (key: string): string => `files/${key}`;
export const partEntry = (table: string, part: number): string =>
  `tables/${table}/${String(part).padStart(6, '0')}.copy`;

/** The same for the same key; says nothing of it. */
export const fingerprint = (key: string): string =>
  createHmac('sha256', key).update('passerelle backup fingerprint v1').digest('hex').slice(0, 32);
