/** REST as it is written by hand: Express, one statement with `json_agg`, `res.json`. */
import express from 'express';
import { newPool, port, statementOf } from './common.mjs';

const pool = newPool();
const app = express();
app.disable('x-powered-by');

async function answer(request, response) {
  const { rows } = await pool.query(statementOf(request.url, request.headers));
  if (!rows[0]) return response.status(404).json({ error: 'Not found' });
  response.json(rows[0].json);
}

app.get('/health', (_request, response) => response.json({ status: 'ok' }));
app.get('/documents', answer);
app.get('/documents/:id', answer);
app.get('/transactions', answer);
app.get('/api/v1/stats/overview', answer);
app.get('/api/v1/stats/balance-evolution', answer);
app.get('/kdocs/api/documents', answer);
app.get('/kdocs/api/documents/:id', answer);
app.listen(port, '127.0.0.1');
