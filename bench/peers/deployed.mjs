/**
 * REST as it is deployed: the statements of express.mjs behind what a server on the open net has. Security headers, a log line, a
 * histogram and a quota for each request; a JWT, whose session and permissions are read from the database each time, as is usual
 * where a logout must count at once; everything that comes in is checked by a schema. What is answered and what is asked of
 * PostgreSQL is as in express.mjs.
 */
import { verify } from '@node-rs/argon2';
import express from 'express';
import helmet from 'helmet';
import jwt from 'jsonwebtoken';
import { pinoHttp } from 'pino-http';
import prometheus from 'prom-client';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import { changeDocument, newPool, port, postTransaction, statementOf, statementOfTransaction } from './common.mjs';

const secret = 'bench-secret-'.repeat(4);
const pool = newPool();
const app = express();

prometheus.collectDefaultMetrics();
const seconds = new prometheus.Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time of a request',
  labelNames: ['method', 'route', 'status'],
});
/** Far above what anybody may do in earnest, or the bench would measure refusals. */
const quota = new RateLimiterMemory({ points: 1e9, duration: 60 });

const readSession = `
  select u.id as "userId", exists (
      select from user_roles ur join role_permissions rp on rp.role_id = ur.role_id join permissions p on p.id = rp.permission_id
       where ur.user_id = u.id and p.name = 'documents:read') as "readsAll"
    from sessions s join users u on u.id = s.user_id
   where s.id = $1::uuid and u.id = $2::int and s.kind = 'token' and s.revoked_at is null and s.expires_at > now() and u.is_active`;

app.use(helmet());
app.use(pinoHttp());
app.use((request, response, next) => {
  const stop = seconds.startTimer();
  response.on('finish', () =>
    stop({ method: request.method, route: request.route?.path ?? 'none', status: response.statusCode }),
  );
  next();
});
app.get('/health', (_request, response) => response.json({ status: 'ok' }));
app.get('/metrics', async (_request, response) => response.type('text').send(await prometheus.register.metrics()));
app.use(express.json({ limit: '100kb' }));

app.post('/login', async (request, response) => {
  const { username, password } = z.object({ username: z.string(), password: z.string() }).parse(request.body);
  const { rows } = await pool.query('select id, password_hash from users where lower(username) = lower($1)', [
    username,
  ]);
  if (!rows[0] || !(await verify(rows[0].password_hash, password)))
    return response.status(401).json({ error: 'Unauthorized' });
  const session = await pool.query(
    `insert into sessions (user_id, kind, expires_at) values ($1, 'token', now() + interval '1 day') returning id`,
    [rows[0].id],
  );
  response.json({
    token: jwt.sign({ sid: session.rows[0].id }, secret, { subject: String(rows[0].id), expiresIn: '1h' }),
  });
});

app.use(async (request, response, next) => {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  if (scheme !== 'Bearer') return response.status(401).json({ error: 'Unauthorized' });
  let claims;
  try {
    claims = jwt.verify(token, secret, { algorithms: ['HS256'] });
  } catch {
    return response.status(401).json({ error: 'Unauthorized' });
  }
  const { rows } = await pool.query({ name: 'session', text: readSession, values: [claims.sid, claims.sub] });
  if (!rows[0]) return response.status(401).json({ error: 'Unauthorized' });
  [request.viewer] = rows;
  next();
});
app.use(async (request, response, next) => {
  try {
    const { remainingPoints } = await quota.consume(String(request.viewer.userId));
    response.setHeader('RateLimit-Remaining', remainingPoints);
  } catch ({ msBeforeNext }) {
    response.setHeader('Retry-After', Math.ceil(msBeforeNext / 1000));
    return response.status(429).json({ error: 'Too many requests' });
  }
  next();
});

const id = z.coerce.number().int().positive();
const ofId = { params: z.object({ id }) };
const List = z.object({ count: z.literal('').optional(), type: id.optional(), correspondent: id.optional() });
const Evolution = z.object({
  start_date: z.iso.date(),
  end_date: z.iso.date(),
  granularity: z.literal('month'),
});
const DocumentChange = z.object({ title: z.string().trim().min(1).max(255), documentDate: z.iso.date() });
const NewTransaction = z.object({
  accountId: id,
  categoryId: id.optional(),
  amount: z.number().multipleOf(0.01),
  description: z.string().trim().min(1).max(500),
  transactionDate: z.iso.date(),
});

/** Checks the parts of a request; what they hold then is in `request.valid`. */
const valid = (schemas) => (request, response, next) => {
  request.valid = {};
  for (const [part, schema] of Object.entries(schemas)) {
    const { success, data, error } = schema.safeParse(request[part] ?? {});
    if (!success) return response.status(400).json({ error: z.flattenError(error) });
    request.valid[part] = data;
  }
  next();
};

async function answer(request, response) {
  const { rows } = await pool.query(statementOf(request.url, request.viewer));
  if (!rows[0]) return response.status(404).json({ error: 'Not found' });
  response.json(rows[0].json);
}

app.get('/documents', valid({ query: List }), answer);
app.get('/documents/:id', valid(ofId), answer);
app.patch('/documents/:id', valid({ ...ofId, body: DocumentChange }), async (request, response) => {
  await changeDocument(pool, request.viewer, { ...request.valid.body, ...request.valid.params });
  await answer(request, response);
});
app.get('/transactions', answer);
app.post('/transactions', valid({ body: NewTransaction }), async (request, response) => {
  const written = await postTransaction(pool, request.viewer, request.valid.body);
  const { rows } = await pool.query(statementOfTransaction(request.viewer, written));
  response.status(201).json(rows[0].json);
});
app.get('/accounts/:id/transactions', valid(ofId), answer);
app.get('/api/v1/stats/overview', valid({ query: z.object({ period: z.literal('year') }) }), answer);
app.get('/api/v1/stats/balance-evolution', valid({ query: Evolution }), answer);
app.get('/kdocs/api/documents', answer);
app.get('/kdocs/api/documents/:id', valid(ofId), answer);
app.get('/kdocs/api/correspondents/:id', valid(ofId), answer);
app.use((_request, response) => response.status(404).json({ error: 'Not found' }));
app.use((error, request, response, _next) => {
  request.log.error(error);
  response.status(error.status ?? 500).json({ error: 'Internal error' });
});
app.listen(port, '127.0.0.1');
