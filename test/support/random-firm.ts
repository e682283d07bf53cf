import { hashSecret, type RequestCredential } from '../../src/modules/identity/sessions/resolve-viewer.js';
import type { TestServer } from './harness.js';
import { fillFieldwork } from './random-fieldwork.js';
import { fillWebhooks } from './random-webhooks.js';
import { Random } from './random.js';

/** Whoever asks. */
export interface Asker {
  name: string;
  credential: RequestCredential | undefined;
}

export interface Firm {
  askers: Asker[];
  /** Keys of rows whose key is no number, and of people. */
  uuids: string[];
}

type Row = Record<string, unknown>;

/** Texts that a writer of JSON or SQL could get wrong. */
export const nastyTexts = [
  'facture',
  'Échéance « été » œuvre',
  `l'eau "dite" claire`,
  'a\\b\\\\"c\\"',
  '\\',
  '"',
  "'; drop table users; --",
  'line\nbreak\r\n\ttab',
  '\u0001\u0008\u000c\u001f\u007f\u0080',
  '\u2028\u2029',
  '😀 👩‍👩‍👧 é',
  '\ufeffbom',
  '\uffff',
  '{"a":[1,null]}',
  '[]',
  '{}',
  '{a,b}',
  'null',
  'true',
  '<script>&amp;</script>',
  '${x} $1 ?',
  '%_\\%',
  ' ',
  'x'.repeat(300),
];

const moments = [
  '2026-01-01T00:00:00Z',
  '2026-02-28T23:59:59.999999Z',
  '2025-12-31T12:34:56.5Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-03-29T01:30:00+01:00',
  '1969-12-31T23:59:59.1Z',
];
const days = [
  '2026-01-01',
  '2024-02-29',
  '0001-01-01',
  '9999-12-31',
  '-infinity',
  'infinity',
  '12026-05-05',
  '0044-03-15 BC',
];
const amounts = ['0.00', '-0.01', '0.01', '99999999999.99', '-99999999999.99', '1234.50', '100.00', '1000000.10'];
const jsons: unknown[] = [
  {},
  { n: 1.5e300, z: -0, list: [], deep: [[{ a: null }]] },
  { '': '', 'a"b': '\u2028', __proto__x: 1 },
  { big: 12345678901234567000, small: 1e-7, t: true },
  { search: 'facture', tagIds: ['1', '2'], amountMin: 10.1 },
  Object.fromEntries([
    ['10', 1],
    ['2', 2],
    ['b', 3],
    ['a', 4],
  ]),
];
const currencies = ['EUR', 'USD', 'XXX'];
const matching = ['none', 'any', 'all', 'exact', 'regex', 'fuzzy', 'auto'];

/**
 * Fills a database with a firm whose values are awkward: every column that may be null is null somewhere. The same seed
 * gives the same rows, keys and moments included.
 */
export async function fillFirm({ sql, services }: TestServer, seed: number): Promise<Firm> {
  const random = new Random(seed);
  const { pick, chance } = { pick: random.pick.bind(random), chance: random.chance.bind(random) };
  const maybe = <T>(make: () => T, share = 0.6): T | null => (chance(share) ? make() : null);
  const text = (): string => pick(nastyTexts);
  const moment = (): string => pick(moments);
  const hex = (): string => Array.from({ length: 64 }, () => random.int(0, 15).toString(16)).join('');
  const times = (): Row => ({ created_at: moment(), updated_at: moment() });
  const rows = (count: number, make: (id: number) => Row): Row[] =>
    Array.from({ length: count }, (_, i) => ({ id: i + 1, ...make(i + 1) }));
  const insert = async (table: string, made: readonly Row[]): Promise<void> => {
    const columns = Object.keys(made[0] as Row).join(', ');
    await sql(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, ?::json)`,
      [JSON.stringify(made)],
    );
  };
  const pairs = (left: number, right: number, share: number): [number, number][] =>
    Array.from({ length: left * right }, (_, i): [number, number] => [1 + (i % left), 1 + Math.floor(i / left)]).filter(
      () => chance(share),
    );

  // The administrator that the test server made is number 1.
  const people = 12;
  await sql(`update users set uuid = ?, created_at = ?, updated_at = ? where id = 1`, [
    random.uuid(),
    moment(),
    moment(),
  ]);
  await sql(`update role_assignments set created_at = ?, updated_at = ?`, [moment(), moment()]);
  await sql(`delete from sessions`);
  await insert(
    'users',
    rows(people, (id) => {
      const consent = maybe(moment);
      return {
        uuid: random.uuid(),
        username: `${pick(['u', 'Ü', "o'"])}${id}`,
        email: `${pick(['a', 'É', 'q"'])}${id}@example.org`,
        first_name: pick(['', text()]),
        last_name: pick(['', text()]),
        phone: maybe(text),
        street: maybe(text),
        city: maybe(text),
        postal_code: maybe(text),
        country: maybe(text),
        password_hash: null,
        is_active: id < 11,
        last_login_at: maybe(moment),
        erased_at: id === 12 ? moment() : null,
        consented_at: consent,
        consent_version: consent && text(),
        ...times(),
      };
    }).slice(1),
  );
  const roleRows: { id: number; name: string }[] = await sql('select id, name from roles order by id');
  const role = (name: string): number => roleRows.find((r) => r.name === name)?.id as number;
  for (const table of ['roles', 'permissions', 'document_types', 'approval_rules']) {
    await sql(`update ${table} set created_at = ?${table === 'permissions' ? '' : ', updated_at = created_at'}`, [
      moment(),
    ]);
  }
  await sql(`update roles set description = ? where id = ?`, [text(), role('lecteur')]);
  const held: [number, string][] = [
    [2, 'user'],
    [3, 'user'],
    [3, 'manager'],
    [4, 'lecteur'],
    [4, 'VALIDATOR_L1'],
    [5, 'moderator'],
    [5, 'APPROVER'],
    [6, 'VALIDATOR_L2'],
    [7, 'consultant'],
    [8, 'user'],
    [8, 'admin'],
    [9, 'technicien'],
  ];
  await insert(
    'role_assignments',
    held.map(([user_id, name], i) => ({
      id: 100 + i,
      user_id,
      role_id: role(name),
      scope: pick(['*', '*', 'FACTURE']),
      max_amount: maybe(() => pick(['0.00', '99999999999.99'])),
      currency: maybe(() => pick(currencies)),
      valid_from: maybe(() => '2020-01-01', 0.3),
      valid_to: maybe(() => '2099-12-31', 0.3),
      assigned_by_id: maybe(() => random.int(1, people)),
      ...times(),
    })),
  );

  await insert(
    'correspondents',
    rows(6, (id) => ({
      name: `${text()} ${id}`,
      match: pick(['', text()]),
      matching_algorithm: pick(matching),
      ...times(),
    })),
  );
  await insert(
    'tags',
    rows(8, (id) => ({
      name: `${text()} ${id}`,
      color: pick(['#000000', '#AbCdEf']),
      match: pick(['', text()]),
      matching_algorithm: pick(matching),
      parent_id: id > 1 ? maybe(() => random.int(1, id - 1)) : null,
      ...times(),
    })),
  );
  const documents = 40;
  await insert(
    'documents',
    rows(documents, (id) => ({
      title: text(),
      filename: text(),
      original_filename: text(),
      content_key: `k${id}`,
      content_hash: hex(),
      file_size: pick(['1', '9007199254740991', '2147483648']),
      mime_type: pick(['application/pdf', 'text/plain']),
      page_count: maybe(() => random.int(0, 2_000_000)),
      content: pick(['', text()]),
      text_status: pick([
        'extracted',
        'empty',
        'failed',
        'unsupported',
        'pending',
        'recognised',
        'recognition_unavailable',
      ]),
      document_type_id: maybe(() => random.int(1, 5)),
      correspondent_id: maybe(() => random.int(1, 6)),
      owner_id: random.int(1, people),
      document_date: maybe(() => pick(days)),
      amount: maybe(() => pick(amounts)),
      currency: maybe(() => pick(currencies)),
      asn: maybe(() => id * 50_000_000),
      deleted_at: maybe(moment, 0.15),
      version: random.int(1, 3),
      ...times(),
    })),
  );
  await insert(
    'document_tags',
    pairs(documents, 8, 0.25).map(([document_id, tag_id]) => ({ document_id, tag_id })),
  );
  await insert(
    'document_shares',
    pairs(documents, people, 0.08).map(([document_id, user_id]) => ({ document_id, user_id })),
  );
  await insert(
    'document_versions',
    pairs(documents, 3, 0.3).map(([document_id, number], i) => ({
      id: i + 1,
      document_id,
      number,
      filename: text(),
      original_filename: text(),
      content_key: 'k',
      content_hash: hex(),
      file_size: random.int(1, 2 ** 31),
      mime_type: text(),
      page_count: maybe(() => 1),
      content: text(),
      text_status: pick(['extracted', 'empty', 'unsupported', 'failed']),
      replaced_by_id: random.int(1, people),
      replaced_at: moment(),
    })),
  );
  const kinds = ['text', 'integer', 'decimal', 'date', 'boolean', 'url', 'choice'];
  await insert(
    'custom_fields',
    rows(kinds.length, (id) => ({
      name: `${text()} ${id}`,
      kind: kinds[id - 1],
      choices: kinds[id - 1] === 'choice' ? nastyTexts : [],
      document_type_id: maybe(() => random.int(1, 5)),
      is_required: chance(0.5),
      ...times(),
    })),
  );
  const valueOf: Record<string, () => string> = {
    text,
    choice: text,
    integer: () => pick(['0', '-1', '999999999999']),
    decimal: () => pick(['0.000001', '-12.5', '0']),
    date: () => pick(['2026-02-03', '0001-01-01']),
    boolean: () => pick(['true', 'false']),
    url: () => 'https://example.org/?a="b"',
  };
  await insert(
    'document_field_values',
    pairs(documents, kinds.length, 0.25).map(([document_id, field_id], i) => {
      const kind = kinds[field_id - 1] as string;
      const value = (valueOf[kind] as () => string)();
      const only = (...of: string[]): string | null => (of.includes(kind) ? value : null);
      return {
        id: i + 1,
        document_id,
        field_id,
        kind,
        value,
        number_value: only('integer', 'decimal'),
        date_value: only('date'),
        boolean_value: only('boolean'),
      };
    }),
  );
  await insert(
    'saved_views',
    rows(10, (id) => ({
      owner_id: random.int(1, people),
      name: `${text()} ${id}`,
      filter: jsons[id % jsons.length],
      order_by: pick(['CREATED_AT_DESC', 'ID_ASC', 'TITLE_ASC', 'NO_SUCH_ORDER']),
      is_shared: chance(0.5),
      ...times(),
    })),
  );
  await insert(
    'share_links',
    rows(12, () => ({
      document_id: random.int(1, documents),
      token_hash: hex(),
      prefix: 'lnk_abcdef',
      password_hash: maybe(() => 'none', 0.3),
      expires_at: maybe(moment),
      max_downloads: maybe(() => 2147483647),
      downloads: random.int(0, 1),
      created_by_id: random.int(1, people),
      created_at: moment(),
      last_used_at: maybe(moment),
      revoked_at: maybe(moment),
    })),
  );

  await insert(
    'invoices',
    rows(15, (id) => {
      const isDraft = chance(0.4);
      const [net, tax] = pick([
        ['0.00', '0.00'],
        ['0.01', '0.00'],
        ['999999999.99', '0.01'],
        ['100.00', '20.00'],
      ] as const);
      const status = isDraft ? 'draft' : pick(['issued', 'paid', 'overdue', 'cancelled']);
      const total = (Number(net) + Number(tax)).toFixed(2);
      return {
        number: isDraft ? null : `F2026-${String(id).padStart(5, '0')}`,
        series: 'F',
        customer_id: random.int(1, people),
        created_by_id: random.int(1, people),
        status,
        currency: pick(currencies),
        total_excluding_tax: net,
        total_tax: tax,
        total,
        amount_paid: status === 'paid' ? total : '0.00',
        issued_at: isDraft ? null : moment(),
        due_at: maybe(() => pick(days)),
        paid_at: maybe(moment),
        document_id: maybe(() => id),
        buyer: maybe(() => ({ name: text() })),
        ...times(),
      };
    }),
  );
  await insert(
    'invoice_lines',
    pairs(15, 4, 0.4).map(([invoice_id, position], i) => ({
      id: i + 1,
      invoice_id,
      position,
      description: text(),
      quantity: pick(['0.001', '-1.000', '99999999999.999']),
      unit_price: pick(['0.0000', '0.0001', '9999999999.9999']),
      vat_rate: pick(['0.00', '5.50', '100.00']),
      total: pick(amounts),
    })),
  );

  const accounts = 10;
  const ownerOf = (id: number): number => 1 + (id % people);
  await insert(
    'bank_accounts',
    rows(accounts, (id) => ({
      owner_id: ownerOf(id),
      name: text(),
      account_type_id: pick([1, 4, 5]),
      currency: pick(currencies),
      opening_balance: '0.00',
      balance: '0.00',
      ...times(),
    })),
  );
  await insert(
    'account_shares',
    pairs(accounts, people, 0.2)
      .filter(([id, user]) => ownerOf(id) !== user)
      .map(([account_id, user_id], i) => ({
        id: i + 1,
        account_id,
        user_id,
        permission: pick(['read', 'write']),
        created_at: moment(),
      })),
  );
  await insert(
    'categories',
    Array.from({ length: 12 }, (_, i) => ({
      id: 100 + i,
      owner_id: random.int(1, people),
      name: `${text()} ${i}`,
      color: pick(['#000000', '#ABCDEF']),
      icon: text(),
      type: pick(['income', 'expense']),
      created_at: moment(),
    })),
  );
  await insert(
    'transactions',
    rows(80, () => {
      const account_id = random.int(1, accounts);
      return {
        account_id,
        owner_id: ownerOf(account_id),
        category_id: maybe(() => pick([3, random.int(100, 111)])),
        amount: pick(['0.00', '-0.01', '1234.50', '-99999999.99', '99999999.99']),
        description: text(),
        transaction_date: pick(['2026-01-01', '2024-02-29', '1900-01-01', '2199-12-31']),
        labels: chance(0.5) ? [text(), text()] : [],
        notes: pick(['', text()]),
        created_by_id: maybe(() => random.int(1, people)),
        ...times(),
      };
    }),
  );
  // In one statement: at its end the parts must be the amount.
  await sql(
    `with parts as (
       insert into transaction_splits (transaction_id, position, category_id, amount, description)
       select t.id, n, case when n = 1 then 100 + t.id % 12 end, -n, ?
         from transactions t, generate_series(1, 2) n where t.id % 8 = 0
       returning transaction_id)
     update transactions set is_split = true, category_id = null, amount = -3
      where id in (select transaction_id from parts)`,
    [text()],
  );
  // The triggers of the balances note the time of day.
  await sql('update bank_accounts set updated_at = created_at');

  await insert(
    'approval_rules',
    Array.from({ length: 5 }, (_, i) => ({
      id: 50 + i,
      document_type_id: maybe(() => random.int(1, 5)),
      min_amount: maybe(() => '0.01'),
      below_amount: maybe(() => '99999999999.99'),
      currency: maybe(() => pick(currencies)),
      level: maybe(() => random.int(1, 4)),
      hours: random.int(1, 8760),
      starts_on_creation: chance(0.5),
      is_active: chance(0.7),
      ...times(),
    })),
  );
  const approvals = rows(25, () => {
    const status = pick(['pending', 'pending', 'approved', 'rejected', 'na']);
    const isPending = status === 'pending';
    return {
      status,
      rule_id: maybe(() => random.int(50, 54)),
      level: maybe(() => random.int(1, 4)),
      amount: maybe(() => pick(amounts)),
      currency: maybe(() => pick(currencies)),
      document_type_id: maybe(() => random.int(1, 5)),
      content_hash: hex(),
      submitted_by_id: maybe(() => random.int(1, people)),
      submitted_at: moment(),
      changed_by_id: maybe(() => random.int(1, people), 0.2),
      deadline: isPending ? moment() : maybe(moment),
      final_notice_at: maybe(moment),
      decided_by_id: isPending ? null : maybe(() => random.int(1, people)),
      decided_role: isPending ? null : maybe(text),
      decided_at: isPending ? null : moment(),
      comment: status === 'rejected' ? text() : maybe(text),
    };
  });
  await insert('approvals', approvals);
  const states = ['pending', 'approved', 'rejected', 'na'];
  await insert(
    'approval_history',
    rows(60, () => ({
      approval_id: random.int(1, 25),
      action: pick(['submitted', 'approved', 'rejected', 'reopened', 'escalated', 'commented', 'withdrawn']),
      from_status: maybe(() => pick(states)),
      to_status: pick(states),
      level: maybe(() => random.int(1, 9)),
      performed_by_id: maybe(() => random.int(1, people)),
      role: maybe(text),
      comment: maybe(text),
      created_at: moment(),
    })),
  );
  await insert(
    'approval_delegations',
    rows(10, (id) => ({
      from_id: 1 + (id % people),
      to_id: 1 + ((id + random.int(1, 9)) % people),
      valid_from: pick(['2020-01-01', '-infinity']),
      valid_to: pick(['2099-12-31', 'infinity', '2020-01-02']),
      created_at: moment(),
      revoked_at: maybe(moment, 0.3),
    })),
  );

  await insert(
    'notifications',
    rows(50, (id) => ({
      user_id: random.int(1, people),
      type: pick([
        'validation_pending',
        'validation_approved',
        'validation_rejected',
        'task_completed',
        'document_shared',
        'recurrence_posted',
        'webhook_disabled',
        'alert',
        'system',
      ]),
      priority: pick(['urgent', 'high', 'normal', 'low']),
      title: text(),
      message: pick(['', text()]),
      link: maybe(() => '/x?a="b"&c=\\'),
      read_at: maybe(moment),
      event_position: id,
      actor_id: maybe(() => random.int(1, people)),
      mailed_at: maybe(moment),
      created_at: moment(),
    })),
  );
  await insert(
    'ingests',
    rows(20, (id) => {
      const status = pick(['waiting', 'running', 'done', 'duplicate', 'refused']);
      const total = maybe(() => random.int(1, 9));
      return {
        kind: 'upload',
        name: text(),
        status,
        step: pick(['received', 'type', 'text', 'recognition', 'filed']),
        done: 0,
        total,
        owner_id: random.int(1, people),
        document_id: maybe(() => id),
        size_bytes: maybe(() => pick(['0', '9007199254740991'])),
        content_hash: maybe(hex),
        file_identity: null,
        error: status === 'refused' ? text() : maybe(text),
        attempts: random.int(1, 3),
        claim: random.uuid(),
        lease_until: '2099-01-01T00:00:00Z',
        process: 'p',
        created_at: moment(),
        started_at: maybe(moment),
        finished_at: ['done', 'duplicate', 'refused'].includes(status) ? moment() : null,
      };
    }),
  );
  await insert(
    'events',
    Array.from({ length: 60 }, (_, i) => {
      const type = pick(['user.login', 'user.login_failed', 'role.created', 'permission.created', 'session.revoked']);
      const subject = type.split('.')[0] as string;
      return {
        id: 1000 + i,
        position: i < 50 ? i + 1 : 9_007_199_254_740_000 + i * 7,
        type,
        subject_type: `${subject[0]?.toUpperCase()}${subject.slice(1)}`,
        subject_id: subject === 'session' ? random.uuid() : pick(['', String(random.int(1, people))]),
        actor_id: maybe(() => random.int(1, people)),
        request_id: maybe(() => `req_${i}`),
        ip: maybe(() => '203.0.113.7'),
        data: { ...(pick(jsons) as object), ...(subject === 'session' && { userId: random.int(1, people) }) },
        occurred_at: moment(),
      };
    }),
  );

  const fieldwork = await fillFieldwork({ random, insert, text, moment, people });
  await sql(
    `update invoices set client_id = (select id from clients order by id offset invoices.id % 8 limit 1) where id % 3 = 0`,
  );
  await fillWebhooks({ random, insert, text, moment, people });

  const askers: Asker[] = [{ name: 'nobody', credential: undefined }];
  const sessions: Row[] = [];
  for (let user_id = 1; user_id <= 9; user_id += 1) {
    const id = random.uuid();
    sessions.push({
      id,
      user_id,
      kind: 'token',
      ip: maybe(() => '203.0.113.8'),
      user_agent: maybe(text),
      created_at: moment(),
      last_used_at: services.now().toISOString(),
      expires_at: '2099-01-01T00:00:00Z',
    });
    askers.push({
      name: `person ${user_id}`,
      credential: { bearer: services.accessTokens.sign(user_id, id, services.now()) },
    });
  }
  await insert('sessions', sessions);
  const used = { last_used_at: services.now().toISOString() };
  const secrets = (
    [
      ['read', [1, 3, 5]],
      ['write', [1, 2]],
      ['read,write', [2, 4]],
    ] as const
  ).flatMap(([scopes, users]) => users.map((user_id) => ({ scopes: scopes.split(','), user_id })));
  await insert(
    'api_tokens',
    secrets.map(({ scopes, user_id }, i) => {
      const secret = `apt_${'t'.repeat(30)}${i}`;
      askers.push({ name: `API token (${scopes.join(' ')}) of person ${user_id}`, credential: { bearer: secret } });
      return {
        id: i + 1,
        user_id,
        name: text(),
        prefix: 'apt_tttttt',
        token_hash: hashSecret(secret),
        scopes,
        created_at: moment(),
        expires_at: maybe(() => '2099-01-01T00:00:00Z'),
        ...used,
      };
    }),
  );
  const keys = secrets.map(({ scopes, user_id }, i) => {
    const secret = `sk_${'k'.repeat(30)}${i}`;
    askers.push({ name: `API key (${scopes.join(' ')}) of person ${user_id}`, credential: { bearer: secret } });
    return {
      id: random.uuid(),
      user_id,
      name: text(),
      description: pick(['', text()]),
      prefix: 'sk_kkkkkkk',
      key_hash: hashSecret(secret),
      scopes,
      expires_at: maybe(() => '2099-01-01T00:00:00Z'),
      ...used,
      ...times(),
    };
  });
  await insert('api_keys', keys);
  await insert(
    'passkeys',
    rows(6, (id) => ({
      user_id: random.int(1, people),
      credential_id: `c${id}`,
      public_key: 'p',
      counter: pick([0, 5]),
      transports: pick([[], ['usb', 'internal']]),
      name: text(),
      is_backed_up: chance(0.5),
      created_at: moment(),
      last_used_at: maybe(moment),
    })),
  );
  const integrations = Array.from({ length: 20 }, (_, i) => {
    const id = random.uuid();
    const kind = pick(['zapier', 'n8n', 'custom', 'salesforce', 'hubspot', 'mailchimp', 'mqtt']);
    return {
      id,
      owner_id: random.int(1, people),
      kind,
      name: text(),
      description: pick(['', text()]),
      configuration: services.sealer.seal(JSON.stringify({ note: text(), api_key: text() }), `integration:${id}`),
      endpoint_id: ['zapier', 'n8n', 'custom'].includes(kind) ? i + 1 : null,
      last_sync_at: maybe(moment),
      sync_count: pick([0, 7]),
      ...times(),
    };
  });
  await insert('integrations', integrations);
  const alerts = Array.from({ length: 20 }, (_, i) => {
    const ended = maybe(() => ({ ended_at: moment(), end_reason: pick(['recovered', 'quiet', 'deleted']) }));
    return {
      id: random.uuid(),
      kind: pick(['slow_responses', 'failure_rate', 'webhook_failures']),
      subject_kind: pick(['server', 'route', 'operation', 'webhook']),
      subject_name: `${text()}${i}`,
      raised_at: moment(),
      value: pick(['2.001', '100', '999999999.999']),
      threshold: pick(['2', '5', '3']),
      request_count: maybe(() => pick([20, 2_147_483_647])),
      delivery_id: maybe(() => i + 1),
      ended_at: ended?.ended_at ?? null,
      end_reason: ended?.end_reason ?? null,
      end_value: ended && maybe(() => '0.000'),
    };
  });
  await insert('alerts', alerts);
  await sql('analyze');
  const users: { uuid: string }[] = await sql('select uuid from users order by id');
  return {
    askers,
    uuids: [
      ...users.map(({ uuid }) => uuid),
      ...[...keys, ...integrations, ...alerts].map(({ id }) => id),
      ...fieldwork,
    ],
  };
}
