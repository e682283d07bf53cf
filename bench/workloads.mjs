/** What is asked, in the words of each dialect, and the one form in which all answers must be equal. */
import { viewers } from './contenders.mjs';

const fieldsWith = (history) => /* GraphQL */ `
  id title filename mimeType sizeBytes documentDate amount currency createdAt
  correspondent { id name } type { id code label } tags { id name color }
  approval { id status level submittedAt decidedAt ${history} }`;
const steps = 'id action createdAt performedBy { id fullName }';
const fields = fieldsWith(`history { nodes { ${steps} } }`);
/** The peers have the steps as a plain list. */
const peerFields = fieldsWith(`history { ${steps} }`);
const postgraphileFields = /* GraphQL */ `
  id: rowId title filename mimeType sizeBytes: fileSize documentDate amount currency createdAt
  correspondent: correspondentByCorrespondentId { id: rowId name } type: documentTypeByDocumentTypeId { id: rowId code label }
  tags: documentTagsByDocumentIdList(orderBy: TAG_ID_ASC) { tag: tagByTagId { id: rowId name color } }
  approval: approvalByRowId { id: rowId status level submittedAt decidedAt
    history: approvalHistoriesByApprovalIdList(orderBy: ROW_ID_DESC) { id: rowId action createdAt performedBy: userByPerformedById { id: rowId fullName } } }`;

const list = (wanted) => `query List($first: Int!) { documents(first: $first) { ${wanted} } }`;
const postgraphileList = (wanted) =>
  `query List($first: Int!) { documents: allDocuments(first: $first, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { ${wanted} } }`;
const one = (wanted) => `query One($id: ID!) { document(id: $id) { ${wanted} } }`;
const postgraphileOne = `query One($id: Int!) { document: documentByRowId(rowId: $id) { ${postgraphileFields} } }`;
const filtered = (wanted) =>
  `query Filtered($first: Int!, $filter: DocumentFilter) { documents(first: $first, filter: $filter, orderBy: DOCUMENT_DATE_DESC) { nodes { ${wanted} } totalCount } }`;
const postgraphileFiltered = `query Filtered($first: Int!, $typeId: Int!, $correspondentId: Int!) {
  documents: allDocuments(first: $first, condition: { documentTypeId: $typeId, correspondentId: $correspondentId }, orderBy: [DOCUMENT_DATE_DESC, ROW_ID_DESC]) { nodes { ${postgraphileFields} } totalCount } }`;
const update = (wanted) =>
  `mutation Update($input: UpdateDocumentInput!) { updateDocument(input: $input) { document { ${wanted} } } }`;
const postgraphileUpdate = `mutation Update($input: BenchChangeDocumentInput!) { updateDocument: benchChangeDocument(input: $input) { document: result { ${postgraphileFields} } } }`;
const search = /* GraphQL */ `query Search($q: String!) { searchDocuments(q: $q) {
  nodes { ${fields} } totalCount facets { types { type { id label } count } correspondents { correspondent { id name } count } tags { tag { id name } count } } } }`;

const transactions = /* GraphQL */ `query Transactions { transactions(first: 50) {
  nodes { id description amount transactionDate account { id name } category { id name color } } } }`;
const postgraphileTransactions = /* GraphQL */ `query Transactions {
  transactions: allTransactions(first: 50, orderBy: [TRANSACTION_DATE_DESC, ROW_ID_DESC]) {
    nodes { id: rowId description amount transactionDate account: bankAccountByAccountIdAndOwnerId { id: rowId name } category: categoryByCategoryId { id: rowId name color } } } }`;

const ofAccount = /* GraphQL */ `query OfAccount($id: ID!) { transactions(first: 50, filter: { accountId: $id }) {
  nodes { id description amount transactionDate runningBalance category { id name color } } totalCount } }`;
const postgraphileOfAccount = /* GraphQL */ `query OfAccount($id: Int!) {
  transactions: allTransactions(first: 50, condition: { accountId: $id }, orderBy: [TRANSACTION_DATE_DESC, ROW_ID_DESC]) {
    nodes { id: rowId description amount transactionDate runningBalance category: categoryByCategoryId { id: rowId name color } } totalCount } }`;
const posting = /* GraphQL */ `mutation Post($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction {
  id description amount transactionDate account { id name } category { id name color } } } }`;
const postgraphilePosting = /* GraphQL */ `mutation Post($input: BenchPostTransactionInput!) { createTransaction: benchPostTransaction(input: $input) { transaction: result {
  id: rowId description amount transactionDate account: bankAccountByAccountIdAndOwnerId { id: rowId name } category: categoryByCategoryId { id: rowId name color } } } }`;

/** What a system that only knows the tables can show of a document with what it refers to. */
const flatFields =
  'id title filename mimeType sizeBytes documentDate amount currency createdAt correspondent { id name } type { id code label }';
const directusFields =
  'fields=id,title,filename,mime_type,file_size,document_date,amount,currency,created_at,correspondent_id.id,correspondent_id.name,document_type_id.id,document_type_id.code,document_type_id.label';

const post = (query, variables) => ({ method: 'POST', path: '/graphql', body: JSON.stringify({ query, variables }) });
const get = (path) => ({ method: 'GET', path });
const send = (method, path, body) => ({ method, path, body: JSON.stringify(body) });
const first = 20;

/** The same requests to us and to the peers that take part in the graph, each with the fields as its schema has them. */
const inGraphql = (requests) => ({ graphql: requests(fields), peerGraphql: requests(peerFields) });

/** A search in the graph with its facets, and the documents with the same fields as elsewhere. */
export const searchFor = (q) => post(search, { q });

/**
 * What the workloads ask for, read from the firm.
 *
 * @param client anything with `query(text)`
 * @returns by viewer `ids` of visible documents, `hidden` of another's, `filters`, `own` documents, bank `accounts` and
 * `correspondents`
 */
export async function readInputs(client) {
  const ids = async (condition) =>
    (await client.query(`select id from documents d where ${condition} order by md5(id::text) limit 400`)).rows.map(
      ({ id }) => id,
    );
  const pairs = async (condition) =>
    (
      await client.query(
        `select document_type_id, correspondent_id from documents d where ${condition} group by 1, 2 order by md5(correspondent_id || '-' || document_type_id) limit 100`,
      )
    ).rows.map((row) => ({ typeId: row.document_type_id, correspondentId: row.correspondent_id }));
  const { id } = viewers.person;
  const correspondents = (await client.query('select id from correspondents order by md5(id::text) limit 400')).rows;
  const visible = `(d.owner_id = ${id} or d.id in (select document_id from document_shares where user_id = ${id}))`;
  return {
    person: {
      ids: await ids(visible),
      hidden: (await ids(`not ${visible}`)).slice(0, 3),
      filters: await pairs(`owner_id = ${id}`),
      own: await ids(`owner_id = ${id}`),
      accounts: (await client.query(`select id from bank_accounts where owner_id = ${id} order by id`)).rows.map(
        (account) => account.id,
      ),
      correspondents: correspondents.map((correspondent) => correspondent.id),
    },
    reader: {
      ids: await ids('true'),
      hidden: [],
      filters: await pairs('true'),
      own: [],
      accounts: [],
      correspondents: [],
    },
  };
}

/** What the mutation writes into a document: always the same, so that what it leaves behind changes no other answer. */
const changeOf = (id) => ({
  id,
  title: `Dossier ${id} revu`,
  documentDate: new Date(Date.UTC(2020, 0, 1 + (id % 2200))).toISOString().slice(0, 10),
});

/** The statement that brings these documents there, as if nobody had changed them since. */
export const settled = (own) => {
  const changes = own.map(changeOf);
  return {
    text: 'update documents d set title = c.title, document_date = c.day, updated_at = d.created_at from unnest($1::int[], $2::text[], $3::date[]) c (id, title, day) where d.id = c.id',
    values: [
      changes.map(({ id }) => id),
      changes.map(({ title }) => title),
      changes.map(({ documentDate }) => documentDate),
    ],
  };
};

/** By which the transactions that the bench posts are known. */
const postedBy = 'Écriture du banc';

/** The statement that takes them away again. */
export const unposted = `delete from transactions where owner_id = ${viewers.person.id} and description = '${postedBy}'`;

/** A hundred postings to the accounts in turn; amounts are few, so that no balance goes far. */
const postingsOf = (accounts) =>
  Array.from({ length: accounts.length && 100 }, (_, n) => ({
    accountId: accounts[n % accounts.length],
    categoryId: 3 + (n % 12),
    amount: (n % 2 ? 1 : -1) * (1 + (n % 7) * 0.25),
    description: postedBy,
    transactionDate: new Date().toISOString().slice(0, 10),
  }));
const withTextIds = ({ accountId, categoryId, ...others }) => ({
  ...others,
  accountId: String(accountId),
  categoryId: String(categoryId),
});

/** All servers in which documents are asked for with their relations. */
const whole = ['ours', 'postgraphile', 'mercurius', 'deployed', 'express', 'limit'];
const wholeWithOthers = [...whole, 'yoga', 'apollo'];
const hand = ['ours', 'deployed', 'express', 'limit'];

/**
 * The workloads in the order in which they run: `requests(viewer's inputs)` by dialect, `viewers` who ask, `targets` as the least
 * ratio of ours to each peer, `only`: who takes part, `unlike`: fields in which answers may differ.
 */
export const workloads = {
  list: {
    title: 'Nested list: 20 documents, newest first, three levels',
    viewers: ['person', 'reader'],
    only: wholeWithOthers,
    targets: { limit: 1, express: 1.2, deployed: 1.4, postgraphile: 4, mercurius: 3.5 },
    requests: () => ({
      ...inGraphql((wanted) => [post(list(`nodes { ${wanted} }`), { first })]),
      postgraphile: [post(postgraphileList(`nodes { ${postgraphileFields} }`), { first })],
      rest: [get('/documents')],
    }),
  },
  listCounted: {
    title: 'Nested list with `totalCount`',
    viewers: ['person'],
    only: whole,
    requests: () => ({
      ...inGraphql((wanted) => [post(list(`nodes { ${wanted} } totalCount`), { first })]),
      postgraphile: [post(postgraphileList(`nodes { ${postgraphileFields} } totalCount`), { first })],
      rest: [get('/documents?count')],
    }),
  },
  byId: {
    title: 'By id, the same fields',
    viewers: ['person', 'reader'],
    only: wholeWithOthers,
    targets: { limit: 0.85, express: 1.2, deployed: 2, postgraphile: 6, mercurius: 4 },
    requests: ({ ids }) => ({
      ...inGraphql((wanted) => ids.map((id) => post(one(wanted), { id: String(id) }))),
      postgraphile: ids.map((id) => post(postgraphileOne, { id })),
      rest: ids.map((id) => get(`/documents/${id}`)),
    }),
  },
  filtered: {
    title: 'Filtered list with count: type and correspondent, by the date of the document',
    viewers: ['person'],
    only: wholeWithOthers,
    targets: { limit: 1, express: 1.2, deployed: 1.4, postgraphile: 6, mercurius: 2.5 },
    requests: ({ filters }) => ({
      ...inGraphql((wanted) =>
        filters.map(({ typeId, correspondentId }) =>
          post(filtered(wanted), {
            first,
            filter: { typeId: String(typeId), correspondentId: String(correspondentId) },
          }),
        ),
      ),
      postgraphile: filters.map((filter) => post(postgraphileFiltered, { first, ...filter })),
      rest: filters.map(({ typeId, correspondentId }) =>
        get(`/documents?count&type=${typeId}&correspondent=${correspondentId}`),
      ),
    }),
  },
  mutation: {
    title: 'Mutation: `updateDocument` with policy, transaction, event and the document read back',
    viewers: ['person'],
    only: ['ours', 'postgraphile', 'mercurius', 'yoga', 'apollo', 'deployed', 'express'],
    targets: { deployed: 1, postgraphile: 3, mercurius: 1.2 },
    isWriting: true,
    requests: ({ own }) => {
      const inputs = own.map(changeOf);
      return {
        ...inGraphql((wanted) =>
          inputs.map((input) => post(update(wanted), { input: { ...input, id: String(input.id) } })),
        ),
        postgraphile: inputs.map((input) => post(postgraphileUpdate, { input })),
        rest: inputs.map(({ id, ...change }) => send('PATCH', `/documents/${id}`, change)),
      };
    },
  },
  search: {
    title: 'Full-text search with three facets (ours only)',
    viewers: ['person'],
    only: ['ours'],
    requests: () => ({ graphql: ['facture', 'échéance', 'assurance sinistre', 'amarrages'].map(searchFor) }),
  },
  restList: {
    title: 'REST list: `GET /kdocs/api/documents`, with its count',
    viewers: ['person'],
    only: hand,
    requests: () => ({ rest: [get('/kdocs/api/documents')] }),
  },
  restById: {
    title: 'REST by id: `GET /kdocs/api/documents/:id` (ours with what its page reads besides)',
    viewers: ['person'],
    only: hand,
    targets: { limit: 0.85, express: 1.1, deployed: 2 },
    requests: ({ ids }) => ({ rest: ids.map((id) => get(`/kdocs/api/documents/${id}`)) }),
  },
  restShortById: {
    title: 'REST by id, a short answer: `GET /kdocs/api/correspondents/:id`',
    viewers: ['person'],
    only: hand,
    targets: { limit: 0.85, express: 1.1, deployed: 2 },
    requests: ({ correspondents }) => ({ rest: correspondents.map((id) => get(`/kdocs/api/correspondents/${id}`)) }),
  },
  transactions: {
    title: 'Transactions: 50 of a hundred thousand, newest first, with account and category',
    viewers: ['person'],
    only: whole,
    requests: () => ({
      graphql: [post(transactions, {})],
      peerGraphql: [post(transactions, {})],
      postgraphile: [post(postgraphileTransactions, {})],
      rest: [get('/transactions')],
    }),
  },
  ofAccount: {
    title:
      'Transactions of one account: the newest 50 of a quarter of one’s own, each with the balance after it, and their count',
    viewers: ['person'],
    only: whole,
    requests: ({ accounts }) => {
      const requests = accounts.map((id) => post(ofAccount, { id: String(id) }));
      return {
        graphql: requests,
        peerGraphql: requests,
        postgraphile: accounts.map((id) => post(postgraphileOfAccount, { id })),
        rest: accounts.map((id) => get(`/accounts/${id}/transactions`)),
      };
    },
  },
  overview: {
    title: 'Statistics: `GET /api/v1/stats/overview?period=year`',
    viewers: ['person'],
    only: hand,
    requests: () => ({ rest: [get('/api/v1/stats/overview?period=year')] }),
  },
  evolution: {
    title: 'Statistics: `GET /api/v1/stats/balance-evolution` by month, over two years',
    viewers: ['person'],
    only: hand,
    requests: () => {
      const year = new Date().getUTCFullYear();
      const days = `start_date=${year - 1}-01-01&end_date=${year}-12-31`;
      return { rest: [get(`/api/v1/stats/balance-evolution?${days}&granularity=month`)] };
    },
  },
  posting: {
    title: 'Posting a transaction: policy, account locked, balance moved, event, the transaction read back',
    viewers: ['person'],
    only: ['ours', 'postgraphile', 'mercurius', 'deployed', 'express'],
    isWriting: true,
    unlike: ['id'],
    requests: ({ accounts }) => {
      const inputs = postingsOf(accounts);
      const requests = inputs.map((input) => post(posting, { input: withTextIds(input) }));
      return {
        graphql: requests,
        peerGraphql: requests,
        postgraphile: inputs.map((input) => post(postgraphilePosting, { input })),
        rest: inputs.map((input) => send('POST', '/transactions', input)),
      };
    },
  },
  flatById: {
    title: 'By id, without tags and approval',
    viewers: ['reader'],
    only: ['ours', 'directus'],
    requests: ({ ids }) => ({
      graphql: ids.map((id) => post(one(flatFields), { id: String(id) })),
      directus: ids.map((id) => get(`/items/documents/${id}?${directusFields}`)),
    }),
  },
  flatList: {
    title: '20 documents, newest first, without tags and approval',
    viewers: ['reader'],
    only: ['ours', 'directus'],
    requests: () => ({
      graphql: [post(list(`nodes { ${flatFields} }`), { first })],
      directus: [
        get(`/items/documents?${directusFields}&limit=${first}&sort=-created_at,-id&filter[deleted_at][_null]=true`),
      ],
    }),
  },
  flatFiltered: {
    title: 'Filtered list with count, without tags and approval',
    viewers: ['reader'],
    only: ['ours', 'directus'],
    requests: ({ filters }) => ({
      graphql: filters.map(({ typeId, correspondentId }) =>
        post(filtered(flatFields), {
          first,
          filter: { typeId: String(typeId), correspondentId: String(correspondentId) },
        }),
      ),
      directus: filters.map(({ typeId, correspondentId }) =>
        get(
          `/items/documents?${directusFields}&limit=${first}&sort=-document_date,-id&meta=filter_count&filter[deleted_at][_null]=true` +
            `&filter[document_type_id][_eq]=${typeId}&filter[correspondent_id][_eq]=${correspondentId}`,
        ),
      ),
    }),
  },
};

/** What a contender is asked: the first of its dialects that the workload has. */
export function requestsOf(workload, contender, inputs) {
  const byDialect = workload.requests(inputs);
  return byDialect[contender.dialects.find((dialect) => byDialect[dialect])];
}

/** What a K-Docs detail carries for its page beside what the contract's document shows; the peers answer without. */
const ofThePage = [
  '_meta',
  'notes',
  'ocr_text',
  'checksum',
  'validation_status',
  'validated_at',
  'validation_comment',
  'can_validate',
  'custom_field_values',
  'thumbnail_url',
  'view_url',
  'download_url',
];

/** A document, or a page of them, of Directus with the names of the others. */
export function fromDirectus({ data, meta, errors }) {
  if (errors) return { errors };
  if (!Array.isArray(data)) return documentOfDirectus(data);
  return { nodes: data.map(documentOfDirectus), ...(meta && { totalCount: meta.filter_count }) };
}

const documentOfDirectus = ({ id, title, filename, amount, currency, ...columns }) => ({
  id,
  title,
  filename,
  amount,
  currency,
  mimeType: columns.mime_type,
  sizeBytes: columns.file_size,
  documentDate: columns.document_date,
  createdAt: columns.created_at,
  correspondent: columns.correspondent_id,
  type: columns.document_type_id,
});

/** Puts an answer's JSON into one form: no envelope of GraphQL, numbers as numbers, moments as milliseconds, words in capitals. */
export function normal(json) {
  if (json?.errors) return { errors: json.errors };
  if (json?.data && '_meta' in json.data)
    return normal({
      ...json,
      data: Object.fromEntries(Object.entries(json.data).filter(([name]) => !ofThePage.includes(name))),
    });
  const [answer] = json?.data && !Array.isArray(json.data) && !('success' in json) ? Object.values(json.data) : [json];
  return plain(answer?.document ?? answer?.transaction ?? answer);
}

function plain(value, key) {
  if (Array.isArray(value)) return value.map((item) => plain(item?.tag ?? item));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        plain(name === 'history' ? (item?.nodes ?? item) : item, name),
      ]),
    );
  if (typeof value !== 'string') return value;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return Date.parse(value);
  if (['id', 'amount', 'sizeBytes', 'runningBalance'].includes(key)) return Number(value);
  return key === 'status' || key === 'action' ? value.toUpperCase() : value;
}
