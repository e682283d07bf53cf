/** REST as it is written by hand: Express, one statement with `json_agg`, `res.json`. */
import express from 'express';
import {
  changeDocument,
  newPool,
  port,
  postTransaction,
  statementOf,
  statementOfTransaction,
  viewerOf,
} from './common.mjs';

const pool = newPool();
const app = express();
app.disable('x-powered-by');
const json = express.json();

async function answer(request, response) {
  const { rows } = await pool.query(statementOf(request.url, viewerOf(request.headers)));
  if (!rows[0]) return response.status(404).json({ error: 'Not found' });
  response.json(rows[0].json);
}

app.get('/health', (_request, response) => response.json({ status: 'ok' }));
app.get('/documents', answer);
app.get('/documents/:id', answer);
app.patch('/documents/:id', json, async (request, response) => {
  await changeDocument(pool, viewerOf(request.headers), { ...request.body, id: request.params.id });
  await answer(request, response);
});
app.get('/transactions', answer);
app.post('/transactions', json, async (request, response) => {
  const viewer = viewerOf(request.headers);
  const id = await postTransaction(pool, viewer, request.body);
  const { rows } = await pool.query(statementOfTransaction(viewer, id));
  response.status(201).json(rows[0].json);
});
app.get('/accounts/:id/transactions', answer);
app.get('/api/v1/stats/overview', answer);
app.get('/api/v1/stats/balance-evolution', answer);
app.get('/kdocs/api/documents', answer);
app.get('/kdocs/api/documents/:id', answer);
app.get('/kdocs/api/correspondents/:id', answer);
app.listen(port, '127.0.0.1');
