import { batch, definePlugin, refuse } from '@passerelle/plugin';

const sdl = /* GraphQL */ `
  extend type Document {
    "How many people gave it a star."
    stars: Int

    "Whether the viewer did."
    isStarred: Boolean
  }

  extend type Query {
    "Documents that the viewer gave a star to, the latest first."
    starredDocuments(
      "How many at most, 100 or fewer."
      first: Int = 20
    ): [Document!]
  }

  extend type Mutation {
    "Gives a star to a document, or takes it back."
    starDocument(input: StarDocumentInput!): StarDocumentPayload
  }

  extend type Subscription {
    "Stars of one document, or of all that the viewer may see."
    documentStarEvents(
      "Of this document alone."
      documentId: ID
    ): DocumentStarEvent
  }

  input StarDocumentInput {
    "The document."
    documentId: ID!

    "False takes the star back."
    isStarred: Boolean = true
  }

  type StarDocumentPayload {
    "The document, as it is then."
    document: Document
  }

  "A star that was given or taken back."
  type DocumentStarEvent {
    "Of which document."
    documentId: ID!

    "How many stars it has since then."
    stars: Int!

    "Whether a star was given; otherwise one was taken back."
    isGiven: Boolean!
  }
`;

const countOf = (api, documentId) => api.storage.count('stars', { document_id: documentId });

export default definePlugin({
  sdl,

  resolvers: {
    Document: {
      // One statement for a whole list of documents.
      stars: batch(async (documents, args, api) => {
        const ids = documents.map(({ id }) => id);
        const counts = await api.storage.countBy('stars', ['document_id'], { document_id: { in: ids } });
        const byId = new Map(counts.map(({ document_id, count }) => [String(document_id), count]));
        return ids.map((id) => byId.get(String(id)) ?? 0);
      }),
      isStarred: batch(async (documents, args, api) => {
        if (api.viewer.id === null) return documents.map(() => false);
        const ids = documents.map(({ id }) => id);
        const own = await api.storage.find('stars', { where: { document_id: { in: ids }, user_id: api.viewer.id } });
        const starred = new Set(own.map(({ document_id }) => String(document_id)));
        return ids.map((id) => starred.has(String(id)));
      }),
    },

    Query: {
      // Objects of the core are answered by their ids. Those that the viewer may not see are left out.
      starredDocuments: async (parent, { first }, api) => {
        if (first < 1 || first > 100)
          refuse('BAD_USER_INPUT', 'At most 100', [{ path: ['first'], message: 'is 1 to 100' }]);
        const rows = await api.storage.find('stars', {
          where: { user_id: api.viewer.id },
          orderBy: { id: 'desc' },
          limit: first,
        });
        return rows.map(({ document_id }) => ({ id: document_id }));
      },
    },

    Mutation: {
      starDocument: async (parent, { input: { documentId, isStarred = true } }, api) => {
        // The graph answers as the viewer: a document that they may not see is none.
        const { document } = await api.graph('query ($id: ID!) { document(id: $id) { id } }', { id: documentId });
        if (!document) refuse('NOT_FOUND', 'There is no such document');

        const star = { document_id: documentId, user_id: api.viewer.id };
        const there = await api.storage.first('stars', { where: star });
        if (isStarred === (there !== undefined)) return { document: { id: documentId } };

        // The constraint decides when two requests come at once.
        if (isStarred) await api.storage.insert('stars', star, { onConflict: ['document_id', 'user_id'] });
        else await api.storage.delete('stars', star);
        await api.emit(isStarred ? 'star_given' : 'star_taken_back', {
          subjectType: 'Document',
          subjectId: String(documentId),
          data: { documentId: String(documentId), stars: await countOf(api, documentId), isGiven: isStarred },
        });
        return { document: { id: documentId } };
      },
    },
  },

  subscriptions: {
    documentStarEvents: {
      events: ['document_stars.star_given', 'document_stars.star_taken_back'],
      // Null: not for this subscriber.
      resolve: ({ data }, { documentId }) => (documentId == null || documentId === data.documentId ? data : null),
    },
  },

  events: ['star_given', 'star_taken_back'],

  handlers: {
    // What hangs on a document goes with it.
    'document.purged': async ({ subjectId }, api) => {
      const gone = await api.storage.delete('stars', { document_id: subjectId });
      if (gone.length > 0) api.log.info('stars of a document that is gone for good removed', { document: subjectId });
    },
  },

  migrations: [
    {
      name: '2026-11-stars',
      steps: [
        {
          createTable: 'stars',
          columns: {
            document_id: { type: 'bigint' },
            user_id: { type: 'integer' },
          },
          unique: [['document_id', 'user_id']],
          indexes: [['user_id']],
        },
      ],
    },
  ],
});
