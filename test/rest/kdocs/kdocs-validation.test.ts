import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalDesk } from '../../support/approvals.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** contracts/kdocs.md, « Validation »: every route with its documented keys. */
let server: TestServer;
let desk: ReturnType<typeof approvalDesk>;
let clerk: Person;
let validator: Person;
const call = (method: string, path: string, by: Person = validator, json?: object): ReturnType<TestServer['request']> =>
  server.request(method, `/kdocs/api/validation${path}`, { token: by.token, ...(json && { json }) });

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-01-27T10:00:00Z') });
  desk = approvalDesk(server);
  clerk = await server.person({ roles: ['manager'] });
  validator = await desk.validator({ role: 'VALIDATOR_L2', maxAmount: 10_000 });
});
afterAll(() => server?.stop());

describe('the documented routes', () => {
  it('GET pending lists what the caller may decide, most urgent first', async () => {
    const id = await desk.file(clerk, { typeId: '1', amount: 1500, currency: 'CHF', title: 'Facture > 1000 CHF' });
    const later = await desk.file(clerk, { amount: 20 });
    await desk.submit(later, clerk);
    await server.sql(`update approvals set deadline = '2026-01-30T00:00:00Z' where id = ?`, [id]);
    await server.sql(`update approvals set deadline = '2026-01-31T00:00:00Z' where id = ?`, [later]);
    const { status, json } = await call('GET', '/pending');
    expect([status, json]).toEqual([
      200,
      {
        success: true,
        count: 2,
        documents: [
          {
            id,
            title: 'Facture > 1000 CHF',
            amount: 1500,
            approval_deadline: '2026-01-30T00:00:00',
            days_until_deadline: 3,
          },
          {
            id: later,
            title: expect.any(String),
            amount: 20,
            approval_deadline: '2026-01-31T00:00:00',
            days_until_deadline: 4,
          },
        ],
      },
    ]);
    expect((await call('GET', '/pending?limit=1')).json).toMatchObject({ count: 1, documents: [{ id }] });
    expect((await call('GET', '/pending?limit=0')).status).toBe(400);
    expect((await call('GET', '/pending', clerk)).json).toEqual({ success: true, count: 0, documents: [] });
  });

  it('POST status approves; GET status, history and can-validate tell of it key by key', async () => {
    const id = await desk.file(clerk, { amount: 800 });
    expect((await call('GET', `/${id}/status`)).json).toEqual({
      success: true,
      document_id: id,
      status: null,
      validated_by: null,
      validated_at: null,
      comment: null,
      requires_approval: false,
    });
    expect((await call('GET', `/${id}/history`)).json).toEqual({ success: true, document_id: id, history: [] });
    expect((await call('GET', `/can-validate/${id}`)).json).toEqual({
      success: true,
      document_id: id,
      can_validate: true,
      role: 'VALIDATOR_L2',
      max_amount: 10_000,
    });
    expect((await call('GET', `/can-validate/${id}`, clerk)).json).toEqual({
      success: true,
      document_id: id,
      can_validate: false,
      role: null,
      max_amount: null,
      reason: "Vous n'avez pas de rôle de validation valable aujourd'hui",
    });
    expect((await desk.submit(id, clerk)).json).toEqual({
      success: true,
      status: 'pending',
      validated_by: null,
      role: null,
    });
    expect((await call('GET', `/${id}/status`)).json).toMatchObject({ status: 'pending', requires_approval: true });
    for (const path of [`/can-validate/${id}`, `/${id}/can-validate`]) {
      expect((await call('GET', path)).json).toEqual({
        success: true,
        document_id: id,
        can_validate: true,
        role: 'VALIDATOR_L2',
        max_amount: 10_000,
      });
    }
    const decided = await call('POST', `/${id}/status`, validator, {
      status: 'approved',
      comment: 'Document conforme',
    });
    expect([decided.status, decided.json]).toEqual([
      200,
      { success: true, status: 'approved', validated_by: validator.id, role: 'VALIDATOR_L2' },
    ]);
    expect((await call('GET', `/${id}/status`, clerk)).json).toEqual({
      success: true,
      document_id: id,
      status: 'approved',
      validated_by: { id: validator.id, username: validator.username },
      validated_at: '2026-01-27T10:00:00',
      comment: 'Document conforme',
      requires_approval: false,
    });
    expect((await call('GET', `/${id}/history`, clerk)).json).toEqual({
      success: true,
      document_id: id,
      history: [
        {
          action: 'approved',
          from_status: 'pending',
          to_status: 'approved',
          performed_by: validator.id,
          username: validator.username,
          created_at: '2026-01-27T10:00:00',
          comment: 'Document conforme',
        },
        {
          action: 'submitted',
          from_status: null,
          to_status: 'pending',
          performed_by: clerk.id,
          username: clerk.username,
          created_at: '2026-01-27T10:00:00',
        },
      ],
    });
    const again = await desk.reject(id, server.admin, { comment: 'Trop tard' });
    expect([again.status, again.json]).toEqual([
      409,
      { error: true, message: 'Ce document a déjà été validé ou rejeté' },
    ]);
  });

  it('POST approve, reject, comment and status na and pending answer alike, with a comment or without', async () => {
    const id = await desk.file(clerk, { amount: 10 });
    expect((await desk.comment(id, clerk, { comment: 'Avant tout' })).json).toEqual({
      error: true,
      message: "Ce document n'a pas été soumis à validation",
    });
    expect((await desk.setStatus(id, clerk, { status: 'pending' })).json).toEqual({
      success: true,
      status: 'pending',
      validated_by: null,
      role: null,
    });
    const rejected = await desk.reject(id, validator, { comment: 'Information manquante' });
    expect([rejected.status, rejected.json]).toEqual([
      200,
      { success: true, status: 'rejected', validated_by: validator.id, role: 'VALIDATOR_L2' },
    ]);
    expect((await desk.comment(id, clerk, { comment: 'Complété' })).json).toEqual({
      success: true,
      message: 'Commentaire ajouté avec succès',
    });
    expect((await desk.submit(id, clerk)).json.status).toBe('pending');
    expect((await desk.approve(id, server.admin, { comment: 'Approuvé' })).json).toEqual({
      success: true,
      status: 'approved',
      validated_by: server.admin.id,
      role: 'ADMIN',
    });
    const other = await desk.file(clerk);
    expect((await desk.reject(other, validator)).json.status).toBe('rejected');
    expect((await desk.submit(other, clerk)).json.status).toBe('pending');
    expect((await desk.setStatus(other, validator, { status: 'na' })).json).toEqual({
      success: true,
      status: 'na',
      validated_by: validator.id,
      role: 'VALIDATOR_L2',
    });
    expect(await desk.history(id, clerk)).toEqual([
      ['approved', 'approved', server.admin.id],
      ['reopened', 'pending', clerk.id],
      ['commented', 'rejected', clerk.id],
      ['rejected', 'rejected', validator.id],
      ['submitted', 'pending', clerk.id],
    ]);
  });

  it('GET statistics counts and sums exactly, by period and by validator', async () => {
    const other = await desk.validator({ role: 'VALIDATOR_L1', scope: 'RH' });
    await server.sql('delete from approvals');
    const decide = async (amount: number, at: string, status: 'approved' | 'rejected', by: Person): Promise<void> => {
      const id = await desk.file(clerk, { amount, typeId: '4' });
      await desk.submit(id, clerk);
      expect((await desk.setStatus(id, by, { status, comment: 'vu' })).status).toBe(200);
      await server.sql('update approvals set decided_at = ? where id = ?', [at, id]);
    };
    // The month begins on 31 December at 23:00 in UTC, since Paris is an hour ahead.
    await decide(0.1, '2025-12-31T23:00:00Z', 'approved', validator);
    await decide(0.2, '2026-01-26T10:00:00Z', 'approved', other);
    await decide(33.33, '2026-01-27T00:00:00Z', 'approved', validator);
    await decide(500, '2025-12-31T22:59:59Z', 'approved', validator);
    await decide(600, '2026-01-27T09:00:00Z', 'rejected', validator);
    await desk.submit(await desk.file(clerk, { amount: 800 }), clerk);
    const figures = (count: number, total_amount: number, avg_amount: number): object => ({
      count,
      total_amount,
      avg_amount,
    });
    const statistics = async (query: string): Promise<any> => (await call('GET', `/statistics${query}`)).json;
    expect(await statistics('')).toEqual({
      success: true,
      period: 'month',
      statistics: { approved: figures(3, 33.63, 11.21), rejected: figures(1, 600, 600), pending: figures(1, 800, 800) },
    });
    expect((await statistics('?period=day')).statistics.approved).toEqual(figures(1, 33.33, 33.33));
    expect((await statistics('?period=week')).statistics.approved).toEqual(figures(2, 33.53, 16.77));
    expect(await statistics(`?period=year&user_id=${other.id}`)).toEqual({
      success: true,
      period: 'year',
      statistics: { approved: figures(1, 0.2, 0.2), rejected: figures(0, 0, 0), pending: figures(0, 0, 0) },
    });
    expect((await statistics(`?user_id=${validator.id}`)).statistics.pending).toEqual(figures(1, 800, 800));
    expect((await call('GET', '/statistics?period=decade')).json).toMatchObject({
      error: true,
      errors: { period: [expect.any(String)] },
    });
    const stranger = await server.person();
    expect((await call('GET', '/statistics?period=year', stranger)).json.statistics.approved).toEqual(figures(0, 0, 0));
  });
});

describe('what is refused', () => {
  it('a document that the caller cannot see is not there, on every route', async () => {
    const id = await desk.file(clerk, { amount: 10 });
    await desk.submit(id, clerk);
    const stranger = await server.person();
    for (const [method, path] of [
      ['GET', `/${id}/status`],
      ['GET', `/${id}/history`],
      ['GET', `/can-validate/${id}`],
      ['GET', `/${id}/can-validate`],
      ['POST', `/${id}/submit`],
      ['POST', `/${id}/approve`],
      ['POST', `/${id}/status`],
      ['POST', `/${id}/reject`],
      ['POST', `/${id}/comment`],
    ] as const) {
      for (const target of [path, path.replace(String(id), '999999'), path.replace(String(id), 'x%20')]) {
        const { status, json } = await call(
          method,
          target,
          stranger,
          method === 'POST' ? { status: 'approved', comment: 'x' } : undefined,
        );
        expect([target, status, json]).toEqual([target, 404, { error: true, message: 'Document non trouvé' }]);
      }
    }
    expect((await server.request('GET', '/kdocs/api/validation/pending')).status).toBe(401);
  });

  it('nonsense is 400 with the field, never 500', async () => {
    const id = await desk.file(clerk, { amount: 10 });
    await desk.submit(id, clerk);
    for (const [body, field] of [
      [{ status: 'maybe' }, 'status'],
      [{}, 'status'],
      [{ status: 3 }, 'status'],
      [{ status: 'approved', comment: 'a\0b' }, 'comment'],
      [{ status: 'approved', comment: 'x'.repeat(2001) }, 'comment'],
      [{ status: 'approved', comment: {} }, 'comment'],
    ] as const) {
      const { status, json } = await desk.setStatus(id, validator, body);
      expect([body, status, Object.keys(json.errors)]).toEqual([body, 400, [field]]);
    }
    expect((await call('GET', '/pending?limit=1e9')).status).toBe(400);
    expect((await call('GET', '/statistics?user_id=-1')).status).toBe(400);
    expect((await desk.setStatus(id, validator, { status: 'approved', comment: '\ud800' })).status).toBeLessThan(500);
  });
});
