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

const post = (query, variables) => ({ method: 'POST', path: '/graphql', body: JSON.stringify({ query, variables }) });
const get = (path) => ({ method: 'GET', path });
const first = 20;

/** The same requests to us and to the peers that take part in the graph, each with the fields as its schema has them. */
const inGraphql = (requests) => ({ graphql: requests(fields), peerGraphql: requests(peerFields) });

/** A search in the graph with its facets, and the documents with the same fields as elsewhere. */
export const searchFor = (q) => post(search, { q });

/**
 * What the workloads ask for, read from the firm.
 *
 * @param client anything with `query(text)`
 * @returns by viewer `ids` of visible documents, `hidden` of another's, `filters`, `own` documents
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
  const visible = `(d.owner_id = ${id} or d.id in (select document_id from document_shares where user_id = ${id}))`;
  return {
    person: {
      ids: await ids(visible),
      hidden: (await ids(`not ${visible}`)).slice(0, 3),
      filters: await pairs(`owner_id = ${id}`),
      own: await ids(`owner_id = ${id}`),
    },
    reader: { ids: await ids('true'), hidden: [], filters: await pairs('true'), own: [] },
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

/**
 * The workloads in the order in which they run: `requests(viewer's inputs)` by dialect, `viewers` who ask, `targets` as the least
 * ratio of ours to each peer, `only`: who takes part, when not everybody.
 */
export const workloads = {
  list: {
    title: 'Nested list: 20 documents, newest first, three levels',
    viewers: ['person', 'reader'],
    targets: { postgraphile: 3, mercurius: 3, express: 1.1, limit: 0.85 },
    requests: () => ({
      ...inGraphql((wanted) => [post(list(`nodes { ${wanted} }`), { first })]),
      postgraphile: [post(postgraphileList(`nodes { ${postgraphileFields} }`), { first })],
      rest: [get('/documents')],
    }),
  },
  listCounted: {
    title: 'Nested list with `totalCount`',
    viewers: ['person'],
    requests: () => ({
      ...inGraphql((wanted) => [post(list(`nodes { ${wanted} } totalCount`), { first })]),
      postgraphile: [post(postgraphileList(`nodes { ${postgraphileFields} } totalCount`), { first })],
      rest: [get('/documents?count')],
    }),
  },
  byId: {
    title: 'By id, the same fields',
    viewers: ['person', 'reader'],
    targets: { postgraphile: 5, mercurius: 4, express: 1.3, limit: 0.85 },
    requests: ({ ids }) => ({
      ...inGraphql((wanted) => ids.map((id) => post(one(wanted), { id: String(id) }))),
      postgraphile: ids.map((id) => post(postgraphileOne, { id })),
      rest: ids.map((id) => get(`/documents/${id}`)),
    }),
  },
  filtered: {
    title: 'Filtered list with count: type and correspondent, by the date of the document',
    viewers: ['person'],
    targets: { postgraphile: 1.5, mercurius: 1.5, express: 1, limit: 0.8 },
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
  search: {
    title: 'Full-text search with three facets (ours only)',
    viewers: ['person'],
    only: ['ours'],
    requests: () => ({ graphql: ['facture', 'échéance', 'assurance sinistre', 'amarrages'].map(searchFor) }),
  },
  restList: {
    title: 'REST list: `GET /kdocs/api/documents`, with its count',
    viewers: ['person'],
    only: ['ours', 'express', 'limit'],
    targets: { express: 1, limit: 0.8 },
    requests: () => ({ rest: [get('/kdocs/api/documents')] }),
  },
  restById: {
    title: 'REST by id: `GET /kdocs/api/documents/:id` (ours with what its page reads besides)',
    viewers: ['person'],
    only: ['ours', 'express', 'limit'],
    targets: { express: 1.3, limit: 0.8 },
    requests: ({ ids }) => ({ rest: ids.map((id) => get(`/kdocs/api/documents/${id}`)) }),
  },
  transactions: {
    title: 'Transactions: 50 of a hundred thousand, newest first, with account and category',
    viewers: ['person'],
    only: ['ours', 'postgraphile', 'mercurius', 'express', 'limit'],
    requests: () => ({
      graphql: [post(transactions, {})],
      peerGraphql: [post(transactions, {})],
      postgraphile: [post(postgraphileTransactions, {})],
      rest: [get('/transactions')],
    }),
  },
  overview: {
    title: 'Statistics: `GET /api/v1/stats/overview?period=year`',
    viewers: ['person'],
    only: ['ours', 'express', 'limit'],
    requests: () => ({ rest: [get('/api/v1/stats/overview?period=year')] }),
  },
  evolution: {
    title: 'Statistics: `GET /api/v1/stats/balance-evolution` by month, over two years',
    viewers: ['person'],
    only: ['ours', 'express', 'limit'],
    requests: () => {
      const year = new Date().getUTCFullYear();
      const days = `start_date=${year - 1}-01-01&end_date=${year}-12-31`;
      return { rest: [get(`/api/v1/stats/balance-evolution?${days}&granularity=month`)] };
    },
  },
  mutation: {
    title: 'Mutation: `updateDocument` with policy, transaction, event and the document read back',
    viewers: ['person'],
    only: ['ours', 'postgraphile', 'mercurius', 'yoga', 'apollo'],
    targets: { postgraphile: 2, mercurius: 1 },
    isWriting: true,
    requests: ({ own }) => {
      const inputs = own.map(changeOf);
      return {
        ...inGraphql((wanted) =>
          inputs.map((input) => post(update(wanted), { input: { ...input, id: String(input.id) } })),
        ),
        postgraphile: inputs.map((input) => post(postgraphileUpdate, { input })),
      };
    },
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

/** Puts an answer's JSON into one form: no envelope of GraphQL, numbers as numbers, moments as milliseconds, words in capitals. */
export function normal(json) {
  if (json?.errors) return { errors: json.errors };
  if (json?.data && '_meta' in json.data)
    return normal({
      ...json,
      data: Object.fromEntries(Object.entries(json.data).filter(([name]) => !ofThePage.includes(name))),
    });
  const [answer] = json?.data && !Array.isArray(json.data) && !('success' in json) ? Object.values(json.data) : [json];
  return plain(answer?.document ?? answer);
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
  if (['id', 'amount', 'sizeBytes'].includes(key)) return Number(value);
  return key === 'status' || key === 'action' ? value.toUpperCase() : value;
}
