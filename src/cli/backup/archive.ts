import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { CliError } from '../exit-codes.js';
import { openedArchive, sealing } from './sealed-stream.js';
import { ByteReader, readTarHeader, tarEnd, tarHeader, tarPadding } from './tar.js';

/**
 * A backup is a tar archive, compressed by zstd and, under a passphrase, sealed. It is written beside its place and
 * takes its name when it is whole and on the disk: what has the name is whole, whenever the program was killed.
 */
export interface ArchiveWriter {
  /** Adds a file; resolves with the SHA-256 of its bytes. Throws when there are not `sizeBytes` of them. */
  add: (name: string, sizeBytes: number, content: AsyncIterable<Buffer> | Iterable<Buffer>) => Promise<string>;
  /** Gives the archive its name. */
  finish: () => Promise<void>;
  /** Leaves nothing behind. */
  discard: () => Promise<void>;
}

export function writeArchive(path: string, { passphrase }: { passphrase: string | undefined }): ArchiveWriter {
  const partial = `${path}.partial`;
  const compress = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const file = createWriteStream(partial, { mode: 0o600 });
  const written = passphrase === undefined ? pipeline(compress, file) : pipeline(compress, sealing(passphrase), file);
  // Told by whoever writes next, or at the end.
  written.catch(() => undefined);
  const write = async (chunk: Buffer): Promise<void> => {
    if (!compress.write(chunk)) await Promise.race([once(compress, 'drain'), written]);
  };
  return {
    add: async (name, sizeBytes, content) => {
      const hash = createHash('sha256');
      let seen = 0;
      await write(tarHeader({ name, sizeBytes }));
      for await (const chunk of content) {
        hash.update(chunk);
        seen += chunk.length;
        await write(chunk);
      }
      if (seen !== sizeBytes) throw new CliError(`${name} has ${seen} bytes, and ${sizeBytes} were announced`);
      await write(tarPadding(sizeBytes));
      return hash.digest('hex');
    },
    finish: async () => {
      compress.end(tarEnd());
      await written;
      await flush(partial);
      await rename(partial, path);
      await flush(dirname(path));
    },
    discard: async () => {
      compress.destroy();
      await written.catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface ReadEntry {
  name: string;
  sizeBytes: number;
  /** To be read to its end before the next entry is asked for. */
  content: AsyncIterable<Buffer>;
}

/** The files of an archive, in their order. Throws a CliError that says why it cannot be trusted. */
export async function* readArchive(path: string, passphrase: () => Promise<string>): AsyncGenerator<ReadEntry> {
  const source = Readable.from(openedArchive(path, passphrase));
  const plain = source.pipe(createZstdDecompress({ chunkSize: 1 << 18 }));
  source.on('error', (error) => plain.destroy(error));
  const bytes = new ByteReader(plain);
  try {
    for (;;) {
      const entry = readTarHeader(await bytes.exactly(512));
      if (!entry) break;
      yield { ...entry, content: contentOf(path, bytes.parts(entry.sizeBytes)) };
      await bytes.exactly(tarPadding(entry.sizeBytes).length);
    }
    await bytes.finish();
  } catch (error) {
    throw unusable(path, error);
  } finally {
    source.destroy();
    plain.destroy();
  }
}

/** What breaks while a file's bytes are read is thrown to whoever reads them, not to who goes from file to file. */
async function* contentOf(path: string, parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* parts;
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code?.startsWith('ZSTD') || code === 'Z_BUF_ERROR' ? 'it is cut short or was changed' : message;
  return new CliError(`${path} cannot be used: ${code === 'ENOENT' ? 'there is no such file' : reason}`, 1, {
    cause: error,
  });
}
