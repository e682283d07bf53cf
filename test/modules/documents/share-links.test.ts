import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { maskSecrets } from '../../../src/lib/mask-secrets.js';
import { type Answer, type Person, startTestServer, type TestServer } from '../../support/harness.js';

const start = Date.now();
let clock = start;
let server: TestServer;
let owner: Person;
let documentId: number;
let files = 0;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(clock), env: { TRUST_PROXY: '1' } });
  owner = await server.person();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  clock = start;
  const body = new FormData();
  body.append('file', new Blob([`contenu partagé ${(files += 1)}`]), 'été.txt');
  documentId = (await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body })).json
    .results[0].id;
});

const run = async (query: string, input: object, as: Person): Promise<any> => {
  const { data, errors } = await server.graphql(query, { input }, as.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return Object.values(data)[0];
};
const create = (facts: object = {}, as = owner): Promise<{ token: string; url: string; shareLink: any }> =>
  run(
    'mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { token url shareLink { id prefix hasPassword maxDownloads downloads expiresAt } } }',
    { documentId, ...facts },
    as,
  );
const revoke = (id: string, as = owner): Promise<any> =>
  run(
    'mutation ($input: RevokeShareLinkInput!) { revokeShareLink(input: $input) { shareLink { revokedAt } } }',
    { id },
    as,
  );
const look = (token: string): Promise<Answer> => server.request('GET', `/kdocs/api/shared/${token}`);
const fetchFile = (token: string, password?: string, from = '203.0.113.7'): Promise<Answer> =>
  password === undefined
    ? server.request('GET', `/kdocs/api/shared/${token}/download`)
    : server.request('POST', `/kdocs/api/shared/${token}/download`, {
        json: { password },
        headers: { 'x-forwarded-for': from },
      });
const links = async (as: Person): Promise<any[]> =>
  (
    await server.graphql(
      'query ($id: ID!) { document(id: $id) { shareLinks { id downloads lastUsedAt revokedAt } } }',
      { id: documentId },
      as.token,
    )
  ).data.document?.shareLinks;
const gone = { error: true, message: 'Lien non trouvé ou expiré' };

describe('a share link', () => {
  it('opens the file to whoever has the secret, which is shown once and kept only as a hash', async () => {
    const { token, url, shareLink } = await create({
      expiresAt: new Date(clock + 3_600_000).toISOString(),
      maxDownloads: 2,
    });
    expect(token).toMatch(/^lnk_[\w-]{43}$/);
    expect(url).toBe(`${server.services.config.publicUrl}/s/${token}`);
    expect(shareLink).toMatchObject({ prefix: token.slice(0, 10), hasPassword: false, maxDownloads: 2, downloads: 0 });
    const seen = await look(token);
    expect([seen.status, seen.json]).toEqual([
      200,
      {
        success: true,
        data: {
          title: 'été',
          filename: 'été.txt',
          mime_type: 'text/plain',
          file_size: expect.any(Number),
          expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
          has_password: false,
        },
      },
    ]);
    const file = await fetchFile(token);
    expect([file.status, file.text]).toEqual([200, `contenu partagé ${files}`]);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; .*%C3%A9t%C3%A9\.txt/);
    expect(file.headers.get('cache-control')).toBe('no-store');
    expect(await links(owner)).toEqual([
      { id: shareLink.id, downloads: 1, lastUsedAt: expect.any(String), revokedAt: null },
    ]);
    const kept = JSON.stringify([
      await server.sql('select * from share_links'),
      await server.sql('select * from events'),
    ]);
    expect(kept).not.toContain(token);
    const events = await server.sql(
      `select type, actor_id from events where subject_id = ? and type like 'document.link%' order by id`,
      [String(documentId)],
    );
    expect(events).toEqual([
      { type: 'document.link_created', actor_id: owner.id },
      { type: 'document.link_used', actor_id: null },
    ]);
  });

  it('is made, listed and revoked by who may change the document only', async () => {
    const [friend, stranger] = [await server.person(), await server.person()];
    await server.sql('insert into document_shares values (?, ?)', [documentId, friend.id]);
    const { token, shareLink } = await create();
    await expect(create({}, friend)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(create({}, stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect([await links(friend), await links(stranger), (await links(server.admin)).length]).toEqual([
      [],
      undefined,
      1,
    ]);
    for (const other of [friend, stranger])
      await expect(revoke(shareLink.id, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await look(token)).status).toBe(200);
    expect((await revoke(shareLink.id)).shareLink.revokedAt).toEqual(expect.any(String));
    await revoke(shareLink.id);
    expect(
      (
        await server.sql(
          `select count(*)::int as n from events where type = 'document.link_revoked' and subject_id = ?`,
          [String(documentId)],
        )
      )[0].n,
    ).toBe(1);
    expect((await look(token)).status).toBe(404);
  });

  it('answers the same whether it never was or has ended, in whichever way', async () => {
    const ended: string[] = ['lnk_unknown', 'x', `lnk_${'A'.repeat(43)}`];
    const expired = await create({ expiresAt: new Date(clock + 60_000).toISOString() });
    expect((await look(expired.token)).status).toBe(200);
    clock += 61_000;
    const revoked = await create();
    await revoke(revoked.shareLink.id);
    const used = await create({ maxDownloads: 1 });
    expect((await fetchFile(used.token)).status).toBe(200);
    const trashed = await create({ password: 'Mot de passe' });
    for (const { token } of [expired, revoked, used]) ended.push(token);
    for (const token of ended) {
      for (const answer of [await look(token), await fetchFile(token), await fetchFile(token, 'essai')])
        expect([token, answer.status, answer.json]).toEqual([token, 404, gone]);
      expect((await server.request('GET', `/s/${token}`)).status).toBe(404);
    }
    await server.request('DELETE', `/kdocs/api/documents/${documentId}`, { token: owner.token });
    expect([(await look(trashed.token)).json, (await fetchFile(trashed.token, 'Mot de passe')).json]).toEqual([
      gone,
      gone,
    ]);
    await server.request('POST', `/kdocs/api/documents/${documentId}/restore`, { token: owner.token });
    expect((await look(trashed.token)).status).toBe(200);
    for (const path of ['', '/purge'])
      await server.request('DELETE', `/kdocs/api/documents/${documentId}${path}`, { token: owner.token });
    expect((await look(trashed.token)).json).toEqual(gone);
  });

  it('ends with its maker’s account', async () => {
    const leaver = await server.person({ roles: ['manager'] });
    const { token } = await create({}, leaver);
    expect((await look(token)).status).toBe(200);
    await server.sql('update users set is_active = false where id = ?', [leaver.id]);
    expect((await look(token)).json).toEqual(gone);
    expect((await fetchFile(token)).json).toEqual(gone);
  });

  it('holds as long as its maker might make it, and no longer', async () => {
    const roles = (person: Person, ...names: string[]): Promise<unknown> =>
      server.sql(
        `with gone as (delete from role_assignments where user_id = ?)
         insert into role_assignments (user_id, role_id) select ?, id from roles where name = any(?::text[])`,
        [person.id, person.id, `{${names.join()}}`],
      );
    const manager = await server.person({ roles: ['manager'] });
    const { token } = await create({}, manager);
    const opens = async (): Promise<number[]> => [
      (await look(token)).status,
      (await fetchFile(token)).status,
      (await server.request('GET', `/s/${token}`)).status,
    ];
    expect(await opens()).toEqual([200, 200, 200]);
    await roles(manager, 'lecteur');
    expect(await opens()).toEqual([404, 404, 404]);
    await roles(manager, 'user');
    expect(await opens()).toEqual([404, 404, 404]);
    await roles(manager, 'manager');
    expect(await opens()).toEqual([200, 200, 200]);

    // The owner of a document needs a role that lets them share what is theirs.
    const own = await create();
    await roles(owner, 'lecteur');
    expect((await look(own.token)).status).toBe(404);
    await roles(owner, 'user');
    expect((await look(own.token)).status).toBe(200);
  });

  it('opens the file that it was made for, unless it was made for the latest', async () => {
    const replaced = (content: string): Promise<Answer> => {
      const body = new FormData();
      body.append('file', new Blob([content]), `${content}.txt`);
      return server.request('PUT', `/kdocs/api/documents/${documentId}/file`, { token: owner.token, body });
    };
    const first = `contenu partagé ${files}`;
    const [pinned, latest] = [await create(), await create({ followsLatest: true })];
    const second = `remplaçant ${files}`;
    expect((await replaced(second)).status).toBe(200);
    const later = await server.request('POST', `/kdocs/api/documents/${documentId}/share-links`, {
      token: owner.token,
      json: {},
    });
    expect(later.json.data.version).toBe(2);
    expect((await replaced(`troisième ${files}`)).status).toBe(200);
    const served = async (token: string): Promise<string[]> => [
      (await look(token)).json.data.filename,
      (await fetchFile(token)).text,
    ];
    expect(await served(pinned.token)).toEqual(['été.txt', first]);
    expect(await served(later.json.data.token)).toEqual([`${second}.txt`, second]);
    expect(await served(latest.token)).toEqual([`troisième ${files}.txt`, `troisième ${files}`]);
    const listed = await server.request('GET', `/kdocs/api/documents/${documentId}/share-links`, {
      token: owner.token,
    });
    expect(listed.json.data.map(({ version }: any) => version)).toEqual([2, null, 1]);
  });

  it('given so many downloads gives exactly so many, to however many come at once', async () => {
    const { token, shareLink } = await create({ maxDownloads: 3 });
    const statuses = (await Promise.all(Array.from({ length: 12 }, () => fetchFile(token)))).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted()).toEqual([...Array(3).fill(200), ...Array(9).fill(404)]);
    expect((await links(owner))[0]).toMatchObject({ id: shareLink.id, downloads: 3 });
    const [events] = await server.sql(
      `select count(*)::int as n from events where type = 'document.link_used' and subject_id = ?`,
      [String(documentId)],
    );
    expect(events.n).toBe(3);
  });

  it('uses up a download by what is sent of the file, not by what is asked about it', async () => {
    const { token } = await create({ maxDownloads: 2 });
    const path = `/kdocs/api/shared/${token}/download`;
    const ask = (method: string, headers: Record<string, string> = {}): Promise<Answer> =>
      server.request(method, path, { headers });
    const head = await ask('HEAD');
    const etag = head.headers.get('etag') ?? '';
    expect([head.status, etag]).toEqual([200, expect.stringMatching(/^"[0-9a-f]{64}"$/)]);
    expect((await ask('GET', { 'if-none-match': etag })).status).toBe(304);
    expect((await ask('GET', { range: 'bytes=9999-' })).status).toBe(416);
    expect((await links(owner))[0]).toMatchObject({ downloads: 0, lastUsedAt: null });
    expect((await ask('GET', { range: 'bytes=0-3' })).text).toBe('cont');
    expect((await ask('GET')).status).toBe(200);
    expect((await links(owner))[0]).toMatchObject({ downloads: 2 });
    for (const method of ['HEAD', 'GET']) {
      const gone = await ask(method);
      expect([gone.status, gone.headers.get('etag')]).not.toContain(etag);
      expect(gone.status).toBe(404);
    }
  });

  it('refuses bounds that make no sense, all at once', async () => {
    const facts = { expiresAt: new Date(clock - 1000).toISOString(), password: 'court', maxDownloads: 0 };
    await expect(create(facts)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [
        { path: ['input', 'expiresAt'], code: 'too_small' },
        { path: ['input', 'password'], code: 'too_short' },
        { path: ['input', 'maxDownloads'], code: 'too_small' },
      ],
    });
  });
});

describe('a password', () => {
  const password = 'Sésame-2026';

  it('is asked for, and only the right one counts a download', async () => {
    const { token, shareLink } = await create({ password });
    expect((await look(token)).json.data).toMatchObject({ title: 'été', has_password: true });
    for (const answer of [await fetchFile(token), await fetchFile(token, ''), await fetchFile(token, 'faux-mot')]) {
      expect([answer.status, answer.json]).toEqual([403, { error: true, message: 'Mot de passe requis ou incorrect' }]);
    }
    const form = await server.request('POST', `/kdocs/api/shared/${token}/download`, {
      form: { password },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([form.status, form.text]).toEqual([200, `contenu partagé ${files}`]);
    expect((await links(owner))[0]).toMatchObject({ id: shareLink.id, downloads: 1 });
    const [row] = await server.sql('select password_hash from share_links where id = ?', [shareLink.id]);
    expect(row.password_hash).toMatch(/^\$argon2id\$/);
  });

  it('may be guessed five times from an address in half an hour, also by thirty at once', async () => {
    const { token } = await create({ password });
    const statuses = (await Promise.all(Array.from({ length: 30 }, (_, i) => fetchFile(token, `essai-${i}`)))).map(
      ({ status }) => status,
    );
    const seen = statuses.filter((status) => status === 403).length;
    expect(seen).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30 - seen);
    // Of those that came at the same moment all may have been refused unseen; what they left can still be used.
    for (let n = seen; n < 5; n += 1) expect((await fetchFile(token, 'encore')).status).toBe(403);
    expect((await fetchFile(token, password)).status).toBe(429);
    expect((await fetchFile(token, password, '198.51.100.9')).status).toBe(200);
    clock += 31 * 60_000;
    expect((await fetchFile(token, password)).status).toBe(200);
  });
});

describe('the page of a link', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('shows the file, says what is wrong, and gives the file', async () => {
    const { token } = await create({ password: 'Sésame-2026' });
    const page = await server.request('GET', `/s/${token}`);
    expect([page.status, page.headers.get('x-robots-tag'), page.headers.get('cache-control')]).toEqual([
      200,
      'noindex',
      'no-store',
    ]);
    for (const part of ['été.txt', 'Télécharger', 'type="password"']) expect(page.text).toContain(part);
    const wrong = await server.request('POST', `/s/${token}`, { form: { password: 'non' }, headers: form });
    expect([wrong.status, wrong.headers.get('location')]).toEqual([303, `/s/${token}?problem=password`]);
    expect((await server.request('GET', `/s/${token}?problem=password`)).text).toContain('Mot de passe incorrect');
    expect((await server.request('GET', `/s/${token}?problem=%3Cscript%3E`)).text).not.toContain('script>');
    const headers = { 'accept-language': 'en' };
    const english = await server.request('GET', `/s/${token}?problem=password`, { headers });
    expect(english.headers.get('vary')).toContain('Accept-Language');
    for (const part of ['<html lang="en">', 'été.txt', 'bytes', 'Download', 'That password is wrong'])
      expect(english.text).toContain(part);
    expect((await server.request('GET', '/s/none', { headers })).text).toContain('leads to no document');
    const file = await server.request('POST', `/s/${token}`, { form: { password: 'Sésame-2026' }, headers: form });
    expect([file.status, file.text]).toEqual([200, `contenu partagé ${files}`]);
  });

  it('asks for no password when there is none', async () => {
    const { token } = await create();
    expect((await server.request('GET', `/s/${token}`)).text).not.toContain('type="password"');
    expect((await server.request('POST', `/s/${token}`)).status).toBe(200);
  });
});

describe('the log', () => {
  it('never holds a secret, whatever is done to its address', async () => {
    const { token } = await create({ password: 'Sésame-2026' });
    const encoded = token.replace('_', '%5F').replace('l', '%6C');
    for (const path of [
      `/s/${token}`,
      `/s/${encoded}`,
      `/s/${token}/`,
      `/s/${token}/%`,
      `/kdocs/api/shared/${token}`,
      `/kdocs/api/shared/${encoded}/download`,
      `/kdocs/api/shared/${token}/x`,
      `/${token}`,
    ]) {
      await server.request('GET', path);
      await server.request('DELETE', path);
    }
    await server.request('POST', `/kdocs/api/shared/${token}/download`, { json: { password: 'Sésame-2026' } });
    const log = server.log.join('\n');
    expect(log).toContain('/s/lnk_***');
    expect(log).not.toContain(token.slice(4));
    expect(log).not.toContain('Sésame');
  });

  test.each([
    ['/kdocs/api/documents/12', '/kdocs/api/documents/12'],
    ['/caf%C3%A9', '/caf%C3%A9'],
    [`/feed/sk_${'a'.repeat(43)}.ics`, '/feed/sk_***.ics'],
    [`/%E0%A4%A/lnk%5f${'a'.repeat(43)}`, '/%E0%A4%A/lnk_***'],
  ])('%s is written %s', (path, written) => expect(maskSecrets(path)).toBe(written));
});

describe('the links of a document', () => {
  const insert = (count: number, columns: string, values: string): Promise<any> =>
    server.sql(
      `insert into share_links (document_id, token_hash, prefix, created_by_id, created_at, ${columns})
       select ?, md5(random()::text), 'lnk_', ?, now(), ${values} from generate_series(1, ${count}) i`,
      [documentId, owner.id],
    );

  it('are a hundred at most that hold, also when several are made at once', async () => {
    await insert(98, 'expires_at', 'null');
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => create()));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const refused = { code: 'CONFLICT', reason: 'too_many', subject: 'ShareLink', details: { limit: 100 } };
    expect(made.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual(
      Array(3).fill(expect.objectContaining(refused)),
    );
    const overRest = await server.request('POST', `/kdocs/api/documents/${documentId}/share-links`, {
      token: owner.token,
      json: {},
    });
    expect([overRest.status, overRest.json.message]).toEqual([
      409,
      "Le nombre maximal est atteint : supprimez-en ou révoquez-en d'abord",
    ]);
    const [newest] = await links(owner);
    await revoke(newest.id);
    expect((await create()).token).toMatch(/^lnk_/);
    expect(await links(owner)).toHaveLength(101);
  });

  it('that are above the bound since before are all read, and no more is made', async () => {
    await insert(130, 'expires_at', 'null');
    expect(await links(owner)).toHaveLength(130);
    await expect(create()).rejects.toMatchObject({ reason: 'too_many' });
    expect(await links(owner)).toHaveLength(130);
  });

  it('that have ended in any way make room for new ones; the last hundred of them stay', async () => {
    await insert(60, 'expires_at', `now() - interval '2 days'`);
    await insert(60, 'revoked_at', `now() - interval '1 day'`);
    await insert(60, 'max_downloads, downloads, last_used_at', `1, 1, now() - interval '1 hour'`);
    await create();
    const left = await links(owner);
    expect([
      left.length,
      left.filter(({ downloads }) => downloads === 1).length,
      left.filter(({ revokedAt }) => revokedAt).length,
    ]).toEqual([101, 60, 40]);
  });
});
