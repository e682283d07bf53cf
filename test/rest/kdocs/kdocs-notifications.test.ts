import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emit } from '../../../src/events/outbox.js';
import { settled } from '../../support/events.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/** The routes of contracts/kdocs.md « Notifications », each with its documented example and exact keys. */
let server: TestServer;
let user1: Person;
const as =
  (person: Person): TestServer['request'] =>
  (method, path, options) =>
    server.request(method, `/kdocs/api${path}`, { token: person.token, ...options });

/** Tells `deciders` that `user1` has submitted the document 123, as the command of approvals does. */
async function submit(
  deciders: Person[],
  {
    title = 'Facture EDF',
    type = 'approval.submitted',
  }: { title?: string; type?: 'approval.submitted' | 'approval.approved' } = {},
): Promise<void> {
  await server.db.client.transaction((tx) =>
    emit(tx, { viewer: { userId: user1.id }, requestId: 'test', ip: undefined }, type, ['Document', 123], {
      ownerId: user1.id,
      title,
      submittedById: deciders[0]?.id ?? null,
      level: 1,
      amount: '100.50',
      currency: 'EUR',
      comment: null,
      deciderIds: deciders.map(({ id }) => id),
    }),
  );
  await settled(server.app);
}

beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-01-27T10:00:00.789Z') });
  user1 = await server.person();
  await server.sql(`update users set username = 'user1' where id = ?`, [user1.id]);
});
afterAll(() => server?.stop());

describe('GET /notifications', () => {
  it('answers the documented example, under both keys', async () => {
    const decider = await server.person();
    await submit([decider]);
    const { status, json } = await as(decider)('GET', '/notifications');
    expect(status).toBe(200);
    const example = {
      id: expect.any(Number),
      type: 'validation_pending',
      title: 'Document à valider',
      message: 'Facture EDF soumise par user1',
      link: '/documents/123',
      is_read: false,
      priority: 'high',
      created_at: '2026-01-27T10:00:00',
    };
    expect(json).toEqual({ success: true, data: [example], notifications: [example] });
    expect(Object.keys(json.data[0])).toEqual(Object.keys(example));
  });

  it('pages the newest first, 50 unless asked otherwise, and refuses what is out of range by field', async () => {
    const decider = await server.person();
    for (let i = 0; i < 52; i++) await submit([decider], { title: `Facture ${i}` });
    const list = as(decider);
    const first = (await list('GET', '/notifications')).json.data;
    expect([first.length, first[0].message]).toEqual([50, 'Facture 51 soumise par user1']);
    const rest = (await list('GET', '/notifications?limit=5&offset=49')).json.data;
    expect(rest.map((n: any) => n.message.split(' ')[1])).toEqual(['2', '1', '0']);
    for (const [query, field] of [
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=dix', 'limit'],
      ['offset=-1', 'offset'],
      ['offset=1e99', 'offset'],
    ] as const) {
      const refused = await list('GET', `/notifications?${query}`);
      expect([query, refused.status, refused.json.error, Object.keys(refused.json.errors)]).toEqual([
        query,
        400,
        true,
        [field],
      ]);
    }
    const both = await list('GET', '/notifications?limit=0&offset=-1');
    expect(Object.keys(both.json.errors)).toEqual(['limit', 'offset']);
  });
});

describe('what is unread', () => {
  it('is counted by priority, listed, and marked one by one or all at once', async () => {
    const decider = await server.person();
    const call = as(decider);
    await submit([decider], { title: 'Contrat A' });
    await submit([decider], { title: 'Contrat B' });
    await submit([decider], { title: 'Contrat C', type: 'approval.approved' });
    const unread = await call('GET', '/notifications/unread');
    expect(Object.keys(unread.json)).toEqual(['success', 'count', 'by_priority', 'notifications']);
    expect(unread.json).toMatchObject({
      success: true,
      count: 3,
      by_priority: { urgent: 0, high: 2, normal: 1, low: 0 },
    });
    expect(unread.json.notifications.map((n: any) => n.message)).toEqual([
      'Contrat C validé par user1',
      'Contrat B soumis par user1',
      'Contrat A soumis par user1',
    ]);
    expect((await call('GET', '/notifications/count')).json).toEqual({ success: true, count: 3 });

    const { id } = unread.json.notifications[1];
    const read = await call('POST', `/notifications/${id}/read`);
    expect([read.status, read.json]).toEqual([
      200,
      {
        success: true,
        data: { ...unread.json.notifications[1], is_read: true },
        message: 'Notification marquée comme lue',
      },
    ]);
    expect((await call('POST', `/notifications/${id}/read`)).status).toBe(200);
    expect((await call('GET', '/notifications/unread')).json).toMatchObject({
      count: 2,
      by_priority: { urgent: 0, high: 1, normal: 1, low: 0 },
    });

    expect((await call('POST', '/notifications/read-all')).json).toEqual({
      success: true,
      count: 2,
      message: '2 notifications marquées comme lues',
    });
    expect((await call('POST', '/notifications/read-all')).json).toMatchObject({ success: true, count: 0 });
    expect((await call('GET', '/notifications/unread')).json).toEqual({
      success: true,
      count: 0,
      by_priority: { urgent: 0, high: 0, normal: 0, low: 0 },
      notifications: [],
    });
    expect((await call('GET', '/notifications')).json.data.map((n: any) => n.is_read)).toEqual([true, true, true]);
  });
});

describe('another person', () => {
  it('sees, counts and marks nothing of it, not even as an administrator', async () => {
    const decider = await server.person();
    await submit([decider]);
    const [{ id }] = (await as(decider)('GET', '/notifications')).json.data;
    for (const other of [await server.person(), server.admin]) {
      const call = as(other);
      expect((await call('GET', '/notifications')).json.data).toEqual([]);
      expect((await call('GET', '/notifications/count')).json.count).toBe(0);
      const read = await call('POST', `/notifications/${id}/read`);
      expect([read.status, read.json]).toEqual([404, { error: true, message: 'Notification non trouvée' }]);
      expect((await call('POST', '/notifications/read-all')).json.count).toBe(0);
    }
    expect((await as(decider)('GET', '/notifications/count')).json.count).toBe(1);
  });

  it('is refused without a credential, and what names no row is not found', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/unread'],
      ['GET', '/count'],
      ['POST', '/read-all'],
      ['POST', '/1/read'],
    ] as const) {
      expect((await server.request(method, `/kdocs/api/notifications${path}`)).status).toBe(401);
    }
    for (const id of ['0', '999999', 'x', '1e3', '99999999999999', '%F0%9F%92%A9', '-1']) {
      const read = await as(user1)('POST', `/notifications/${id}/read`);
      expect([id, read.status]).toEqual([id, 404]);
    }
  });
});
