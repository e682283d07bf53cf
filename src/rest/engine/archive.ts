import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ContentStore } from '../../storage/content-store.js';
import { contentDisposition } from './download.js';
import type { ArchiveReply } from './route.js';

/**
 * Streams a zip, one file of the store after the other, so that memory does not grow with them. Resolves when the
 * answer is out or the client has gone. Rejects with the store's error, or when a file has another size than was
 * declared: the connection is then closed, so that a part of the zip can't pass for the whole.
 */
export async function sendArchive(
  request: IncomingMessage,
  response: ServerResponse,
  archive: ArchiveReply,
  store: ContentStore,
): Promise<void> {
  response.statusCode = 200;
  response.setHeader('Content-Type', 'application/zip');
  response.setHeader(
    'Content-Disposition',
    contentDisposition({ name: archive.name, mimeType: 'application/zip', disposition: 'attachment' }),
  );
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  if (request.method === 'HEAD') {
    response.end();
    return;
  }

  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const { modifiedAt: mtime } = archive;
  let reading: Readable | undefined;
  for (const entry of archive.entries) {
    if ('text' in entry) zip.addBuffer(Buffer.from(entry.text), entry.name, { mtime });
    else {
      zip.addReadStreamLazy(entry.name, { mtime, size: entry.sizeBytes }, (opened) => {
        // yazl does not listen to the errors of the streams that it is given.
        reading = store.read(entry.key).on('error', (error) => output.destroy(error));
        opened(null, reading);
      });
    }
  }
  zip.end();
  try {
    await pipeline(output, response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    // yazl does not close the file that it was reading when the client went away.
    reading?.destroy();
  }
}
