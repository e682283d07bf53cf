// Says what happens to documents, and goes on where it was when it is started again:
// `node follow.mjs [<position to begin after> [<how many documents>]]`, with BASE and TOKEN in the environment.
import { readFile, writeFile } from 'node:fs/promises';
import { createClient, PositionExpiredError } from '@passerelle/client';
import { FollowDocumentsOperation } from '@passerelle/client/operations';

const [start, count = Infinity] = process.argv.slice(2);
const kept = await readFile('position', 'utf8').catch(() => undefined);
const after = start ?? kept;
const client = createClient({ url: process.env.BASE, token: process.env.TOKEN });
const events = client.subscribe(FollowDocumentsOperation, {}, { ...(after && { after }) });
let seen = 0;
try {
  for await (const { documentEvents: event } of events) {
    console.log(event.type, event.occurredAt, event.documentId, event.document?.title);
    // Once it is dealt with: what is cut before comes again.
    await writeFile('position', event.position);
    seen += 1;
    if (seen >= count) break;
  }
} catch (error) {
  if (!(error instanceof PositionExpiredError)) throw error;
  console.error(`The log begins at ${error.oldest} now: read the documents anew, then follow from there`);
  process.exitCode = 1;
}
await client.close();
