/** GraphQL Yoga with graphql-jit, Kysely and DataLoader. */
import http from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { newPool, port, typeDefs, viewerOf } from './common.mjs';

const db = new Kysely({ dialect: new PostgresDialect({ pool: newPool() }) });

const shared = (viewer) => sql`any (array(select document_id from document_shares where user_id = ${viewer.userId}))`;
const visible = (viewer) => (eb) =>
  eb.and([
    eb('d.deleted_at', 'is', null),
    ...(viewer.readsAll ? [] : [eb.or([eb('d.owner_id', '=', viewer.userId), sql`d.id = ${shared(viewer)}`])]),
  ]);
const known = (viewer) => (eb) =>
  viewer.readsAll
    ? eb.val(true)
    : sql`(u.id = ${viewer.userId} or exists (select from document_shares s join documents o on o.id = s.document_id
        where (o.owner_id = ${viewer.userId} and s.user_id = u.id) or (s.user_id = ${viewer.userId} and o.owner_id = u.id)))`;

const documents = (viewer, filter) => {
  let query = db.selectFrom('documents as d').where(visible(viewer));
  if (filter?.typeId != null) query = query.where('d.document_type_id', '=', filter.typeId);
  if (filter?.correspondentId != null) query = query.where('d.correspondent_id', '=', filter.correspondentId);
  return query;
};
const columns = [
  'd.id',
  'd.title',
  'd.filename',
  'd.mime_type as mimeType',
  'd.file_size as sizeBytes',
  'd.document_date as documentDate',
  'd.amount',
  'd.currency',
  'd.created_at as createdAt',
  'd.correspondent_id',
  'd.document_type_id',
];
const readOne = (viewer, id) => documents(viewer).select(columns).where('d.id', '=', id).executeTakeFirst();

const toOne = (read) =>
  new DataLoader(async (ids) => {
    const byId = new Map((await read(ids).execute()).map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });
const toMany = (read) =>
  new DataLoader(async (ids) => {
    const byParent = Map.groupBy(await read(ids).execute(), (row) => row.parent);
    return ids.map((id) => byParent.get(id) ?? []);
  });
const loadersOf = (viewer) => ({
  correspondents: toOne((ids) => db.selectFrom('correspondents').select(['id', 'name']).where('id', 'in', ids)),
  types: toOne((ids) => db.selectFrom('document_types').select(['id', 'code', 'label']).where('id', 'in', ids)),
  tags: toMany((ids) =>
    db
      .selectFrom('document_tags as dt')
      .innerJoin('tags as g', 'g.id', 'dt.tag_id')
      .select(['dt.document_id as parent', 'g.id', 'g.name', 'g.color'])
      .where('dt.document_id', 'in', ids)
      .orderBy('g.id'),
  ),
  approvals: toOne((ids) =>
    db
      .selectFrom('approvals')
      .select(['id', 'status', 'level', 'submitted_at as submittedAt', 'decided_at as decidedAt'])
      .where('id', 'in', ids),
  ),
  history: toMany((ids) =>
    db
      .selectFrom('approval_history')
      .select(['approval_id as parent', 'id', 'action', 'created_at as createdAt', 'performed_by_id'])
      .where('approval_id', 'in', ids)
      .orderBy('id', 'desc'),
  ),
  people: toOne((ids) =>
    db
      .selectFrom('users as u')
      .select(['u.id', 'u.full_name as fullName'])
      .where('u.id', 'in', ids)
      .where(known(viewer)),
  ),
});

const iso = (name) => (row) => row[name]?.toISOString();
const resolvers = {
  Query: {
    documents: (_root, args) => args,
    document: (_root, { id }, { viewer }) => readOne(viewer, id),
  },
  DocumentConnection: {
    nodes: ({ first, filter, orderBy }, _args, { viewer }) =>
      documents(viewer, filter)
        .select(columns)
        .orderBy(
          orderBy === 'DOCUMENT_DATE_DESC' ? sql`coalesce(d.document_date, '-infinity')` : 'd.created_at',
          'desc',
        )
        .orderBy('d.id', 'desc')
        .limit(first)
        .execute(),
    totalCount: async ({ filter }, _args, { viewer }) =>
      (
        await documents(viewer, filter)
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirst()
      ).n,
  },
  Mutation: {
    updateDocument: async (_root, { input: { id, title, documentDate } }, { viewer }) => {
      await db.transaction().execute(async (transaction) => {
        const found = await transaction
          .selectFrom('documents as d')
          .select('d.owner_id')
          .where(visible(viewer))
          .where('d.id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        if (found?.owner_id !== viewer.userId) throw new Error('Only the owner may change it');
        await transaction
          .updateTable('documents')
          .set({ title, document_date: documentDate, updated_at: sql`now()` })
          .where('id', '=', id)
          .execute();
        await transaction
          .insertInto('bench.events')
          .values({
            type: 'document.updated',
            subject_type: 'Document',
            subject_id: id,
            actor_id: viewer.userId,
            data: { title, fields: ['title', 'documentDate'] },
          })
          .execute();
      });
      return { document: await readOne(viewer, id) };
    },
  },
  Document: {
    createdAt: iso('createdAt'),
    correspondent: (row, _args, { load }) => row.correspondent_id && load.correspondents.load(row.correspondent_id),
    type: (row, _args, { load }) => row.document_type_id && load.types.load(row.document_type_id),
    tags: (row, _args, { load }) => load.tags.load(row.id),
    approval: (row, _args, { load }) => load.approvals.load(row.id),
  },
  Approval: {
    status: ({ status }) => status.toUpperCase(),
    submittedAt: iso('submittedAt'),
    decidedAt: iso('decidedAt'),
    history: ({ id }, _args, { load }) => load.history.load(id),
  },
  ApprovalStep: {
    action: ({ action }) => action.toUpperCase(),
    createdAt: iso('createdAt'),
    performedBy: (row, _args, { load }) => row.performed_by_id && load.people.load(row.performed_by_id),
  },
};

const context = ({ request }) => {
  const viewer = viewerOf({
    'x-user-id': request.headers.get('x-user-id'),
    'x-reads-all': request.headers.get('x-reads-all'),
  });
  return { viewer, load: loadersOf(viewer) };
};
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context,
  logging: false,
  graphiql: false,
  landingPage: false,
  plugins: [useGraphQlJit()],
});
http.createServer(yoga).listen(port, '127.0.0.1');
