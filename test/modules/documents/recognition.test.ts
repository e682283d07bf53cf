import { spawnSync } from 'node:child_process';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { makePdf, makePicture, makePng, makeScan, makeTiff } from '../../support/files.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

const isInstalled = spawnSync('tesseract', ['--version']).status === 0;

const fields = 'id textStatus content correspondent { name } tags { name }';
const read = async (server: TestServer, id: number | string, token = server.admin.token): Promise<any> =>
  (await server.graphql(`query ($id: ID!) { document(id: $id) { ${fields} } }`, { id: String(id) }, token)).data
    .document;

async function upload(
  server: TestServer,
  files: Record<string, Buffer>,
  token = server.admin.token,
): Promise<number[]> {
  const body = new FormData();
  for (const [name, bytes] of Object.entries(files)) body.append('files', new Blob([new Uint8Array(bytes)]), name);
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token, body });
  return json.results.map((result: { id: number }) => result.id);
}

const recognise = (
  server: TestServer,
  id: number | string,
  token = server.admin.token,
): Promise<{ data: any; errors?: any[] }> =>
  server.graphql(
    'mutation ($id: ID!) { recogniseText(input: { id: $id }) { document { id textStatus } } }',
    { id: String(id) },
    token,
  );

describe('without tesseract', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ env: { TESSERACT: '/nonexistent/tesseract' } });
  });
  afterAll(() => server?.stop());

  test('pictures and scans are filed, say that it is not installed, and so does the mutation', async () => {
    expect(server.log.some((line) => line.includes('tesseract is not installed'))).toBe(true);
    const ids = await upload(server, {
      'photo.png': makePng(),
      'scan.pdf': await makeScan([['un']]),
      'texte.pdf': await makePdf(['du texte']),
    });
    const statuses = await Promise.all(ids.map(async (id) => (await read(server, id)).textStatus));
    expect(statuses).toEqual(['RECOGNITION_UNAVAILABLE', 'RECOGNITION_UNAVAILABLE', 'EXTRACTED']);
    expect((await recognise(server, ids[0] as number)).errors?.[0]).toMatchObject({
      extensions: { code: 'CONFLICT', reason: 'recognition.not_installed' },
    });
    await server.services.jobs.run('documents.recognise_waiting', {});
    expect((await read(server, ids[0] as number)).textStatus).toBe('RECOGNITION_UNAVAILABLE');
  });
});

/** On a machine without tesseract these are not defined; the gate installs it, and insists. */
if (process.env['CI'] || isInstalled) {
  describe('with tesseract', { timeout: 180_000 }, () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({ env: { TESSERACT: 'tesseract' } });
      expect(server.services.recogniser?.languages).toEqual(['fra', 'eng']);
    });
    afterAll(() => server?.stop());

    /** The queue may be at it already. */
    const over = (id: number): Promise<void> =>
      expect
        .poll(async () => (await read(server, id)).textStatus, { timeout: 120_000, interval: 200 })
        .not.toBe('PENDING');

    test('a picture is filed at once and its text follows by itself, into search and matching', async () => {
      const { data } = await server.graphql(
        `mutation { createCorrespondent(input: { name: "Lumière", match: "luminaires", matchingAlgorithm: ANY }) { correspondent { id } }
           parent: createTag(input: { name: "Charges" }) { tag { id } } }`,
        {},
        server.admin.token,
      );
      await server.graphql(
        'mutation ($parentId: ID!) { createTag(input: { name: "Énergie", match: "électricité", matchingAlgorithm: ANY, parentId: $parentId }) { tag { id } } }',
        { parentId: data.parent.tag.id },
        server.admin.token,
      );
      const [id] = (await upload(server, {
        'photo.png': makePicture(["Facture d'électricité 4711", 'Société des Luminaires']),
      })) as [number];
      expect(await read(server, id)).toMatchObject({ textStatus: 'PENDING', content: '', correspondent: null });
      await expect
        .poll(async () => (await read(server, id)).textStatus, { timeout: 120_000, interval: 200 })
        .toBe('RECOGNISED');
      const document = await read(server, id);
      expect(document.content).toContain("Facture d'électricité 4711");
      expect(document.correspondent).toEqual({ name: 'Lumière' });
      expect(document.tags.map((tag: { name: string }) => tag.name).toSorted()).toEqual(['Charges', 'Énergie']);
      const found = await server.graphql(
        '{ documents(filter: { search: "luminaire" }) { nodes { id } } }',
        {},
        server.admin.token,
      );
      expect(found.data.documents.nodes).toEqual([{ id: String(id) }]);
    });

    test('what a person filled in while it waited stays', async () => {
      const { data } = await server.graphql(
        'mutation { createCorrespondent(input: { name: "Autre" }) { correspondent { id } } }',
        {},
        server.admin.token,
      );
      const [id] = (await upload(server, { 'p.png': makePicture(['Les luminaires encore']) })) as [number];
      await server.graphql(
        'mutation ($id: ID!, $correspondentId: ID!) { updateDocument(input: { id: $id, correspondentId: $correspondentId }) { document { id } } }',
        { id: String(id), correspondentId: data.createCorrespondent.correspondent.id },
        server.admin.token,
      );
      await server.services.jobs.run('documents.recognise', { documentId: id });
      await over(id);
      expect(await read(server, id)).toMatchObject({ textStatus: 'RECOGNISED', correspondent: { name: 'Autre' } });
    });

    test('a type that only the picture tells sends the document into approval, as the rules say', async () => {
      const learnt = await startTestServer({ env: { TESSERACT: 'tesseract' } });
      try {
        const texts = { 1: 'facture échéance montant', 2: 'contrat durée signature' };
        for (const [typeId, text] of Object.entries(texts)) {
          for (const copy of ['a', 'b', 'c', 'd']) {
            await learnt.sql(
              `insert into documents (owner_id, document_type_id, title, content, filename, original_filename, mime_type, file_size, content_hash, content_key)
               values (?, ?, ?, ?, 'x.txt', 'x.txt', 'text/plain', 1, md5(?) || md5(?), 'x')`,
              [learnt.admin.id, typeId, `${text} ${copy}`, text, copy, typeId],
            );
          }
        }
        const [id] = (await upload(
          learnt,
          { 'p.png': makePicture(['facture échéance montant']) },
          learnt.admin.token,
        )) as [number];
        const question = 'query ($id: ID!) { document(id: $id) { textStatus type { code } approval { status } } }';
        const ask = async () => (await learnt.graphql(question, { id: String(id) }, learnt.admin.token)).data.document;
        await expect.poll(async () => (await ask()).textStatus, { timeout: 120_000, interval: 200 }).toBe('RECOGNISED');
        expect(await ask()).toMatchObject({ type: { code: 'FACTURE' }, approval: { status: 'PENDING' } });
      } finally {
        await learnt.stop();
      }
    });

    test('scans of several pages, TIFF, JPEG and pictures without text are told apart', async () => {
      const files = {
        'scan.pdf': await makeScan([['Page première'], ['Page deuxième']]),
        'fax.tiff': makeTiff([['Télécopie du matin'], ['Télécopie du soir']]),
        'photo.jpg': makePicture(['Photographie'], 'image/jpeg'),
        'gris.png': makePng({ widthPx: 300, heightPx: 200 }),
      };
      const ids = await upload(server, files);
      // Twice is harmless: the queue may run a job again.
      await Promise.all(
        [...ids, ...ids].map((documentId) => server.services.jobs.run('documents.recognise', { documentId })),
      );
      for (const id of ids) await over(id);
      const documents = await Promise.all(ids.map((id) => read(server, id)));
      expect(documents.map(({ textStatus }) => textStatus)).toEqual([
        'RECOGNISED',
        'RECOGNISED',
        'RECOGNISED',
        'EMPTY',
      ]);
      expect(documents[0].content).toMatch(/Page première\s+Page deuxième/);
      expect(documents[1].content).toMatch(/Télécopie du matin\s+Télécopie du soir/);
      expect(documents[2].content).toContain('Photographie');
    });

    test('what tesseract would take for a list of files never reaches it, and fails after three tries', async () => {
      const [secret] = (await upload(server, { 'secret.png': makePicture(['Mot de passe']) })) as [number];
      const [{ content_key: key }] = await server.sql('select content_key from documents where id = ?', [secret]);
      const path = await server.services.store.withLocalFile(key, async (path) => path);
      const list = Buffer.from(`GIF8\u0001\n${path}\n`);
      const [id] = (await upload(server, { 'liste.gif': list })) as [number];
      const tries: Promise<void>[] = [];
      while ((await read(server, id)).textStatus === 'PENDING') {
        tries.push(server.services.jobs.run('documents.recognise', { documentId: id }));
        await Promise.allSettled(tries);
      }
      expect(await read(server, id)).toMatchObject({ textStatus: 'FAILED', content: '' });
      const { data } = await server.graphql(
        'query ($id: ID!) { ingests(filter: { documentId: $id }) { nodes { status error } } }',
        { id: String(id) },
        server.admin.token,
      );
      expect(data.ingests.nodes).toEqual([
        { status: 'REFUSED', error: 'Le texte de ce fichier n’a pas pu être reconnu.' },
      ]);
    });

    test('what waited for tesseract is queued when it is there, and anyone who may change a document may ask again', async () => {
      const owner = await server.person();
      const [id] = (await upload(server, { 'attente.png': makePicture(['Attente longue']) }, owner.token)) as [number];
      await server.sql(`update documents set text_status = 'recognition_unavailable' where id = ?`, [id]);
      await server.services.jobs.run('documents.recognise_waiting', {});
      await expect
        .poll(async () => (await read(server, id)).textStatus, { timeout: 120_000, interval: 200 })
        .toBe('RECOGNISED');

      expect((await recognise(server, id, owner.token)).data.recogniseText.document).toEqual({
        id: String(id),
        textStatus: 'PENDING',
      });
      expect((await recognise(server, id, (await server.person()).token)).errors?.[0].extensions.code).toBe(
        'NOT_FOUND',
      );
      expect(
        (await recognise(server, id, (await server.person({ roles: ['lecteur'] })).token)).errors?.[0].extensions.code,
      ).toBe('FORBIDDEN');
      const [text] = (await upload(server, { 'texte.txt': Buffer.from('déjà du texte') })) as [number];
      expect((await recognise(server, text)).errors?.[0].extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        fields: [{ path: ['input', 'id'] }],
      });
    });

    test(
      'its progress is told page by page, once a second at most, to the owner and to nobody else',
      { timeout: 180_000 },
      async () => {
        const [owner, stranger] = [await server.person(), await server.person()];
        const pages = Array.from({ length: 6 }, (_, page) =>
          Array.from({ length: 5 }, (_line, line) => `Page ${page} ligne ${line} du long contrat de bail`),
        );
        const [id] = (await upload(server, { 'long.pdf': await makeScan(pages) }, owner.token)) as [number];
        const clients = [owner, stranger].map((person: Person) =>
          createClient({
            url: `${server.url.replace('http', 'ws')}/graphql`,
            webSocketImpl: WebSocket,
            connectionParams: { authorization: `Bearer ${person.token}` },
            retryAttempts: 0,
          }),
        );
        const query =
          'subscription { ingestEvents(after: "0") { type step done total occurredAt ingest { status document { id } } } }';
        const heard: any[][] = [[], []];
        clients.forEach(async (client, index) => {
          // Ends with the server at the latest.
          const events = client.iterate({ query });
          await (async () => {
            for await (const { data } of events) heard[index]?.push((data as any).ingestEvents);
          })().catch(() => undefined);
        });
        await server.services.jobs.run('documents.recognise', { documentId: id });
        const own = heard[0] as any[];
        await expect.poll(() => own.at(-1)?.type, { timeout: 30_000 }).toBe('INGEST_FINISHED');
        expect(own[0]).toMatchObject({ type: 'INGEST_STARTED' });
        const progress = own.slice(1, -1);
        expect(progress.length).toBeGreaterThan(0);
        expect(
          progress.every(
            ({ type, step, total }) => type === 'INGEST_PROGRESS' && step === 'RECOGNITION' && total === 6,
          ),
        ).toBe(true);
        expect(new Set(progress.map(({ done }) => done)).size).toBe(progress.length);
        expect(own.at(-1).ingest).toEqual({ status: 'DONE', document: { id: String(id) } });
        const [{ seconds }] = await server.sql(
          `select extract(epoch from finished_at - started_at)::float8 as seconds from ingests where document_id = ?`,
          [id],
        );
        expect(progress.length).toBeLessThanOrEqual(Math.ceil(seconds));
        expect(heard[1]).toEqual([]);
        await Promise.all(clients.map((client) => client.dispose()));
      },
    );
  });
}
