/** The part of s3rver that is used; the package brings no types. */
declare module '@20minutes/s3rver' {
  import type { Server } from 'node:http';
  import type { Readable } from 'node:stream';

  interface Exchange {
    method: string;
    path: string;
    headers: Record<string, string | undefined>;
    status: number;
    type: string;
    body: unknown;
    req: import('node:http').IncomingMessage;
    res: import('node:http').ServerResponse;
    store: { existsObject(bucket: string, key: string): Promise<boolean> };
  }

  export default class S3rver {
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      directory: string;
      vhostBuckets: boolean;
      configureBuckets: { name: string }[];
    });
    middleware: ((exchange: Exchange, next: () => Promise<void>) => Promise<void>)[];
    store: {
      putContent(path: string, content: Readable | Buffer): Promise<[number, string]>;
      deleteObject(bucket: string, key: string): Promise<void>;
      getResourcePath(bucket: string, key: string, part: string): string;
    };
    httpServer: Server;
    run(): Promise<{ port: number }>;
    close(): Promise<void>;
  }
}
