/** The limit: bare `node:http` that hands PostgreSQL's own JSON through as text. */
import http from 'node:http';
import { newPool, port, statementOf, viewerOf } from './common.mjs';

const pool = newPool();
const types = { getTypeParser: () => (text) => text };

http
  .createServer(async (request, response) => {
    const statement = statementOf(request.url, viewerOf(request.headers));
    if (!statement) return response.end();
    const { rows } = await pool.query({ ...statement, rowMode: 'array', types });
    const text = rows[0]?.[0] ?? 'null';
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  })
  .listen(port, '127.0.0.1');
