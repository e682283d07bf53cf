// Files a document and gives it a title: `node file-document.mjs <file> <title>`, with BASE and TOKEN in the environment.
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { createClient, PasserelleError } from '@passerelle/client';
import { UpdateDocumentOperation, UploadDocumentsOperation } from '@passerelle/client/operations';

const [path, title] = process.argv.slice(2);
const client = createClient({ url: process.env.BASE, token: process.env.TOKEN });
const file = new File([await openAsBlob(path)], basename(path));
try {
  const { uploadDocuments } = await client.mutate(UploadDocumentsOperation, { input: { files: [file] } });
  const [{ document, problem }] = uploadDocuments.results;
  if (!document) throw new Error(problem.message);
  await client.mutate(UpdateDocumentOperation, { input: { id: document.id, title } });
  console.log(`filed as ${document.id}: ${title}`);
} catch (error) {
  if (!(error instanceof PasserelleError)) throw error;
  console.error(error.code, error.message, error.fields, error.requestId);
  process.exitCode = 1;
}
