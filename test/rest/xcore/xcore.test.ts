import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.stop());

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const password = 'SecurePassword123!';

test('POST /auth/register answers the documented 201, and 409 the second time', async () => {
  const json = { email: 'user@example.com', password, full_name: 'John Doe' };
  const made = await server.request('POST', '/auth/register', { json });
  expect(made.status).toBe(201);
  expect(made.json).toEqual({
    id: expect.any(Number),
    email: 'user@example.com',
    full_name: 'John Doe',
    is_active: true,
    created_at: expect.stringMatching(moment),
  });
  const again = await server.request('POST', '/auth/register/', { json: { ...json, email: 'USER@example.com' } });
  expect(again).toMatchObject({ status: 409, json: { error: { code: 'CONFLICT', details: [{ field: 'email' }] } } });
});

test('a bad registration names every field in the standard envelope', async () => {
  const { status, json, headers } = await server.request('POST', '/auth/register', {
    json: { email: 'nobody', password: 'short', full_name: 'Jean de la Fontaine' },
  });
  expect(status).toBe(422);
  expect(Object.keys(json.error).toSorted()).toEqual(['code', 'details', 'message', 'request_id', 'timestamp']);
  expect(json.error).toMatchObject({
    code: 'VALIDATION_ERROR',
    request_id: headers.get('x-request-id'),
    timestamp: expect.stringMatching(moment),
  });
  expect(new Set(json.error.details.map((d: { field: string }) => d.field))).toEqual(new Set(['email', 'password']));
  expect(
    (await server.request('POST', '/auth/register', { json: {} })).json.error.details
      .map((d: { field: string }) => d.field)
      .toSorted(),
  ).toEqual(['email', 'full_name', 'password']);
  expect(
    (
      await server.request('POST', '/auth/register', {
        body: '{"email":',
        headers: { 'content-type': 'application/json' },
      })
    ).status,
  ).toBe(400);
});

test('POST /auth/login takes the form and JSON and answers exactly the documented keys', async () => {
  const { username, email, password } = await server.person();
  for (const sent of [{ form: { username: email, password } }, { json: { username, password } }]) {
    const { status, json } = await server.request('POST', '/auth/login', sent);
    expect(status).toBe(200);
    expect(json).toEqual({ access_token: expect.stringMatching(/^eyJ/), token_type: 'bearer', expires_in: 1800 });
  }
  const wrong = await server.request('POST', '/auth/login', { json: { username, password: 'Wrong-pass1' } });
  const unknown = await server.request('POST', '/auth/login', {
    json: { username: 'nobody', password: 'Wrong-pass1' },
  });
  expect(wrong).toMatchObject({ status: 401, json: { error: { code: 'AUTHENTICATION_ERROR' } } });
  expect(unknown.json.error.message).toBe(wrong.json.error.message);
});

test('GET /auth/me shows roles and permissions as resource:action', async () => {
  const { token, id, email } = await server.person({ roles: ['moderator'] });
  const { status, json } = await server.request('GET', '/auth/me', { token });
  expect(status).toBe(200);
  expect(Object.keys(json)).toEqual(['id', 'email', 'full_name', 'roles', 'permissions']);
  expect(json).toMatchObject({ id, email, roles: ['moderator'] });
  expect(json.permissions).toContain('users:read');
  expect(await server.request('GET', '/auth/me')).toMatchObject({
    status: 401,
    json: { error: { code: 'AUTHENTICATION_ERROR' } },
  });
});

test('POST /auth/refresh takes the bearer and answers a token that works', async () => {
  const { token, id } = await server.person();
  const { status, json } = await server.request('POST', '/auth/refresh', { token });
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^eyJ/),
    token_type: 'bearer',
    expires_in: 1800,
    refresh_token: expect.stringMatching(/^rft_/),
  });
  expect((await server.request('GET', '/auth/me', { token: json.access_token })).json.id).toBe(id);
  expect((await server.request('POST', '/auth/refresh')).status).toBe(401);
});

test('GET /health, /health/live and /health/ready answer the documented shape', async () => {
  for (const path of ['/health', '/health/ready']) {
    const { status, json } = await server.request('GET', path);
    expect(status).toBe(200);
    expect(json).toEqual({
      status: 'healthy',
      checks: { database: true, redis: true, disk: true },
      timestamp: expect.stringMatching(moment),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptime: expect.any(Number),
    });
  }
  expect((await server.request('GET', '/health/live')).json.status).toBe('healthy');
});

test('GET /metrics is Prometheus text with the documented names', async () => {
  const { status, text, headers } = await server.request('GET', '/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  expect(text).toContain('# TYPE xcore_requests_total counter');
  expect(text).toMatch(/xcore_requests_total\{[^}]*method="GET"[^}]*endpoint="\/health"[^}]*\} \d+/);
  expect(text).toContain('# TYPE xcore_request_duration_seconds histogram');
});
