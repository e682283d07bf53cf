import { randomBytes, randomUUID } from 'node:crypto';
import { generate } from 'otplib';
import { emit } from '../../src/events/outbox.js';
import { nobody } from '../../src/kernel/viewer.js';
import { relyingParty } from '../../src/modules/identity/passkeys/webauthn-ceremony.js';
import { hashSecret } from '../../src/modules/identity/sessions/resolve-viewer.js';
import { Authenticator } from '../support/authenticator.js';
import { makePng } from '../support/files.js';
import type { Person, TestServer } from '../support/harness.js';
import { type BankingObjects, bankingObjects } from './banking-objects.js';
import { type DocumentObjects, documentObjects } from './document-objects.js';
import { type FieldworkObjects, fieldworkObjects } from './fieldwork-objects.js';
import { type PluginObjects, pluginObjects } from './plugin-objects.js';

let counter = 0;
/** A word that nothing else holds, for names and for telling who may see an object. */
export const unique = (word: string): string => `${word}${(counter += 1)}x${process.pid}`;

export interface Objects extends DocumentObjects, BankingObjects, FieldworkObjects, PluginObjects {
  /** A draft of the person's, billed to the person; `description` stands on its only line. */
  invoice: (owner: Person, options?: { status?: 'DRAFT' | 'ISSUED' }) => Promise<{ id: string; description: string }>;
  /** What came into an account of the person's: as much as is due on an invoice of theirs. */
  received: (owner: Person) => Promise<{ transactionId: string; invoiceId: string; description: string }>;
  /** Of an invoice of the person's to the person. */
  reminder: (owner: Person) => Promise<{ id: string; invoiceId: string }>;
  /** What the person paid on an invoice of theirs of 12.00, by default 5 and some cents that nobody else paid. */
  payment: (owner: Person, options?: { amount?: number }) => Promise<{ id: string; invoiceId: string; amount: number }>;
  /** A document of the person's with a file; `title` names it. */
  document: (
    owner: Person,
    options?: { trashed?: boolean; picture?: boolean },
  ) => Promise<{ id: string; title: string }>;
  tag: () => Promise<{ id: string; name: string }>;
  correspondent: () => Promise<{ id: string; name: string }>;
  documentType: () => Promise<{ id: string; label: string }>;
  /** Somebody with the role `user`, whom nobody else knows. */
  person: (options?: { isActive?: boolean }) => Promise<Person & { uuid: string }>;
  /** Without permissions, but for the one that is named. */
  /** Of nobody's role. */
  permission: () => Promise<{ id: string; name: string }>;
  role: (options?: { permission?: string; holder?: Person }) => Promise<{ id: string; name: string }>;
  session: (owner: Person) => Promise<{ id: string }>;
  refreshToken: (owner: Person) => Promise<string>;
  apiToken: (owner: Person) => Promise<{ id: string; name: string }>;
  apiKey: (owner: Person) => Promise<{ id: string; name: string }>;
  /** A webhook with a delivery that was given up, and a replay that is over. */
  webhook: (owner: Person) => Promise<{ id: string; name: string; deliveryId: string; replayId: string }>;
  /** A program of the person's that is told of events at an address that there is not. */
  integration: (owner: Person) => Promise<{ id: string; name: string }>;
  /** One that is up; `subject` is what it is about. */
  alert: () => Promise<{ id: string; subject: string }>;
  /** One that is never due. */
  task: () => Promise<{ id: string; name: string }>;
  /** Of such a task, and over. */
  taskRun: () => Promise<{ id: string; taskId: string; line: string }>;
  passkey: (owner: Person) => Promise<{ id: string; name: string }>;
  device: (owner: Person) => Promise<{ id: string }>;
  /** A second factor of which only the first code is missing: the code. */
  pendingSecondFactor: (owner: Person) => Promise<string>;
  secondFactor: (owner: Person) => Promise<void>;
  /** What a browser answers to the begin of a registration, and of a login. */
  newCredential: (owner: Person) => Promise<object>;
  provenCredential: (owner: Person) => Promise<object>;
  /** A file in the ingest folder, by its name. */
  ingestFile: () => Promise<string>;
}

/** Makes fresh objects, as their owner over the graph where a door exists, else by SQL. */
export function objects(server: TestServer, writeIngestFile: (name: string, text: string) => Promise<void>): Objects {
  const run: Run = async (query, variables, token) => {
    const { data, errors } = await server.graphql(query, variables, token);
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  };
  const named = async (table: 'tags' | 'correspondents'): Promise<{ id: string; name: string }> => {
    const name = unique(table);
    const [row] = await server.sql(`insert into ${table} (name) values (?) returning id`, [name]);
    return { id: String(row.id), name };
  };
  const session = async ({ id }: Person): Promise<{ id: string }> => {
    const [row] = await server.sql(
      `insert into sessions (user_id, kind, expires_at) values (?, 'token', now() + interval '1 day') returning id`,
      [id],
    );
    return row;
  };
  const document: Objects['document'] = async (owner, { trashed = false, picture = false } = {}) => {
    const title = unique('document');
    const bytes = picture ? makePng({ widthPx: 8 + (counter += 1), grey: 90 }) : Buffer.from(`Contrat ${title}`);
    const body = new FormData();
    body.set('title', title);
    body.set('files', new Blob([new Uint8Array(bytes)]), picture ? `${title}.png` : `${title}.txt`);
    const { json, text } = await server.request('POST', '/kdocs/api/documents/upload', { token: owner.token, body });
    const id = json?.results?.[0]?.id;
    if (!id) throw new Error(`no document: ${text}`);
    // What upload makes of the name is its own affair; here the title must be unique.
    await server.sql(`update documents set title = ?${trashed ? ', deleted_at = now()' : ''} where id = ?`, [
      title,
      id,
    ]);
    return { id: String(id), title };
  };
  const credentials = credentialObjects(server, run);
  const banking = bankingObjects(server, run);
  const invoice: Objects['invoice'] = async (owner, { status = 'DRAFT' } = {}) => {
    const description = unique('prestation');
    const input = {
      customerId: String(owner.id),
      items: [{ description, quantity: 1, unitPrice: 10, vatRate: 20 }],
      status,
    };
    const { createInvoice } = await run(
      'mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }',
      { input },
      owner.token,
    );
    return { id: createInvoice.invoice.id, description };
  };
  return {
    invoice,
    received: async (owner) => {
      const { id: invoiceId } = await invoice(owner, { status: 'ISSUED' });
      const { id: accountId } = await banking.bankAccount(owner);
      const description = unique('VIR');
      const { createTransaction } = await run(
        'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
        { input: { accountId, amount: 12, description, transactionDate: '2026-02-02' } },
        owner.token,
      );
      return { transactionId: createTransaction.transaction.id, invoiceId, description };
    },
    reminder: async (owner) => {
      const { id: invoiceId } = await invoice(owner, { status: 'ISSUED' });
      const { remindInvoice } = await run(
        'mutation ($input: RemindInvoiceInput!) { remindInvoice(input: $input) { reminder { id } } }',
        { input: { id: invoiceId } },
        owner.token,
      );
      return { id: remindInvoice.reminder.id, invoiceId };
    },
    payment: async (owner, { amount = (500 + (counter += 1)) / 100 } = {}) => {
      const { id: invoiceId } = await invoice(owner, { status: 'ISSUED' });
      const input = { amount, paymentDate: '2026-02-02', allocations: [{ invoiceId }] };
      const { recordPayment } = await run(
        'mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id } } }',
        { input },
        owner.token,
      );
      return { id: recordPayment.payment.id, invoiceId, amount };
    },
    document,
    ...documentObjects(server, run, document),
    ...banking,
    ...fieldworkObjects(server),
    tag: () => named('tags'),
    correspondent: () => named('correspondents'),
    person: async ({ isActive = true } = {}) => {
      const person = await server.person();
      const [row] = await server.sql('update users set is_active = ? where id = ? returning uuid', [
        isActive,
        person.id,
      ]);
      return { ...person, uuid: row.uuid };
    },
    permission: async () => {
      const [{ id, name }] = await server.sql(
        "insert into permissions (resource, action) values (?, 'read') returning id, name",
        [unique('reports')],
      );
      return { id: String(id), name };
    },
    role: async ({ permission, holder } = {}) => {
      const name = unique('role');
      const [{ id }] = await server.sql('insert into roles (name) values (?) returning id', [name]);
      if (permission)
        await server.sql('insert into role_permissions select ?, id from permissions where name = ?', [id, permission]);
      if (holder) await server.sql('insert into role_assignments (user_id, role_id) values (?, ?)', [holder.id, id]);
      return { id: String(id), name };
    },
    documentType: async () => {
      const label = unique('type');
      const [row] = await server.sql('insert into document_types (code, label) values (?, ?) returning id', [
        label.toUpperCase(),
        label,
      ]);
      return { id: String(row.id), label };
    },
    session,
    refreshToken: async (owner) => {
      const token = `rft_${randomBytes(32).toString('base64url')}`;
      await server.sql(
        `insert into refresh_tokens (token_hash, session_id, expires_at) values (?, ?::uuid, now() + interval '1 day')`,
        [hashSecret(token), (await session(owner)).id],
      );
      return token;
    },
    ...credentials,
    webhook: async (owner) => {
      const name = unique('webhook');
      const { createWebhookEndpoint } = await run(
        `mutation ($input: CreateWebhookEndpointInput!) {
          createWebhookEndpoint(input: $input) { webhookEndpoint { id } } }`,
        { input: { name, url: 'https://webhook.invalid/', events: ['invoice.issued'] } },
        owner.token,
      );
      const { id } = createWebhookEndpoint.webhookEndpoint;
      const [delivery] = await server.sql(
        `insert into webhook_deliveries (endpoint_id, message_id, kind, event_position, event_type, resource, body,
                                         status, finished_at)
         values (?, '1', 'event', 1, 'invoice.issued', 'Invoice:1', ?, 'failed', now()) returning id`,
        [id, JSON.stringify({ id: '1', type: name, timestamp: '2026-02-03T10:00:00Z', data: {} })],
      );
      const [replay] = await server.sql(
        `insert into webhook_replays (endpoint_id, since, total, last_id, status, finished_at)
         values (?, now(), 0, 0, 'done', now()) returning id`,
        [id],
      );
      return { id, name, deliveryId: String(delivery.id), replayId: replay.id };
    },
    integration: async (owner) => {
      const [name, id] = [unique('integration'), randomUUID()];
      const seal = (value: string, purpose: string): string => server.services.sealer.seal(value, purpose);
      const [endpoint] = await server.sql(
        `insert into webhook_endpoints (owner_id, name, url, events, format, secret, is_managed)
         values (?, ?, 'https://integration.invalid/', '{*}', 'documented', 'sealed', true) returning id`,
        [owner.id, name],
      );
      await server.sql('update webhook_endpoints set secret = ? where id = ?', [
        seal('a-secret-of-the-matrix', `webhook:${endpoint.id}`),
        endpoint.id,
      ]);
      await server.sql(
        `insert into integrations (id, owner_id, kind, name, configuration, endpoint_id)
         values (?, ?, 'n8n', ?, ?, ?)`,
        [id, owner.id, name, seal('{"webhook_url":"https://integration.invalid/"}', `integration:${id}`), endpoint.id],
      );
      return { id, name };
    },
    alert: async () => {
      const subject = unique('Operation');
      const [{ id }] = (await server.sql(
        `insert into alerts (kind, subject_kind, subject_name, raised_at, value, threshold)
         values ('failure_rate', 'operation', ?, now(), 12.5, 5) returning id`,
        [subject],
      )) as [{ id: string }];
      await server.db.client.transaction((tx) =>
        emit(tx, { viewer: nobody, requestId: 'test', ip: undefined }, 'alert.raised', ['Alert', id], {
          kind: 'failure_rate',
          subjectKind: 'operation',
          subjectName: subject,
          adminIds: [],
          webhookName: null,
          value: 12.5,
          threshold: 5,
          requestCount: null,
        }),
      );
      return { id, subject };
    },
    task: () => task(server),
    taskRun: async () => {
      const [{ id: taskId }, line] = [await task(server), unique('ligne')];
      const [{ id }] = (await server.sql(
        `insert into task_runs (task_id, status, due_at, started_at, finished_at, log)
         values (?, 'success', now(), now(), now(), ?) returning id`,
        [taskId, JSON.stringify([{ at: '2026-02-03T10:00:00.000Z', level: 'info', message: line }])],
      )) as [{ id: number }];
      return { id: String(id), taskId, line };
    },
    ...pluginObjects(server),
    ingestFile: async () => {
      const name = `${unique('ingest')}.txt`;
      await writeIngestFile(name, `Texte de ${name}`);
      return name;
    },
  };
}

async function task(server: TestServer): Promise<{ id: string; name: string }> {
  const [id, name] = [unique('task'), unique('Tache')];
  await server.sql(
    `insert into tasks (id, name, type, run_at, action, next_run_at)
     values (?, ?, 'date', '2199-01-01', 'noop', '2199-01-01')`,
    [id, name],
  );
  await server.db.client.transaction((tx) =>
    emit(tx, { viewer: nobody, requestId: 'test', ip: undefined }, 'task.created', ['Task', id], {
      name,
      action: 'noop',
    }),
  );
  return { id, name };
}

export type Run = (query: string, variables: object, token: string) => Promise<any>;

function credentialObjects(
  server: TestServer,
  run: Run,
): Pick<
  Objects,
  | 'apiToken'
  | 'apiKey'
  | 'passkey'
  | 'device'
  | 'pendingSecondFactor'
  | 'secondFactor'
  | 'newCredential'
  | 'provenCredential'
> {
  /** A row of a table of credentials; `secret` goes to the column of its hash. */
  const kept = async (
    table: string,
    owner: Person,
    columns: Record<string, string>,
  ): Promise<{ id: string; name: string }> => {
    const name = unique(table);
    const given = Object.entries({ ...columns, ...(table !== 'known_devices' && { name }) });
    const [row] = await server.sql(
      `insert into ${table} (user_id, ${given.map(([column]) => column).join(', ')})
       values (?${', ?'.repeat(given.length)}) returning id`,
      [owner.id, ...given.map(([, value]) => value)],
    );
    return { id: String(row.id), name };
  };
  const hash = (): string => hashSecret(randomBytes(32).toString('base64url'));
  const pendingSecondFactor = async ({ token }: Person): Promise<string> => {
    const { setUpSecondFactor } = await run('mutation { setUpSecondFactor { secret } }', {}, token);
    return generate({ secret: setUpSecondFactor.secret });
  };
  const authenticatorFor = (): Authenticator => {
    const { id, origin } = relyingParty(server.services.config);
    return new Authenticator({ rpId: id, origin });
  };
  const create = async (authenticator: Authenticator, { token }: Person): Promise<object> => {
    const { beginPasskeyRegistration } = await run(
      'mutation { beginPasskeyRegistration(input: {}) { options } }',
      {},
      token,
    );
    return authenticator.create(beginPasskeyRegistration.options);
  };
  return {
    apiToken: (owner) => kept('api_tokens', owner, { prefix: 'apt_matrix', token_hash: hash() }),
    apiKey: (owner) => kept('api_keys', owner, { prefix: 'sk_matrix', key_hash: hash(), scopes: '{read}' }),
    passkey: (owner) => kept('passkeys', owner, { credential_id: hash(), public_key: 'AA' }),
    device: (owner) => kept('known_devices', owner, { token_hash: hash() }),
    pendingSecondFactor,
    secondFactor: async (owner) => {
      const code = await pendingSecondFactor(owner);
      await run(
        'mutation ($code: String!) { confirmSecondFactor(input: { code: $code }) { user { id } } }',
        { code },
        owner.token,
      );
    },
    newCredential: (owner) => create(authenticatorFor(), owner),
    provenCredential: async (owner) => {
      const authenticator = authenticatorFor();
      const credential = await create(authenticator, owner);
      const input = { credential, name: unique('passkey') };
      await run(
        `mutation ($input: CompletePasskeyRegistrationInput!) {
           completePasskeyRegistration(input: $input) { passkey { id } } }`,
        { input },
        owner.token,
      );
      const { beginPasskeyLogin } = await run(
        'mutation ($email: String) { beginPasskeyLogin(input: { email: $email }) { options } }',
        { email: owner.email },
        owner.token,
      );
      return authenticator.get(beginPasskeyLogin.options);
    },
  };
}
