import { afterAll, beforeAll, expect, test } from 'vitest';
import { queueRecognition } from '../../../src/modules/documents/files/document-bytes.js';
import { TextStatus } from '../../../src/modules/documents/files/document.entity.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { TESSERACT: 'off' } });
});
afterAll(() => server?.stop());

async function queue({ id: owner }: Person, title: string): Promise<void> {
  const [row] = await server.sql(
    `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, content, owner_id, text_status)
     values (?, 'f', 'f', 'k', encode(sha256(convert_to(random()::text, 'UTF8')), 'hex'), 1, 'image/png', '', ?, 'pending') returning id`,
    [title, owner],
  );
  const ctx = { services: server.services, notes: {} } as never;
  await server.db.client.transaction((tx) => queueRecognition(tx, ctx, row.id, { textStatus: TextStatus.PENDING }));
}

test('the scan of who has none waiting comes before the second one of who has many', async () => {
  const [many, one] = [await server.person(), await server.person()];
  for (const title of ['a1', 'a2', 'a3']) await queue(many, title);
  await queue(one, 'b1');
  const order = await server.sql(`
    select d.title from pgboss.job j join documents d on d.id = (j.data->>'documentId')::int
     where j.name = 'documents.recognise' order by j.priority desc, j.created_on, j.id`);
  expect(order.map(({ title }) => title)).toEqual(['a1', 'b1', 'a2', 'a3']);
});
