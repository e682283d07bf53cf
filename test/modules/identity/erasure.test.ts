import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ env: { TRUST_PROXY: '1' } });
});
afterAll(() => server?.stop());

/** Every place where a text or a JSON of the database holds one of the words, as `table.column: word`. */
async function placesOf(words: readonly string[]): Promise<string[]> {
  const columns = await server.sql(
    `select table_name as "table", column_name as "column" from information_schema.columns
       join pg_class t on t.oid = table_name::regclass and not t.relispartition
      where table_schema = 'public' and data_type in ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'inet', 'tsvector') order by 1, 2`,
  );
  const places = [];
  for (const { table, column } of columns) {
    const found = await server.sql(
      `select w.word from jsonb_array_elements_text(?::jsonb) with ordinality w (word, n)
        where exists (select 1 from "${table}" t where strpos(lower(t."${column}"::text), lower(w.word)) > 0) order by w.n`,
      [JSON.stringify(words)],
    );
    places.push(...found.map(({ word }) => `${table}.${column}: ${word}`));
  }
  return places;
}

const words = {
  username: 'introuvable77',
  email: 'zephirine.quux@example.net',
  firstName: 'Zéphirine',
  lastName: 'Quuxembourg',
  phone: '+33 7 11 22 33 44',
  street: '77 impasse du Néant',
  city: 'Xyzzyville',
  ip: '198.51.100.77',
  agent: 'Zephbrowser/7',
  title: 'Lettre intime',
  token: 'Ma tablette',
  tried: '203.0.113.99',
};

test(
  'after an erasure no table knows the person any more, but for the invoice that the law keeps',
  { timeout: 120_000 },
  async () => {
    const from = { 'x-forwarded-for': words.ip, 'user-agent': words.agent };
    const { username, email, firstName, lastName, phone, street, city } = words;
    const password = 'Motdepasse-1';
    const graphql = async (
      query: string,
      input: object | undefined,
      token?: string,
      headers: Record<string, string> = from,
    ) => {
      const { json } = await server.request('POST', '/graphql', {
        json: { query, ...(input && { variables: { input } }) },
        headers,
        token,
      });
      expect(json.errors).toBeUndefined();
      return json.data;
    };
    const { user } = (
      await graphql(
        'mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id uuid } token } }',
        { username, email, firstName, lastName, phone, street, city, password, withToken: true },
      )
    ).registerUser;
    const id = Number(user.id);
    const login = (given: string, headers: Record<string, string>) =>
      server.request('POST', '/auth/login', { form: { username: email, password: given }, headers });
    const token = (await login(password, from)).json.access_token;
    await login('wrong', { ...from, 'x-forwarded-for': words.tried });
    await graphql(
      'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token } }',
      { name: words.token },
      token,
    );

    const upload = async (title: string): Promise<string> => {
      const body = new FormData();
      body.append('files', new Blob([`texte de ${title}`]), `${title}.txt`);
      return (await server.request('POST', '/kdocs/api/documents/upload', { token, body, headers: from })).json
        .results[0].id;
    };
    await upload(words.title);
    const customer = async (status: string) =>
      (
        await server.request('POST', '/v1/invoices', {
          token: server.admin.token,
          json: { customerId: id, status, items: [{ description: 'Conseil', quantity: 1, price: 10 }] },
        })
      ).json.invoiceId;
    await customer('issued');
    const draft = await customer('draft');
    expect((await server.request('GET', `/v1/invoices/${draft}/pdf`, { token: server.admin.token })).status).toBe(200);
    const { data: drawing } = await server.graphql(
      `{ invoicePdf(id: ${draft}) { key } }`,
      undefined,
      server.admin.token,
    );
    const printed = drawing.invoicePdf.key;

    // What other parts of the server write of a person.
    const own = { id, secret: 'own-secret' };
    for (const [sql, ...values] of [
      [
        "insert into passkeys (user_id, credential_id, public_key, name) values (?, ?, 'k', ?)",
        id,
        own.secret,
        words.token,
      ],
      [
        "insert into passkey_challenges (challenge, ceremony, user_id, expires_at) values (?, 'login', ?, now() + interval '5 minutes')",
        own.secret,
        id,
      ],
      ['insert into second_factors (user_id, sealed_secret) values (?, ?)', id, own.secret],
      ['insert into recovery_codes (user_id, code_hash) values (?, ?)', id, own.secret],
      [
        "insert into api_keys (user_id, name, description, prefix, key_hash, scopes) values (?, ?, ?, 'sk_', ?, '{read}')",
        id,
        words.token,
        words.title,
        own.secret,
      ],
      [
        'insert into api_key_usage (api_key_id, day, requests) select id, current_date, 3 from api_keys where user_id = ?',
        id,
      ],
      [
        "insert into idempotency_keys (owner, key, fingerprint, request_id, lease_until) values (?, ?, 'f', 'r', now())",
        `u${id}`,
        own.secret,
      ],
      [
        "insert into events (type, subject_type, subject_id, ip, data) values ('user.login_failed', 'User', ?, ?, '{\"reason\": \"password\"}')",
        String(id),
        words.tried,
      ],
      [
        "insert into events (type, subject_type, subject_id, actor_id, ip, data) values ('passkey.added', 'Passkey', '1', ?, ?, ?::jsonb)",
        id,
        words.ip,
        JSON.stringify({ userId: id, name: words.token }),
      ],
      ["update users set consented_at = now(), consent_version = 'v-own-secret' where id = ?", id],
    ] as [string, ...unknown[]][])
      await server.sql(sql, values);
    const all = [...Object.values(words), own.secret];
    const before = await placesOf(all);
    for (const word of all)
      expect(
        before.some((place) => place.endsWith(`: ${word}`)),
        word,
      ).toBe(true);
    const attempts = await server.sql('select id from login_attempts');
    expect(attempts).toHaveLength(1);

    const closed = once(await socketOf(token), 'close');
    const { deleteOwnAccount } = await graphql(
      'mutation ($input: DeleteOwnAccountInput!) { deleteOwnAccount(input: $input) { kept } }',
      { password },
      token,
    );
    expect((await closed)[0]).toBe(4403);
    expect(deleteOwnAccount.kept).toEqual([
      expect.stringMatching(/pseudonym.*event log/),
      expect.stringMatching(/^1 issued invoice.*ten years/),
    ]);

    expect(await placesOf(all)).toEqual(
      [email, firstName, lastName, street, city].map((word) => `invoices.buyer: ${word}`),
    );
    expect(await server.sql('select id from login_attempts')).toEqual([]);
    expect(await server.services.store.exists(printed)).toBe(false);
    // Whatever refers to the person by number alone, and why it may: the list is complete.
    const references = await server.sql(
      `select k.conrelid::regclass::text as "table", a.attname as "column" from pg_constraint k
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1] where k.contype = 'f' and k.conparentid = 0 and k.confrelid = 'users'::regclass`,
    );
    const held = [];
    for (const { table, column } of references) {
      const [{ n }] = await server.sql(`select count(*)::int as n from ${table} where ${column} = ?`, [id]);
      if (n > 0) held.push(`${table}.${column}`);
    }
    expect(held.toSorted()).toEqual(['events.actor_id', 'invoices.customer_id']);
  },
);

test("the answer counts documents that stay because others have them; an administrator's own address stays in the log", async () => {
  const [person, friend] = [await server.person(), await server.person()];
  const body = new FormData();
  body.append('files', new Blob([randomUUID()]), 'commun.txt');
  const { id } = (await server.request('POST', '/kdocs/api/documents/upload', { token: person.token, body })).json
    .results[0];
  await server.graphql(
    'mutation ($input: ShareDocumentInput!) { shareDocument(input: $input) { document { id } } }',
    { input: { id, person: friend.email } },
    person.token,
  );
  const erase = { query: `mutation { deleteUser(input: { id: ${person.id} }) { kept } }` };
  const { json } = await server.request('POST', '/graphql', {
    json: erase,
    token: server.admin.token,
    headers: { 'x-forwarded-for': '192.0.2.5' },
  });
  expect(json.data.deleteUser.kept).toEqual([expect.any(String), expect.stringMatching(/^1 document, .*shared/)]);
  expect(
    await server.sql(
      "select ip, data->>'kept' is not null as said from events where type = 'user.erased' and account_id = ?",
      [person.id],
    ),
  ).toEqual([{ ip: '192.0.2.5', said: true }]);
  const kept = await server.graphql(`{ document(id: ${id}) { title } }`, {}, friend.token);
  expect(kept.data.document.title).toContain('commun');
});

async function socketOf(token: string): Promise<WebSocket> {
  const opened = Promise.withResolvers<WebSocket>();
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
    on: { connected: (socket) => opened.resolve(socket as WebSocket) },
  });
  const socket = await opened.promise;
  socket.once('close', () => void client.dispose());
  return socket;
}
