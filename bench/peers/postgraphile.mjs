/** PostGraphile 5 on grafserv; who may see what is row-level security (postgraphile.sql). */
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { databaseUrl, poolSize, port, viewerOf } from './common.mjs';

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: databaseUrl,
      schemas: ['public', 'bench'],
      pubsub: false,
      poolConfig: { max: poolSize, idleTimeoutMillis: 0 },
    }),
  ],
  schema: { defaultBehavior: '+connection +list' },
  // It hides what no whole index serves; ours are partial, as their list is.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  grafserv: { graphiql: false, watch: false, websockets: false },
  grafast: {
    explain: false,
    context: ({ node }) => {
      const { userId, readsAll } = viewerOf(node.req.headers);
      return {
        pgSettings: {
          role: readsAll ? 'passerelle_bench_reader' : 'passerelle_bench_person',
          'passerelle.user_id': String(userId),
        },
      };
    },
  },
};

const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serv.addTo(server);
const [handle] = server.listeners('request');
server.removeAllListeners('request');
server.on('request', (request, response) => (request.url === '/health' ? response.end() : handle(request, response)));
await serv.ready();
server.listen(port, '127.0.0.1');
