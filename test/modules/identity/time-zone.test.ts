import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayIn } from '../../../src/lib/zoned-day.js';
import { todayOf } from '../../../src/modules/identity/people/today-of.js';
import { startTestServer, type TestServer } from '../../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date('2026-02-28T23:30:00Z') });
});
afterAll(() => server?.stop());

const choose = (id: number, timeZone: string | null, token: string) =>
  server.graphql(
    'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { timeZone } } }',
    { input: { id, timeZone } },
    token,
  );
const today = (id: number): Promise<string> => todayOf(server.db.client, server.services, id);

test('a person counts days in the time zone that they chose, else in the server’s', async () => {
  const { id, token } = await server.person();
  expect(await today(id)).toBe('2026-03-01');
  expect((await choose(id, ' America/New_York ', token)).data.updateUser.user).toEqual({
    timeZone: 'America/New_York',
  });
  expect(await today(id)).toBe('2026-02-28');
  expect((await choose(id, null, token)).data.updateUser.user).toEqual({ timeZone: null });
  expect(await today(id)).toBe('2026-03-01');
});

test('what is no time zone is refused, an offset too: it knows no summer', async () => {
  const { id, token } = await server.person();
  for (const timeZone of ['Mars/Olympus', '+02:00', 'Europe/Paris; drop', '\u0000', 'x'.repeat(65)]) {
    const { errors } = await choose(id, timeZone, token);
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: ['input', 'timeZone'] }] });
  }
});

test('it is private, in the export, and gone with the person', async () => {
  const { id, token } = await server.person();
  await choose(id, 'Asia/Tokyo', token);
  const other = await server.person({ roles: ['lecteur'] });
  const seen = await server.graphql(`{ user(id: ${id}) { username timeZone } }`, {}, other.token);
  expect(seen.data.user.timeZone).toBeNull();
  const exported = await server.graphql('{ personalDataExport { data } }', {}, token);
  expect(JSON.parse(exported.data.personalDataExport.data).person).toMatchObject({ timeZone: 'Asia/Tokyo' });
  await server.graphql(`mutation { deleteUser(input: { id: ${id} }) { deletedId } }`, {}, server.admin.token);
  expect(await server.sql('select time_zone from users where id = ?', [id])).toEqual([{ time_zone: null }]);
});

// The first place on earth where a day begins, and the last: they never have the same.
test.each([
  ['Pacific/Kiritimati', false],
  ['Etc/GMT+12', true],
])('a role holds to the end of its last day in the time zone of the firm: %s', async (timeZone, isHeld) => {
  const there = await startTestServer({ env: { TIME_ZONE: timeZone } });
  try {
    const { id, token } = await there.person();
    const [role] = await there.sql(`select id from roles where name = 'manager'`);
    const { errors } = await there.graphql(
      'mutation ($input: AssignRoleInput!) { assignRole(input: $input) { user { id } } }',
      { input: { userId: id, roleId: role.id, validTo: dayIn('Etc/GMT+12', new Date()) } },
      there.admin.token,
    );
    expect(errors).toBeUndefined();
    const { data } = await there.graphql('{ viewer { roles { name } permissions } }', {}, token);
    expect(data.viewer.roles.some(({ name }: { name: string }) => name === 'manager')).toBe(isHeld);
    expect(data.viewer.permissions.includes('clients:*')).toBe(isHeld);
  } finally {
    await there.stop();
  }
});
