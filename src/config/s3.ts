import { z } from 'zod';
import { flag } from './flag.js';

/** Where files are kept in S3. */
export interface S3Config {
  bucket: string;
  /** undefined: Amazon's. */
  endpoint: string | undefined;
  region: string;
  /** undefined: what AWS gives to this machine. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** Whether the bucket stands in the path and not in the name of the host. */
  forcePathStyle: boolean;
  /** What the names of objects begin with: empty, or ending with a slash. */
  prefix: string;
}

export const s3Settings = {
  S3_BUCKET: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,62}$/, 'is the name of a bucket: 3 to 63 of a-z 0-9 . -')
    .optional()
    .meta({
      description: 'Keeps the files in S3, so that no process needs the disk of another; without it in DATA_DIR.',
      examples: ['passerelle'],
    }),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
    .refine((text) => !/[@?#]/.test(text), 'must hold no user, password or question')
    .optional()
    .meta({
      description: 'The address of an S3 server; without it Amazon.',
      examples: ['https://s3.example.com'],
    }),
  S3_REGION: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, 'is the name of a region such as eu-west-3')
    .default('us-east-1')
    .describe('The region of the bucket; servers without regions take any.'),
  S3_ACCESS_KEY_ID: z
    .string()
    .trim()
    .optional()
    .meta({
      description: 'Without it what AWS gives to this machine: its environment, profile or role.',
      examples: ['…'],
    }),
  S3_SECRET_ACCESS_KEY: z
    .string()
    .trim()
    .optional()
    .meta({ description: 'Belongs to S3_ACCESS_KEY_ID.', examples: ['…'] }),
  S3_FORCE_PATH_STYLE: flag.optional().meta({
    description:
      'on: the bucket stands in the path, not in the name of the host; without it on with S3_ENDPOINT, else off.',
    examples: ['on'],
  }),
  S3_PREFIX: z
    .string()
    .regex(
      /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/,
      'is a path such as firm/files, without a slash before it',
    )
    .transform((text) => text.replace(/\/?$/, '/'))
    .optional()
    .meta({ description: 'What the names of all objects in the bucket begin with.', examples: ['passerelle/'] }),
};

const shape = z.object(s3Settings);
type S3Environment = z.output<typeof shape>;

/** Why the settings of S3 cannot stand together. */
export function s3Conflicts(e: S3Environment): (string | false | undefined)[] {
  const { S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = e;
  return [
    ...(['S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_PREFIX'] as const).map(
      (name) => e[name] !== undefined && S3_BUCKET === undefined && `${name} needs S3_BUCKET`,
    ),
    S3_ACCESS_KEY_ID && !S3_SECRET_ACCESS_KEY && 'S3_SECRET_ACCESS_KEY is required with S3_ACCESS_KEY_ID',
    S3_SECRET_ACCESS_KEY && !S3_ACCESS_KEY_ID && 'S3_ACCESS_KEY_ID is required with S3_SECRET_ACCESS_KEY',
  ];
}

/** undefined: files are kept on the disk. */
export function s3Of(e: S3Environment): S3Config | undefined {
  if (e.S3_BUCKET === undefined) return undefined;
  return {
    bucket: e.S3_BUCKET,
    endpoint: e.S3_ENDPOINT,
    region: e.S3_REGION,
    credentials:
      e.S3_ACCESS_KEY_ID && e.S3_SECRET_ACCESS_KEY
        ? { accessKeyId: e.S3_ACCESS_KEY_ID, secretAccessKey: e.S3_SECRET_ACCESS_KEY }
        : undefined,
    forcePathStyle: e.S3_FORCE_PATH_STYLE ?? e.S3_ENDPOINT !== undefined,
    prefix: e.S3_PREFIX ?? '',
  };
}
