/**
 * What the hand-written peers share: the viewer from two trusted headers, the rules of visibility as the product's read models
 * have them, the schema and the SQL.
 */
import pg from 'pg';

export const port = Number(process.env.PORT);
export const databaseUrl = process.env.DATABASE_URL;
export const poolSize = Number(process.env.POOL_SIZE);

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export const newPool = () => new pg.Pool({ connectionString: databaseUrl, max: poolSize, idleTimeoutMillis: 0 });

export const viewerOf = (headers) => ({
  userId: Number(headers['x-user-id']),
  readsAll: headers['x-reads-all'] === '1',
});

/** Conditions on a document `d` and a person `u`; `$1` is the viewer. */
export const seesDocument = ({ readsAll }) =>
  readsAll
    ? 'd.deleted_at is null and $1::int is not null'
    : 'd.deleted_at is null and (d.owner_id = $1::int or d.id = any (array(select s.document_id from document_shares s where s.user_id = $1::int)))';
export const seesPerson = ({ readsAll }) =>
  readsAll
    ? '$1::int is not null'
    : `(u.id = $1::int or exists (select from document_shares s join documents o on o.id = s.document_id
        where (o.owner_id = $1::int and s.user_id = u.id) or (s.user_id = $1::int and o.owner_id = u.id)))`;

export const typeDefs = /* GraphQL */ `
  type Query {
    documents(first: Int!, orderBy: DocumentOrder! = CREATED_AT_DESC, filter: DocumentFilter): DocumentConnection!
    document(id: ID!): Document
    transactions(first: Int!, filter: TransactionFilter): TransactionConnection!
  }
  type Mutation {
    updateDocument(input: UpdateDocumentInput!): DocumentPayload!
    createTransaction(input: CreateTransactionInput!): TransactionPayload!
  }
  input TransactionFilter {
    accountId: ID
  }
  input CreateTransactionInput {
    accountId: ID!
    categoryId: ID
    amount: Float!
    description: String!
    transactionDate: String!
  }
  type TransactionPayload {
    transaction: Transaction!
  }
  enum DocumentOrder {
    CREATED_AT_DESC
    DOCUMENT_DATE_DESC
  }
  input DocumentFilter {
    typeId: ID
    correspondentId: ID
  }
  input UpdateDocumentInput {
    id: ID!
    title: String!
    documentDate: String!
  }
  type DocumentPayload {
    document: Document!
  }
  type DocumentConnection {
    nodes: [Document!]!
    totalCount: Int!
  }
  type Document {
    id: ID!
    title: String!
    filename: String!
    mimeType: String!
    sizeBytes: Float!
    documentDate: String
    amount: Float
    currency: String
    createdAt: String!
    correspondent: Correspondent
    type: DocumentType
    tags: [Tag!]!
    approval: Approval
  }
  type TransactionConnection {
    nodes: [Transaction!]!
    totalCount: Int!
  }
  type Transaction {
    id: ID!
    description: String!
    amount: Float!
    transactionDate: String!
    runningBalance: Float!
    account: BankAccount!
    category: Category
  }
  type BankAccount {
    id: ID!
    name: String!
  }
  type Category {
    id: ID!
    name: String!
    color: String!
  }
  type Correspondent {
    id: ID!
    name: String!
  }
  type DocumentType {
    id: ID!
    code: String!
    label: String!
  }
  type Tag {
    id: ID!
    name: String!
    color: String!
  }
  type Approval {
    id: ID!
    status: String!
    level: Int
    submittedAt: String!
    decidedAt: String
    history: [ApprovalStep!]!
  }
  type ApprovalStep {
    id: ID!
    action: String!
    createdAt: String!
    performedBy: User
  }
  type User {
    id: ID!
    fullName: String!
  }
`;

export const documentColumns = `d.id, d.title, d.filename, d.mime_type as "mimeType", d.file_size as "sizeBytes", d.document_date as "documentDate", d.amount, d.currency,
  d.created_at as "createdAt", d.correspondent_id, d.document_type_id`;
export const approvalColumns = `a.id, upper(a.status) as status, a.level, a.submitted_at as "submittedAt", a.decided_at as "decidedAt"`;

/** Condition and parameters of a list, the viewer first. */
export function listCondition(viewer, filter) {
  const parameters = [viewer.userId];
  const given = Object.entries({ document_type_id: filter?.typeId, correspondent_id: filter?.correspondentId }).filter(
    ([, value]) => value != null,
  );
  const conditions = given.map(([column, value]) => `d.${column} = $${parameters.push(value)}`);
  return { where: [seesDocument(viewer), ...conditions].join(' and '), parameters };
}

export const orderOf = (orderBy) =>
  orderBy === 'DOCUMENT_DATE_DESC'
    ? `coalesce(d.document_date, '-infinity') desc, d.id desc`
    : 'd.created_at desc, d.id desc';

/** The same columns as the product's event log, without its relay. */
const insertEvent =
  'insert into bench.events (type, subject_type, subject_id, actor_id, data) values ($1, $2, $3, $4, $5)';
const noteEvent = (client, ...values) => client.query({ name: 'event', text: insertEvent, values });

/** Resolves with what `work` resolves with, all or nothing. */
async function inTransaction(pool, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Changes a document of the viewer's own, with its event. Throws for one of somebody else. */
export const changeDocument = (pool, viewer, { id, title, documentDate }) =>
  inTransaction(pool, async (client) => {
    const {
      rows: [found],
    } = await client.query({
      name: `lock-${viewer.readsAll}`,
      text: `select d.owner_id from documents d where d.id = $2 and ${seesDocument(viewer)} for update`,
      values: [viewer.userId, id],
    });
    if (found?.owner_id !== viewer.userId) throw new Error('Only the owner may change it');
    await client.query({
      name: 'update',
      text: 'update documents set title = $2, document_date = $3, updated_at = now() where id = $1',
      values: [id, title, documentDate],
    });
    await noteEvent(client, 'document.updated', 'Document', id, viewer.userId, {
      title,
      fields: ['title', 'documentDate'],
    });
  });

/**
 * Writes a transaction into an account of the viewer's own, with its event; the product's triggers move the balance. Resolves with
 * its id. Throws for an account of somebody else.
 */
export const postTransaction = (pool, { userId }, { accountId, categoryId, amount, description, transactionDate }) =>
  inTransaction(pool, async (client) => {
    const { rowCount } = await client.query({
      name: 'lock-account',
      text: 'select from bank_accounts where id = $1 and owner_id = $2 for update',
      values: [accountId, userId],
    });
    if (!rowCount) throw new Error('No account of yours');
    const {
      rows: [{ id }],
    } = await client.query({
      name: 'insert-transaction',
      text: `insert into transactions (account_id, owner_id, category_id, amount, description, transaction_date, created_by_id)
        values ($1, $2, $3, $4, $5, $6, $2) returning id`,
      values: [accountId, userId, categoryId, amount, description, transactionDate],
    });
    await noteEvent(client, 'transaction.created', 'Transaction', id, userId, {
      bankAccountId: accountId,
      ownerId: userId,
    });
    return id;
  });

const nested = `d.id, d.title, d.filename, d.mime_type as "mimeType", d.file_size as "sizeBytes", d.document_date as "documentDate", d.amount, d.currency, d.created_at as "createdAt",
  (select row_to_json(x) from (select c.id, c.name) x where c.id is not null) as correspondent,
  (select row_to_json(x) from (select t.id, t.code, t.label) x where t.id is not null) as type,
  coalesce((select json_agg(x) from (select g.id, g.name, g.color from document_tags dt join tags g on g.id = dt.tag_id where dt.document_id = d.id order by g.id) x), '[]') as tags`;
const approval = (
  viewer,
) => `(select row_to_json(x) from (select a.id, upper(a.status) as status, a.level, a.submitted_at as "submittedAt", a.decided_at as "decidedAt",
    (select json_agg(y) from (select h.id, upper(h.action) as action, h.created_at as "createdAt",
       (select row_to_json(z) from (select u.id, u.full_name as "fullName" from users u where u.id = h.performed_by_id and ${seesPerson(viewer)}) z) as "performedBy"
       from approval_history h where h.approval_id = a.id order by h.id desc) y) as history
    from approvals a where a.id = d.id) x) as approval`;
const labels =
  'left join correspondents c on c.id = d.correspondent_id left join document_types t on t.id = d.document_type_id';

/** A page, or a count with it, or one document, as one statement that answers JSON. */
export const jsonOfList = (
  viewer,
  { where, order, count, first },
) => `select json_build_object('nodes', coalesce((select json_agg(r) from (
    select ${nested}, ${approval(viewer)} from (select * from documents d where ${where} order by ${order} limit ${first}) d ${labels} order by ${order}) r), '[]')
    ${count ? `, 'totalCount', (select count(*) from documents d where ${where})` : ''}) as json`;
export const jsonOfOne = (viewer) =>
  `select row_to_json(r) as json from (select ${nested}, ${approval(viewer)} from documents d ${labels} where d.id = $2 and ${seesDocument(viewer)}) r`;

const kdocs = `d.id, d.title, d.filename, d.original_filename, '/documents/' || d.filename as file_path, d.file_size, d.mime_type, d.document_type_id, t.label as document_type_label, d.correspondent_id,
  c.name as correspondent_name, d.document_date, d.amount, d.currency, to_char(d.created_at, 'YYYY-MM-DD HH24:MI:SS') as created_at, to_char(d.updated_at, 'YYYY-MM-DD HH24:MI:SS') as updated_at, d.asn`;
/** The two routes of K-Docs as its contract has them. */
export const kdocsList = (
  viewer,
) => `select json_build_object('success', true, 'data', coalesce((select json_agg(r) from (
    select ${kdocs} from (select * from documents d where ${seesDocument(viewer)} order by d.created_at desc, d.id desc limit 20) d ${labels} order by d.created_at desc, d.id desc) r), '[]'),
  'pagination', (select json_build_object('page', 1, 'per_page', 20, 'total', n, 'total_pages', ceil(n / 20.0)) from (select count(*) as n from documents d where ${seesDocument(viewer)}) x)) as json`;
export const kdocsOne = (
  viewer,
) => `select json_build_object('success', true, 'data', row_to_json(r)) as json from (select ${kdocs},
    coalesce((select json_agg(x) from (select g.id, g.name, g.color from document_tags dt join tags g on g.id = dt.tag_id where dt.document_id = d.id order by g.id) x), '[]') as tags
  from documents d ${labels} where d.id = $2 and ${seesDocument(viewer)}) r`;

/** A correspondent as K-Docs has it; all who are signed in see all. */
const kdocsCorrespondent = `select json_build_object('success', true, 'data', row_to_json(r)) as json from (
  select c.id, c.name, c.match, c.matching_algorithm, to_char(c.created_at, 'YYYY-MM-DD HH24:MI:SS') as created_at, to_char(c.updated_at, 'YYYY-MM-DD HH24:MI:SS') as updated_at
  from correspondents c where c.id = $2 and $1::int is not null) r`;

/** Condition on a transaction `t`; `$1` is the viewer. */
export const seesTransaction =
  '(t.owner_id = $1::int or t.account_id = any (array(select s.account_id from account_shares s where s.user_id = $1::int)))';
export const transactionColumns =
  't.id, t.description, t.amount, t.transaction_date as "transactionDate", t.account_id, t.category_id';
const newest = 't.transaction_date desc, t.id desc';
export const newestTransactions = (first) =>
  `select ${transactionColumns} from transactions t where ${seesTransaction} order by ${newest} limit ${first}`;

/** Those of the account `$2` with its balance after each: that of now less all that came later. */
export const transactionsOfAccount = (first) => `
  select t.*, a.balance - coalesce(sum(t.amount) over (order by t."transactionDate" desc, t.id desc
      rows between unbounded preceding and 1 preceding), 0) as "runningBalance"
  from (select ${transactionColumns} from transactions t where ${seesTransaction} and t.account_id = $2 order by ${newest} limit ${first}) t
  join bank_accounts a on a.id = t.account_id order by t."transactionDate" desc, t.id desc`;
export const countOfAccount = `select count(*) as n from transactions t where ${seesTransaction} and t.account_id = $2`;

const categoryOf = `case when c.id is not null then json_build_object('id', c.id, 'name', c.name, 'color', c.color) end as category`;
const accountList = `select json_build_object('nodes', coalesce(json_agg(r), '[]'), 'totalCount', (${countOfAccount})) as json from (
  select t.id, t.description, t.amount, t."transactionDate", t."runningBalance", ${categoryOf}
  from (${transactionsOfAccount(50)}) t left join categories c on c.id = t.category_id
  order by t."transactionDate" desc, t.id desc) r`;
const transactionOne = `select json_build_object('id', t.id, 'description', t.description, 'amount', t.amount, 'transactionDate', t.transaction_date,
    'account', json_build_object('id', a.id, 'name', a.name),
    'category', case when c.id is not null then json_build_object('id', c.id, 'name', c.name, 'color', c.color) end) as json
  from transactions t join bank_accounts a on a.id = t.account_id left join categories c on c.id = t.category_id
  where t.id = $2 and ${seesTransaction}`;

const transactionList = `select json_build_object('nodes', coalesce(json_agg(r), '[]')) as json from (
  select t.id, t.description, t.amount, t."transactionDate", json_build_object('id', a.id, 'name', a.name) as account, ${categoryOf}
  from (${newestTransactions(50)}) t join bank_accounts a on a.id = t.account_id left join categories c on c.id = t.category_id
  order by t."transactionDate" desc, t.id desc) r`;

const ownAccounts = `array(select id from bank_accounts where owner_id = $1::int and currency = 'EUR')`;
/** The overview of Budget as its contract has it, in euros; today is that of Paris. */
const overview = `with today as (select (now() at time zone 'Europe/Paris')::date as day),
  period as (select date_trunc('year', day)::date as first, (date_trunc('year', day) + interval '1 year')::date - 1 as last from today),
  parts as (
    select t.category_id, greatest(t.amount, 0) as income, least(t.amount, 0) as expense, 1 as counted from transactions t, period
    where t.account_id = any (${ownAccounts}) and t.transaction_date between first and last and not t.is_split and t.transfer_id is null
    union all
    select p.category_id, greatest(p.amount, 0), least(p.amount, 0), (p.position = 1)::int
    from transactions t join transaction_splits p on p.transaction_id = t.id, period
    where t.account_id = any (${ownAccounts}) and t.transaction_date between first and last and t.is_split and t.transfer_id is null),
  by_category as materialized (
    select category_id, sum(income) as income, sum(expense) as expense, sum(counted) as counted from parts group by category_id),
  total as (select coalesce(sum(income), 0) as income, coalesce(sum(expense), 0) as expense, coalesce(sum(counted), 0) as counted from by_category)
select json_build_object(
  'total_balance', (select coalesce(sum(balance), 0) from bank_accounts where id = any (${ownAccounts})),
  'accounts_count', cardinality(${ownAccounts}),
  'budgets', (select json_build_object('active_count', count(*), 'total_target', coalesce(sum(target_amount), 0), 'total_saved', coalesce(sum(current_amount), 0),
      'average_progress', coalesce(round(100 * sum(current_amount) / sum(target_amount), 1), 0)) from budgets, today where owner_id = $1::int and target_date >= day),
  'current_period', json_build_object('period', 'year', 'start_date', first, 'end_date', last, 'total_income', income, 'total_expenses', expense,
      'net', income + expense, 'transactions_count', counted),
  'top_categories', coalesce((select json_agg(json_build_object('category', coalesce(c.name, 'Sans catégorie'), 'amount', b.expense, 'percentage', round(100 * b.expense / total.expense, 1))
      order by b.expense, b.category_id)
    from (select * from by_category where expense < 0 order by expense, category_id limit 5) b left join categories c on c.id = b.category_id), '[]')) as json
from period, total`;

/** The evolution of all own accounts in euros by month. */
const evolution = `with own as (select ${ownAccounts} as ids),
  months as (select least((g + interval '1 month')::date - 1, $3::date) as day from generate_series(date_trunc('month', $2::timestamp), $3::timestamp, interval '1 month') g),
  days as (select t.transaction_date as day, sum(t.amount) as change from transactions t, own where t.account_id = any (ids) and t.transaction_date > $2::date group by 1),
  changes as (select case when day <= $3::date then least((date_trunc('month', day::timestamp) + interval '1 month')::date - 1, $3::date) end as day, sum(change) as change from days group by 1),
  held as (select coalesce(sum(balance), 0) - (select coalesce(sum(change), 0) from changes where day is null) as balance from bank_accounts, own where id = any (ids))
select json_build_object('account_id', null, 'account_name', null, 'period', json_build_object('start_date', $2::date, 'end_date', $3::date), 'granularity', 'month',
  'data', (select json_agg(json_build_object('date', day, 'balance', balance) order by day) from (
    select m.day, held.balance - coalesce(sum(c.change) over (order by m.day desc rows between unbounded preceding and 1 preceding), 0) as balance
    from held, months m left join changes c on c.day = m.day) p)) as json`;

/** The statement that reads a transaction back. */
export const statementOfTransaction = ({ userId }, id) => ({
  name: 'transaction',
  text: transactionOne,
  values: [userId, id],
});

/**
 * The statement of a request for reading to a hand-written REST server, with a name under which it is planned once; undefined for
 * an unknown path.
 */
export function statementOf(url, viewer) {
  const who = viewer.readsAll ? 'all' : 'own';
  const [path, query = ''] = url.split('?');
  const [, root, ...rest] = path.split('/');
  const id = rest.at(-1);
  if (root === 'documents' && id) return { name: `one-${who}`, text: jsonOfOne(viewer), values: [viewer.userId, id] };
  if (root === 'documents') {
    const asked = new URLSearchParams(query);
    const filter = { typeId: asked.get('type'), correspondentId: asked.get('correspondent') };
    const { where, parameters } = listCondition(viewer, filter);
    const isFiltered = filter.typeId !== null;
    const count = asked.has('count');
    const order = orderOf(isFiltered ? 'DOCUMENT_DATE_DESC' : 'CREATED_AT_DESC');
    return {
      name: `list-${who}-${isFiltered}-${count}`,
      text: jsonOfList(viewer, { where, order, count, first: 20 }),
      values: parameters,
    };
  }
  if (root === 'accounts') return { name: 'account', text: accountList, values: [viewer.userId, rest[0]] };
  if (path === '/transactions') return { name: 'transactions', text: transactionList, values: [viewer.userId] };
  if (path === '/api/v1/stats/overview') return { name: 'overview', text: overview, values: [viewer.userId] };
  if (path === '/api/v1/stats/balance-evolution') {
    const asked = new URLSearchParams(query);
    return {
      name: 'evolution',
      text: evolution,
      values: [viewer.userId, asked.get('start_date'), asked.get('end_date')],
    };
  }
  if (path === '/kdocs/api/documents')
    return { name: `kdocs-list-${who}`, text: kdocsList(viewer), values: [viewer.userId] };
  if (path.startsWith('/kdocs/api/documents/'))
    return { name: `kdocs-one-${who}`, text: kdocsOne(viewer), values: [viewer.userId, id] };
  if (path.startsWith('/kdocs/api/correspondents/'))
    return { name: 'kdocs-correspondent', text: kdocsCorrespondent, values: [viewer.userId, id] };
  return undefined;
}
