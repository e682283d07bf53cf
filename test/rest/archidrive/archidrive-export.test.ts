import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modules } from '../../../src/app/modules.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
let person: Person;
let friend: Person;
let invoiceIds: number[];
beforeAll(async () => {
  server = await startTestServer();
  person = await server.person();
  friend = await server.person();
});
afterAll(() => server?.stop());

const download = async (path: string, token: string) => {
  const response = await fetch(`${server.url}/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
};
const opened = (bytes: Uint8Array) => {
  const { 'data.json': data, ...files } = unzipSync(bytes);
  return { data: JSON.parse(new TextDecoder().decode(data)), files };
};
async function upload(token: string, filename: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const body = new FormData();
  body.append('files', new Blob([bytes]), filename);
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token, body });
  return json.results[0].id;
}
const apiToken = async ({ token }: Person, scopes = ['read', 'write', 'admin']): Promise<string> =>
  (
    await server.graphql(
      'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token } }',
      { input: { name: 'robot', scopes: scopes.map((scope) => scope.toUpperCase()) } },
      token,
    )
  ).data.createApiToken.token;
const invoice = async (by: Person, customerId: number, status: string): Promise<number> =>
  (
    await server.request('POST', '/v1/invoices', {
      token: by.token,
      json: { customerId, status, items: [{ description: 'Conseil', quantity: 3, price: 33.33, vatRate: 20 }] },
    })
  ).json.invoiceId;

describe('the archive', () => {
  let ids: number[];
  const notes = new TextEncoder().encode('échéance le 3 mars');
  beforeAll(async () => {
    ids = [
      await upload(person.token, 'notes.txt', notes),
      await upload(person.token, 'été : 2026?.txt', new TextEncoder().encode('un autre')),
    ];
    await server.graphql(
      'mutation ($input: ShareDocumentInput!) { shareDocument(input: $input) { document { id } } }',
      { input: { id: ids[0], person: friend.email } },
      person.token,
    );
    const theirs = await upload(friend.token, 'friend.txt', new TextEncoder().encode('friend'));
    await server.graphql(
      'mutation ($input: ShareDocumentInput!) { shareDocument(input: $input) { document { id } } }',
      { input: { id: theirs, person: person.email } },
      friend.token,
    );
    await server.sql("insert into tags (name) values ('Impôts')");
    await server.sql('insert into document_tags select ?, id from tags', [ids[0]]);
    await server.sql(
      "insert into passkeys (user_id, credential_id, public_key, name) values (?, 'cred-id-secret', 'public-key', 'Téléphone')",
      [person.id],
    );
    await server.sql(
      "update users set phone = '+33 1 02 03 04 05', consented_at = '2026-01-02T03:04:05Z', consent_version = '2026-01' where id = ?",
      [person.id],
    );
    const manager = await server.person({ roles: ['manager'] });
    invoiceIds = [await invoice(person, person.id, 'draft'), await invoice(manager, person.id, 'issued')];
    await invoice(manager, person.id, 'draft');
    await invoice(manager, friend.id, 'issued');
  });

  test('holds all that is known of the person and the files themselves, and nothing of others', async () => {
    await apiToken(person);
    const { status, headers, bytes } = await download('/users/me/export', person.token);
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'application/zip',
      'no-store',
    ]);
    expect(headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="export-${person.id}-\\d{4}-\\d\\d-\\d\\d\\.zip"$`),
    );
    const { data, files } = opened(bytes);
    expect(files).toEqual({
      [`documents/${ids[0]}-notes.txt`]: notes,
      [`documents/${ids[1]}-été _ 2026_.txt`]: new TextEncoder().encode('un autre'),
    });
    expect(data.person).toMatchObject({
      id: person.id,
      username: person.username,
      email: person.email,
      phone: '+33 1 02 03 04 05',
    });
    expect(data.consent).toEqual({ version: '2026-01', consentedAt: '2026-01-02T03:04:05Z' });
    expect(data.roles).toMatchObject([{ name: 'user', scope: '*' }]);
    expect(data.sessions).toMatchObject([{ kind: 'token' }]);
    expect(data.passkeys).toMatchObject([{ name: 'Téléphone' }]);
    expect(data.apiTokens).toMatchObject([{ name: 'robot', scopes: ['read', 'write', 'admin'] }]);
    expect(data.documents).toMatchObject([
      {
        id: ids[0],
        file: `documents/${ids[0]}-notes.txt`,
        tags: ['Impôts'],
        sharedWith: [{ userId: friend.id }],
        sizeBytes: notes.length,
      },
      { id: ids[1], originalFilename: 'été : 2026?.txt', tags: [], sharedWith: [] },
    ]);
    expect(data.sharedWithMe).toMatchObject([{ title: expect.stringContaining('friend') }]);
    expect(data.invoices).toMatchObject([
      {
        id: invoiceIds[0],
        status: 'draft',
        total: 119.99,
        lines: [{ description: 'Conseil', quantity: 3, unitPrice: 33.33, vatRate: 20 }],
      },
      { id: invoiceIds[1], status: 'issued', buyer: { email: person.email } },
    ]);
    expect(data.accessLog).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'api_token.created', byThePerson: true })]),
    );
    const text = JSON.stringify(data);
    for (const other of [friend.email, 'cred-id-secret', 'public-key', 'argon2', 'contentKey'])
      expect(text).not.toContain(other);
    const parts = modules.flatMap(({ personalData }) => Object.keys(personalData?.exports ?? {}));
    expect(Object.keys(data).toSorted()).toEqual([...new Set([...parts, 'exportedAt'])].toSorted());
  });

  test('also what the person did, was told and set up', async () => {
    const someone = await server.person();
    const { id } = someone;
    const other = await server.person();
    const own = await upload(someone.token, 'brouillon.txt', new TextEncoder().encode(randomBytes(9).toString('hex')));
    const theirs = await upload(other.token, 'autre.txt', new TextEncoder().encode(randomBytes(9).toString('hex')));
    const former = new TextEncoder().encode('première version');
    const hash = randomBytes(32).toString('hex');
    await server.services.store.putBytes(Buffer.from(former), `documents/${hash}`);
    const version = `insert into document_versions (document_id, number, filename, original_filename, content_key,
      content_hash, file_size, mime_type, text_status, replaced_by_id, replaced_at)
      values (?, 1, 'avant.txt', 'avant.txt', ?, ?, ?, 'text/plain', 'extracted', ?, '2026-03-01T10:00:00Z') returning id`;
    const [{ id: versionId }] = await server.sql(version, [own, `documents/${hash}`, hash, former.length, other.id]);
    await server.sql(version, [theirs, `documents/${hash}`, hash, former.length, id]);
    for (const [statement, ...values] of [
      [
        `insert into share_links (document_id, token_hash, prefix, created_by_id, created_at)
         values (?, ?, 'abcd', ?, '2026-03-02T10:00:00Z')`,
        theirs,
        `hash-${id}`,
        id,
      ],
      [
        `insert into document_notes (document_id, author_id, text, created_at)
         values (?, ?, 'Vu', '2026-03-05T10:00:00Z')`,
        theirs,
        id,
      ],
      ["insert into saved_views (owner_id, name, order_by) values (?, 'À payer', 'ID_DESC')", id],
      [
        `insert into approvals (id, status, content_hash, submitted_by_id, submitted_at, decided_by_id, decided_at, comment)
         values (?, 'rejected', ?, ?, '2026-03-03T10:00:00Z', ?, '2026-03-04T10:00:00Z', 'Illisible')`,
        theirs,
        hash,
        other.id,
        id,
      ],
      [
        `insert into approval_history (approval_id, action, to_status, performed_by_id, comment, created_at)
         values (?, 'rejected', 'rejected', ?, 'Illisible', '2026-03-04T10:00:00Z')`,
        theirs,
        id,
      ],
      [
        `insert into approval_delegations (from_id, to_id, valid_from, valid_to)
         values (?, ?, '2026-05-01', '2026-05-31')`,
        id,
        other.id,
      ],
      [
        `insert into notifications (user_id, type, priority, title, message, event_position)
         values (?, 'system', 'low', 'Bonjour', 'Un mot du serveur', 987654321)`,
        id,
      ],
      ["insert into notification_preferences (user_id, type, by_mail) values (?, 'system', false)", id],
      [
        `insert into ingests (kind, name, status, owner_id, claim, lease_until, process, finished_at)
         values ('upload', 'lot.txt', 'done', ?, gen_random_uuid(), now(), 'host:1', now())`,
        id,
      ],
      [
        `insert into role_assignments (user_id, role_id, scope, assigned_by_id)
         select ?, id, 'FACTURE', ? from roles where name = 'VALIDATOR_L1'`,
        other.id,
        id,
      ],
    ] as [string, ...unknown[]][])
      await server.sql(statement, values);

    const { data, files } = opened((await download('/users/me/export', someone.token)).bytes);
    expect(files[`versions/${versionId}-avant.txt`]).toEqual(former);
    expect(data.documentVersions).toMatchObject([
      { documentId: own, number: 1, originalFilename: 'avant.txt', file: `versions/${versionId}-avant.txt` },
    ]);
    expect(data.replacedFiles).toEqual([{ documentId: theirs, number: 1, replacedAt: '2026-03-01T10:00:00Z' }]);
    expect(data.shareLinks).toMatchObject([{ documentId: theirs, prefix: 'abcd', createdAt: '2026-03-02T10:00:00Z' }]);
    expect(data.documentNotes).toMatchObject([{ documentId: theirs, text: 'Vu', createdAt: '2026-03-05T10:00:00Z' }]);
    expect(data.savedViews).toMatchObject([{ name: 'À payer', isShared: false }]);
    expect(data.approvals).toMatchObject([
      {
        documentId: theirs,
        status: 'rejected',
        decidedByThePerson: true,
        submittedByThePerson: false,
        comment: 'Illisible',
      },
    ]);
    expect(data.approvalHistory).toMatchObject([{ documentId: theirs, action: 'rejected', comment: 'Illisible' }]);
    expect(data.approvalDelegations).toMatchObject([{ fromId: id, toId: other.id, validFrom: '2026-05-01' }]);
    expect(data.notifications).toMatchObject([{ type: 'system', title: 'Bonjour', message: 'Un mot du serveur' }]);
    expect(data.notificationPreferences).toEqual([{ type: 'system', byMail: false }]);
    expect(data.rolesAssigned).toMatchObject([{ name: 'VALIDATOR_L1', userId: other.id, scope: 'FACTURE' }]);
    expect(data.ingests).toMatchObject([{ kind: 'upload', name: 'lot.txt', status: 'done' }]);
    const text = JSON.stringify(data);
    for (const secret of [`hash-${id}`, 'contentKey', other.email]) expect(text).not.toContain(secret);
  });

  test('GraphQL gives the same and the path of the archive', async () => {
    const { data } = await server.graphql(
      '{ personalDataExport { data url files { name sizeBytes } } }',
      {},
      person.token,
    );
    const { url, files, data: json } = data.personalDataExport;
    expect(files).toEqual([
      { name: `documents/${ids[0]}-notes.txt`, sizeBytes: notes.length },
      { name: expect.stringContaining('été'), sizeBytes: 8 },
    ]);
    const archive = opened((await download(url.slice('/v1'.length), person.token)).bytes).data;
    expect({ ...archive, exportedAt: '' }).toEqual({ ...JSON.parse(json), exportedAt: '' });
  });

  test('for the person and administrators; to others there is no such thing', async () => {
    const [{ uuid }] = await server.sql('select uuid from users where id = ?', [person.id]);
    const blind = await apiToken(server.admin, ['read', 'write']);
    const manager = await server.person({ roles: ['manager'] });
    const status = async (id: number | string, token: string) => (await download(`/users/${id}/export`, token)).status;
    for (const id of [person.id, uuid]) {
      expect([await status(id, person.token), await status(id, server.admin.token)]).toEqual([200, 200]);
      for (const token of [friend.token, manager.token, blind]) expect(await status(id, token)).toBe(404);
    }
    for (const id of ['0', '99999999', 'x', randomBytes(20).toString('hex')])
      expect(await status(id, server.admin.token)).toBe(404);
    expect(await status('me', 'apt_wrong')).toBe(401);
    expect(await status('me', await apiToken(person, ['write']))).toBe(404);
  });

  test('under an API token all but the tokens and keys, which are listed only in person', async () => {
    const { data, files } = opened((await download('/users/me/export', await apiToken(person, ['read']))).bytes);
    expect([data.withheld, data.apiTokens, data.apiKeys]).toEqual([['apiTokens', 'apiKeys'], undefined, undefined]);
    expect(Object.keys(files)).toHaveLength(2);
  });
});

describe('files', () => {
  test('what is missing in the store is said in the data', async () => {
    const someone = await server.person();
    const id = await upload(someone.token, 'lost.txt', new TextEncoder().encode('lost'));
    const [{ content_key }] = await server.sql('select content_key from documents where id = ?', [id]);
    await server.services.store.remove(content_key);
    const { data, files } = opened((await download('/users/me/export', someone.token)).bytes);
    expect([data.documents, files]).toEqual([[expect.objectContaining({ id, file: null })], {}]);
  });

  /** The store's stream through a wrapper, since a listener for data would make it flow. */
  const wrapped = (through: (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>) => {
    const { read } = server.services.store;
    server.services.store.read = (key, range) => Readable.from(through(read(key, range)), { objectMode: false });
    return () => void (server.services.store.read = read);
  };

  describe('a big one', () => {
    const big = Buffer.alloc(40 << 20);
    let someone: Person;
    let name: string;
    beforeAll(async () => {
      // Incompressible, or the zip would be small enough for the buffers on the way.
      for (let at = 0; at < big.length; at += 1 << 20) big.write(randomBytes((3 << 20) / 4).toString('base64'), at);
      someone = await server.person();
      const hash = randomBytes(32).toString('hex');
      await server.services.store.putBytes(big, `documents/${hash}`);
      const [{ id }] = await server.sql(
        `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id)
         values ('big', 'big.txt', 'big.txt', ?, ?, ?, 'text/plain', ?) returning id`,
        [`documents/${hash}`, hash, big.length, someone.id],
      );
      name = `documents/${id}-big.txt`;
    }, 120_000);

    test('is streamed as the client takes it', async () => {
      let handed = 0;
      const unwrap = wrapped(async function* (chunks) {
        for await (const chunk of chunks) {
          handed += chunk.length;
          yield chunk;
        }
      });
      const [response] = (await once(
        httpRequest(`${server.url}/v1/users/me/export`, {
          headers: { authorization: `Bearer ${someone.token}` },
        }).end(),
        'response',
      )) as [IncomingMessage];
      // Nothing more is taken from the socket: what is read from the store comes to a stop.
      response.pause();
      for (let seen = -1; handed > seen;) {
        seen = handed;
        await setTimeout(500);
      }
      expect(handed).toBeLessThan(big.length / 2);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      unwrap();
      expect(Buffer.compare(opened(Buffer.concat(chunks)).files[name] as Uint8Array, big)).toBe(0);
    }, 120_000);

    test('cuts the connection when it fails on the way', async () => {
      const unwrap = wrapped(async function* (chunks) {
        let sent = 0;
        for await (const chunk of chunks) {
          if ((sent += chunk.length) > 4 << 20) throw new Error('the disk failed');
          yield chunk;
        }
      });
      await expect(download('/users/me/export', someone.token)).rejects.toThrow();
      unwrap();
      expect(server.log.join('\n')).toContain('the disk failed');
      expect((await download('/users/me', someone.token)).status).toBe(200);
    });

    test('is closed when the client goes', async () => {
      const closed = Promise.withResolvers<void>();
      const unwrap = wrapped(async function* (chunks) {
        try {
          yield* chunks;
        } finally {
          closed.resolve();
        }
      });
      const asked = httpRequest(`${server.url}/v1/users/me/export`, {
        headers: { authorization: `Bearer ${someone.token}` },
      }).end();
      await once(asked, 'response');
      asked.destroy();
      await closed.promise;
      unwrap();
    });
  });
});
