/** Subscriptions as graphql-ws and an in-memory publisher come: one execution per socket, and the event brings its document along. */
import http from 'node:http';
import { GraphQLObjectType, GraphQLSchema, GraphQLString, GraphQLID, GraphQLNonNull } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { port } from './common.mjs';

const listeners = new Set();
async function* published() {
  const waiting = [];
  let wake;
  const listener = (event) => {
    waiting.push(event);
    wake?.();
  };
  listeners.add(listener);
  try {
    for (;;) {
      while (waiting.length) yield waiting.shift();
      await new Promise((resolve) => (wake = resolve));
    }
  } finally {
    listeners.delete(listener);
  }
}

const type = (name, fields) =>
  new GraphQLObjectType({
    name,
    fields: Object.fromEntries(Object.entries(fields).map(([field, of]) => [field, { type: of }])),
  });
const text = new GraphQLNonNull(GraphQLString);
const id = new GraphQLNonNull(GraphQLID);
const Correspondent = type('Correspondent', { id, name: text });
const Document = type('Document', { id, title: text, documentDate: GraphQLString, correspondent: Correspondent });
const DocumentEvent = type('DocumentEvent', { type: text, documentId: id, document: Document });
const schema = new GraphQLSchema({
  query: type('Query', { ok: text }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: { documentEvents: { type: DocumentEvent, subscribe: published, resolve: (event) => event } },
  }),
});

const server = http.createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.method === 'POST') {
    const event = JSON.parse(Buffer.concat(chunks));
    for (const listener of listeners) listener(event);
  }
  response.end();
});
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }));
server.listen(port, '127.0.0.1');
