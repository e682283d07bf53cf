/** Fastify with Mercurius: graphql-jit from the first request, loaders that batch, SQL by hand under names. */
import Fastify from 'fastify';
import mercurius from 'mercurius';
import {
  approvalColumns,
  changeDocument,
  countOfAccount,
  documentColumns,
  listCondition,
  newestTransactions,
  newPool,
  orderOf,
  port,
  postTransaction,
  seesDocument,
  seesPerson,
  seesTransaction,
  transactionColumns,
  transactionsOfAccount,
  typeDefs,
  viewerOf,
} from './common.mjs';

const pool = newPool();
const query = async (viewer, name, text, values) =>
  (await pool.query({ name: `${name}-${viewer.readsAll}`, text, values })).rows;
const readOne = async (viewer, id) =>
  (
    await query(
      viewer,
      'one',
      `select ${documentColumns} from documents d where d.id = $2 and ${seesDocument(viewer)}`,
      [viewer.userId, id],
    )
  )[0];

const uncached = (loader) => ({ loader, opts: { cache: false } });
/** For a to-one relation by a key of the parent; for a to-many one by the parent's number. */
const toOne = (key, name, text) =>
  uncached(async (queries, { viewer }) => {
    const rows = await query(viewer, name, text(viewer), [
      viewer.userId,
      [...new Set(queries.map(({ obj }) => obj[key]))],
    ]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return queries.map(({ obj }) => byId.get(obj[key]));
  });
const toMany = (name, text) =>
  uncached(async (queries, { viewer }) => {
    const rows = await query(viewer, name, text, [queries.map(({ obj }) => obj.id)]);
    const byParent = Map.groupBy(rows, (row) => row.parent);
    return queries.map(({ obj }) => byParent.get(obj.id) ?? []);
  });

const loaders = {
  Document: {
    correspondent: toOne(
      'correspondent_id',
      'correspondents',
      () => 'select id, name from correspondents where $1::int is not null and id = any ($2)',
    ),
    type: toOne(
      'document_type_id',
      'types',
      () => 'select id, code, label from document_types where $1::int is not null and id = any ($2)',
    ),
    tags: toMany(
      'tags',
      'select dt.document_id as parent, g.id, g.name, g.color from document_tags dt join tags g on g.id = dt.tag_id where dt.document_id = any ($1) order by g.id',
    ),
    approval: toOne(
      'id',
      'approvals',
      () => `select ${approvalColumns} from approvals a where $1::int is not null and a.id = any ($2)`,
    ),
  },
  Transaction: {
    account: toOne(
      'account_id',
      'accounts',
      () => 'select id, name from bank_accounts where $1::int is not null and id = any ($2)',
    ),
    category: toOne(
      'category_id',
      'categories',
      () => 'select id, name, color from categories where $1::int is not null and id = any ($2)',
    ),
  },
  Approval: {
    history: toMany(
      'history',
      'select approval_id as parent, id, upper(action) as action, created_at as "createdAt", performed_by_id from approval_history where approval_id = any ($1) order by id desc',
    ),
  },
  ApprovalStep: {
    performedBy: toOne(
      'performed_by_id',
      'people',
      (viewer) => `select u.id, u.full_name as "fullName" from users u where u.id = any ($2) and ${seesPerson(viewer)}`,
    ),
  },
};

const iso = (name) => (row) => row[name]?.toISOString();
const resolvers = {
  Query: {
    documents: (_root, args) => args,
    document: (_root, { id }, { viewer }) => readOne(viewer, id),
    transactions: (_root, args) => args,
  },
  DocumentConnection: {
    nodes: ({ first, filter, orderBy }, _args, { viewer }) => {
      const { where, parameters } = listCondition(viewer, filter);
      return query(
        viewer,
        `list-${orderBy}-${parameters.length}`,
        `select ${documentColumns} from documents d where ${where} order by ${orderOf(orderBy)} limit ${Number(first)}`,
        parameters,
      );
    },
    totalCount: async ({ filter }, _args, { viewer }) => {
      const { where, parameters } = listCondition(viewer, filter);
      return (
        await query(
          viewer,
          `count-${parameters.length}`,
          `select count(*) as n from documents d where ${where}`,
          parameters,
        )
      )[0].n;
    },
  },
  TransactionConnection: {
    nodes: ({ first, filter }, _args, { viewer }) =>
      filter
        ? query(viewer, 'of-account', transactionsOfAccount(Number(first)), [viewer.userId, filter.accountId])
        : query(viewer, 'transactions', newestTransactions(Number(first)), [viewer.userId]),
    totalCount: async ({ filter }, _args, { viewer }) =>
      (await query(viewer, 'count-of-account', countOfAccount, [viewer.userId, filter.accountId]))[0].n,
  },
  Mutation: {
    updateDocument: async (_root, { input }, { viewer }) => {
      await changeDocument(pool, viewer, input);
      return { document: await readOne(viewer, input.id) };
    },
    createTransaction: async (_root, { input }, { viewer }) => {
      const id = await postTransaction(pool, viewer, input);
      const [transaction] = await query(
        viewer,
        'transaction',
        `select ${transactionColumns} from transactions t where t.id = $2 and ${seesTransaction}`,
        [viewer.userId, id],
      );
      return { transaction };
    },
  },
  Document: { createdAt: iso('createdAt') },
  Approval: { submittedAt: iso('submittedAt'), decidedAt: iso('decidedAt') },
  ApprovalStep: { createdAt: iso('createdAt') },
};

const app = Fastify();
app.get('/health', async () => ({ status: 'ok' }));
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  loaders,
  jit: 1,
  path: '/graphql',
  graphiql: false,
  context: ({ headers }) => ({ viewer: viewerOf(headers) }),
});
await app.listen({ port, host: '127.0.0.1' });
